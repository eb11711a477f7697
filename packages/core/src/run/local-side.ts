import { type BigIntStats, closeSync, readSync } from 'node:fs'
import type { MultiHasher } from '../digest/hasher.js'
import { type BackupErrorJson, toBackupError } from '../errors.js'
import type { HasherCache } from './local-hashers.js'
import type { LocalJobFile } from './local-jobs.js'
import { checkUnchanged, failure, openPinned, statPinned, wrongLength } from './local-pin.js'

/** Bytes read at once of one file. Measured: 128 KiB to 1 MiB are alike, and two such buffers fit the processor's cache. */
export const CHUNK: number = 256 * 1024
/** One file of a job while it is read. What goes wrong with it is kept in it, never thrown. */
export interface Side {
  readonly request: LocalJobFile
  readonly hasher: MultiHasher | undefined
  /** -1 when closed. */
  fd: number
  before: BigIntStats | undefined
  size: number
  bytes: number
  /** More of its bytes are needed. */
  reading: boolean
  /** All of its bytes were read. */
  ended: boolean
  /** No difference from the base was found so far. */
  comparing: boolean
  difference: number | undefined
  sameFile: boolean
  error: BackupErrorJson | undefined
}

/** Opens the file and checks that it is the one that was listed. */
export const openSide = (request: LocalJobFile, slot: number, hashers: Pick<HasherCache, 'get'>): Side => {
  const side: Side = {
    request,
    hasher: request.algorithms.length === 0 ? undefined : hashers.get(slot, request.algorithms),
    fd: -1,
    before: undefined,
    size: request.file.pin.size,
    bytes: 0,
    reading: false,
    ended: false,
    comparing: false,
    difference: undefined,
    sameFile: false,
    error: undefined,
  }
  try {
    side.fd = openPinned(request.file)
    side.before = statPinned(side.fd, request.file)
    side.size = Number(side.before.size)
    side.reading = true
    side.comparing = slot > 0 && request.compareToFirst
  } catch (error) {
    fail(side, error)
  }
  return side
}

/** Fills the buffer from the file and hashes it. Returns the bytes read; short only at the end or on an error. */
export const readChunk = (side: Side, buffer: Buffer): number => {
  if (!side.reading) return 0
  let filled = 0
  try {
    while (filled < CHUNK) {
      const wanted = CHUNK - filled
      const got = readSync(side.fd, buffer, filled, wanted, null)
      filled += got
      // Less than was asked for, and as much as the size: that is the end, no further call needed to see it.
      if (got === 0 || (got < wanted && side.bytes + filled === side.size)) {
        side.ended = true
        side.reading = false
        break
      }
    }
  } catch (error) {
    side.bytes += filled
    fail(side, failure(error, side.request.file))
    return filled
  }
  side.bytes += filled
  if (side.bytes > side.size || (side.ended && side.bytes < side.size)) {
    failOnLength(side)
  } else if (side.hasher !== undefined && filled > 0) {
    side.hasher.update(filled === CHUNK ? buffer : buffer.subarray(0, filled))
  }
  return filled
}

/** Checks that the file stayed as it was when it was opened, and closes it. */
export const finishSide = (side: Side): void => {
  if (side.error === undefined && side.before !== undefined) {
    try {
      checkUnchanged(side.fd, side.request.file, side.before)
    } catch (error) {
      fail(side, error)
    }
  }
  closeSide(side)
}

const failOnLength = (side: Side): void => {
  try {
    checkUnchanged(side.fd, side.request.file, side.before!)
    fail(side, wrongLength(side.request.file, side.size, side.bytes))
  } catch (error) {
    fail(side, error)
  }
}

const fail = (side: Side, error: unknown): void => {
  side.error ??= toBackupError(error, { provider: 'local', operation: 'read' }).toJSON()
  side.reading = false
  side.comparing = false
}

/** Closes the file if it is open. */
export const closeSide = (side: Side): void => {
  if (side.fd < 0) return
  const { fd } = side
  side.fd = -1
  try {
    closeSync(fd)
  } catch (error) {
    fail(side, failure(error, side.request.file))
  }
}
