import { type BigIntStats, constants, fstatSync, openSync } from 'node:fs'
import type { BackupError, ErrorCode } from '@backproof/core/errors'
import { errnoToBackupError } from '@backproof/core/run'
import { escapeKey, keyFromBytes, type LocalFile } from '@backproof/core/source'
import { pinOf, samePin } from './entry.js'
import { localError, PROVIDER } from './errors.js'

// Windows has neither flag. O_NONBLOCK: opening a FIFO that took the file's place must not wait for a writer.
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0

/** A descriptor of the file, whatever it is by now. Synchronous: one call of some microseconds. */
export const openPinned = (file: LocalFile): number => {
  try {
    return openSync(pathArgument(file), file.followLinks === true ? FLAGS : FLAGS | NO_FOLLOW)
  } catch (error) {
    throw readError(error, file)
  }
}

/** The state of the open file. Throws `changed` when it is not the regular file that was listed. */
export const statPinned = (fd: number, file: LocalFile): BigIntStats => {
  // The exact state first: what changes between the two calls shows at the end of the read.
  const exact = fstatSync(fd, { bigint: true })
  const now = fstatSync(fd)
  if (!now.isFile()) throw changed(file, 'something that is not a file took its place since it was listed')
  if (!samePin(pinOf(now), file.pin)) throw changed(file, 'it was modified or replaced since it was listed')
  return exact
}

/** Throws `changed` unless the open file still is as `before` says. */
export const checkUnchanged = (fd: number, file: LocalFile, before: BigIntStats): void => {
  const now = fstatSync(fd, { bigint: true })
  const fields = ['size', 'mtimeNs', 'ctimeNs', 'ino', 'dev'] as const
  if (fields.some((field) => now[field] !== before[field])) throw changed(file, 'it was modified while it was read')
}

/** The error for a file that has other than `expected` bytes up to where `found` were read, although nothing changed it. */
export const wrongLength = (file: LocalFile, expected: number, found: number): BackupError =>
  fileError(
    'corrupt',
    file,
    `${found < expected ? `it ends at byte ${found}` : 'it goes on'}, but should end at byte ${expected}; restore it from another copy`,
  )

/** The error for a failed system call on the file. */
export const readError = (error: unknown, file: LocalFile): BackupError =>
  errnoToBackupError(error, {
    operation: 'read',
    subject: subjectOf(file),
    provider: PROVIDER,
    pinned: file.followLinks !== true,
  })

/** The path of the file, in the form of a key. */
export const subjectOf = ({ path }: LocalFile): string => (typeof path === 'string' ? path : keyFromBytes(path))

const pathArgument = ({ path }: LocalFile): string | Buffer =>
  typeof path === 'string' ? path : Buffer.from(path.buffer, path.byteOffset, path.byteLength)

const changed = (file: LocalFile, what: string): BackupError =>
  fileError('changed', file, `${what}; run again when nothing writes there`)

const fileError = (code: ErrorCode, file: LocalFile, what: string): BackupError => {
  const subject = subjectOf(file)
  return localError(code, 'read', subject, `cannot read ${escapeKey(subject)}: ${what}`)
}
