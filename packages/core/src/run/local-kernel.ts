import { type BigIntStats, closeSync, readSync } from 'node:fs'
import type { MultiHasher } from '../digest/hasher.js'
import { type BackupErrorJson, toBackupError } from '../errors.js'
import type { HasherCache } from './local-hashers.js'
import {
  FILE_WEIGHT,
  type LocalFileResult,
  type LocalJob,
  type LocalJobFile,
  type LocalJobResult,
} from './local-jobs.js'
import { checkUnchanged, failure, openPinned, statPinned, wrongLength } from './local-pin.js'

/** Bytes read at once of one file. Measured: 128 KiB to 1 MiB are alike, and two such buffers fit the processor's cache. */
const CHUNK = 256 * 1024
/** Work, in bytes, between two turns: some milliseconds. */
const TURN = 4 * 1024 * 1024

/** What one thread needs to read jobs, one batch after the other. */
export interface LocalKernel {
  /**
   * Reads jobs one after the other, synchronously, and returns their results in order. It yields after every few MiB of
   * work (and at the end) the bytes read since the last yield, so that the caller can give the event loop a turn or look
   * for a cancellation. `return()` closes what is open. Hashers must have been prepared. Nothing may run it twice at once.
   */
  read(jobs: readonly LocalJob[]): Generator<number, readonly LocalJobResult[], void>
}

/** A kernel with its own fixed buffers. */
export const createLocalKernel = (hashers: Pick<HasherCache, 'get'>): LocalKernel => {
  // Whatever the number of files in a job, two buffers do: the chunk of the first file, and that of the one compared with it.
  const first = Buffer.allocUnsafeSlow(CHUNK)
  const other = Buffer.allocUnsafeSlow(CHUNK)

  return {
    *read(jobs) {
      const results: LocalJobResult[] = []
      let bytes = 0
      let work = 0
      for (const job of jobs) {
        const sides: Side[] = []
        try {
          for (let slot = 0; slot < job.files.length; slot++) sides.push(openSide(job.files[slot]!, slot, hashers))
          const base = sides[0]
          if (base !== undefined) markSameFiles(base, sides)
          for (let offset = 0; isReading(sides); offset += CHUNK) {
            const before = bytes
            const available = readChunk(base!, first)
            bytes += available
            for (let i = 1; i < sides.length; i++) {
              const side = sides[i]!
              if (!side.reading) continue
              const length = readChunk(side, other)
              bytes += length
              if (side.comparing) compareChunk(base!, side, offset, first, available, other, length)
            }
            if (!isNeeded(base!, sides)) base!.reading = false
            work += bytes - before
            if (work >= TURN) {
              yield bytes
              bytes = 0
              work = 0
            }
          }
          const result: LocalFileResult[] = []
          for (const side of sides) finishSide(side)
          for (const side of sides) result.push(resultOf(side, base!))
          results.push(result)
        } finally {
          for (const side of sides) closeSide(side)
        }
        work += FILE_WEIGHT * sides.length
        if (work >= TURN) {
          yield bytes
          bytes = 0
          work = 0
        }
      }
      yield bytes
      return results
    },
  }
}

interface Side {
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

const isReading = (sides: readonly Side[]): boolean => {
  for (const side of sides) if (side.reading) return true
  return false
}

const openSide = (request: LocalJobFile, slot: number, hashers: Pick<HasherCache, 'get'>): Side => {
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

const markSameFiles = (base: Side, sides: readonly Side[]): void => {
  if (base.before === undefined) return
  for (const side of sides) {
    if (side === base || side.before === undefined) continue
    side.sameFile = side.before.ino === base.before.ino && side.before.dev === base.before.dev
  }
}

/** Fills the buffer from the file and hashes it. Returns the bytes read; short only at the end or on an error. */
const readChunk = (side: Side, buffer: Buffer): number => {
  if (!side.reading) return 0
  let filled = 0
  try {
    while (filled < CHUNK) {
      const wanted = CHUNK - filled
      const got = readSync(side.fd, buffer, filled, wanted, null)
      filled += got
      const total = side.bytes + filled
      // Less than was asked for, and as much as the size: that is the end, no further call needed to see it.
      if (got === 0 || (got < wanted && total === side.size)) {
        side.ended = true
        side.reading = false
        break
      }
      if (total > side.size) break
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

const compareChunk = (
  base: Side,
  side: Side,
  offset: number,
  first: Buffer,
  available: number,
  other: Buffer,
  length: number,
): void => {
  if (base.error !== undefined || side.error !== undefined) {
    side.comparing = false
    return
  }
  const common = Math.min(available, length)
  if (first.compare(other, 0, common, 0, common) !== 0) side.difference = offset + firstDifference(first, other, common)
  else if (available !== length) side.difference = offset + common
  if (side.difference === undefined) return
  side.comparing = false
  if (side.hasher === undefined) side.reading = false
}

/** Offset of the first byte that differs within the first `length` bytes, which do differ. */
const firstDifference = (a: Buffer, b: Buffer, length: number): number => {
  let low = 0
  let high = length
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (a.compare(b, low, middle, low, middle) === 0) low = middle
    else high = middle
  }
  return low
}

/** Whether the base has to be read on: for its digests, for a comparison, or, when it serves neither, for being readable. */
const isNeeded = (base: Side, sides: readonly Side[]): boolean => {
  if (base.hasher !== undefined) return true
  let decided = false
  for (const side of sides) {
    if (side.comparing) return true
    if (side.difference !== undefined) decided = true
  }
  return !decided
}

const finishSide = (side: Side): void => {
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

const closeSide = (side: Side): void => {
  if (side.fd < 0) return
  const { fd } = side
  side.fd = -1
  try {
    closeSync(fd)
  } catch (error) {
    fail(side, failure(error, side.request.file))
  }
}

// Assigned one by one: spreading conditional members costs as much as a system call while the code is cold.
const resultOf = (side: Side, base: Side): LocalFileResult => {
  const result: { -readonly [name in keyof LocalFileResult]: LocalFileResult[name] } = {
    bytesRead: side.bytes,
    size: side.size,
  }
  if (side.error !== undefined) {
    result.error = side.error
  } else {
    if (side.hasher !== undefined) result.digests = side.hasher.digest()
    if (side !== base && side.request.compareToFirst && base.error === undefined) {
      if (side.difference !== undefined) result.firstDifference = side.difference
      else if (!(side.ended && base.ended)) {
        throw new Error('a comparison ended without a difference and before the end of both files')
      }
      result.equal = side.difference === undefined
    }
  }
  if (side.sameFile) result.sameFile = true
  return result
}
