import type { HasherCache } from './local-hashers.js'
import { FILE_WEIGHT, type LocalFileResult, type LocalJob, type LocalJobResult } from './local-jobs.js'
import { CHUNK, closeSide, finishSide, openSide, readChunk, type Side } from './local-side.js'

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

const isReading = (sides: readonly Side[]): boolean => {
  for (const side of sides) if (side.reading) return true
  return false
}

const markSameFiles = (base: Side, sides: readonly Side[]): void => {
  if (base.before === undefined) return
  for (const side of sides) {
    if (side === base || side.before === undefined) continue
    side.sameFile = side.before.ino === base.before.ino && side.before.dev === base.before.dev
  }
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
