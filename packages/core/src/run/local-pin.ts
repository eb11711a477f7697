import { type BigIntStats, constants, fstatSync, openSync } from 'node:fs'
import { BackupError } from '../errors.js'
import type { LocalFile } from '../source/backup-source.js'
import { escapeKey } from '../source/key.js'
import { errnoToBackupError, pathText } from './local-errors.js'

/**
 * Pinned files: whether an open descriptor is, and stays, the file that was listed. All of it is synchronous:
 * the promise API costs several times as much for small files.
 *
 * What it cannot see: a write of as many bytes within the same tick of the file system's clock (1 to 10 ms on Linux) in
 * which the state was taken.
 */

// Windows has neither flag. O_NONBLOCK: opening a FIFO that took the file's place must not wait for a writer.
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/**
 * The descriptor of the file. The caller closes it, also when {@link statPinned} then throws. `at` is where to open it,
 * where that is not its path (a path that is longer than the kernel takes); errors name the file by its own.
 */
export const openPinned = (file: LocalFile, at: string | Uint8Array = file.path): number => {
  try {
    return openSync(at as string, file.followLinks === true ? FLAGS : FLAGS | NO_FOLLOW)
  } catch (error) {
    throw failure(error, file)
  }
}

/** The state of the open file. Throws `changed` when it is not the regular file that the pin describes. */
export const statPinned = (fd: number, file: LocalFile): BigIntStats => {
  const stats = statOpen(fd, file)
  if ((Number(stats.mode) & constants.S_IFMT) !== constants.S_IFREG)
    throw changed(file, `${kindOf(stats)} took its place since it was listed`)
  const { pin } = file
  if (Number(stats.size) !== pin.size)
    throw changed(file, `its size was ${pin.size} when it was listed and is ${stats.size} now`)
  if (Number(stats.ino) !== pin.ino || Number(stats.dev) !== pin.dev)
    throw changed(file, 'another file took its place since it was listed (the inode or device differs)')
  if (differs(stats.mtimeNs, pin.mtimeMs)) throw changed(file, 'it was modified since it was listed')
  if (differs(stats.ctimeNs, pin.ctimeMs))
    throw changed(file, 'it was modified, renamed or relinked since it was listed')
  return stats
}

/** Throws `changed` unless the open file is as `before` says. */
export const checkUnchanged = (fd: number, file: LocalFile, before: BigIntStats): void => {
  const now = statOpen(fd, file)
  if (now.size !== before.size)
    throw changed(file, `its size went from ${before.size} to ${now.size} while it was read`)
  if (
    now.mtimeNs !== before.mtimeNs ||
    now.ctimeNs !== before.ctimeNs ||
    now.ino !== before.ino ||
    now.dev !== before.dev
  ) {
    throw changed(file, 'it was modified while it was read')
  }
}

/** The error for a file of `size` bytes that yielded `read` although nothing changed it. */
export const wrongLength = (file: LocalFile, size: number, read: number): BackupError => {
  const subject = pathText(file.path)
  const found =
    read < size ? `it ends after ${read} of ${size} bytes` : `it yields more than the ${size} bytes of its size`
  return new BackupError({
    code: 'corrupt',
    message: `cannot read ${escapeKey(subject)}: ${found}; check the file system, and restore it from another copy`,
    provider: 'local',
    operation: 'read',
    subject,
  })
}

/** The error for a failed system call on `file`. */
export const failure = (error: unknown, file: LocalFile): BackupError =>
  errnoToBackupError(error, {
    operation: 'read',
    subject: pathText(file.path),
    pinned: file.followLinks !== true,
  })

const statOpen = (fd: number, file: LocalFile): BigIntStats => {
  try {
    return fstatSync(fd, { bigint: true })
  } catch (error) {
    throw failure(error, file)
  }
}

const changed = (file: LocalFile, what: string): BackupError => {
  const subject = pathText(file.path)
  return new BackupError({
    code: 'changed',
    message: `cannot prove ${escapeKey(subject)}: ${what}; run again when nothing writes there`,
    provider: 'local',
    operation: 'read',
    subject,
  })
}

const kindOf = (stats: BigIntStats): string => {
  if (stats.isDirectory()) return 'a directory'
  if (stats.isFIFO()) return 'a FIFO'
  if (stats.isSocket()) return 'a socket'
  return stats.isCharacterDevice() || stats.isBlockDevice() ? 'a device' : 'something that is not a file'
}

/**
 * Whether two times are not the same. Milliseconds as a double (`fs.Stats`) are exact to a quarter of a microsecond
 * in this century, and so is the conversion here: a microsecond apart is another time.
 */
const differs = (ns: bigint, ms: number): boolean => Math.abs(Number(ns) / 1e6 - ms) > 0.001
