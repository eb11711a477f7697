import type { Progress } from './options.js'

export interface ProgressTracker {
  /** An object is done. `bytes`: its size in the source. */
  readonly finished: (key: string, bytes: number) => void
  /** Bytes have been read, from whichever side. */
  readonly read: (bytes: number) => void
  /** The count of the source has ended. */
  readonly total: (objects: number, bytes: number) => void
  /** The last call. */
  readonly end: () => void
}

const INTERVAL_MS = 100
const WINDOW_MS = 5_000
/** What an object costs beyond its bytes, expressed in bytes: opening and looking at a small file or answering a request. */
const OBJECT_COST = 65_536

/**
 * Turns events of a run into at most ten snapshots a second.
 *
 * `sides`: how many sides are read, so that bytes of the source are estimated from bytes read while a large object is under way.
 */
export const createProgress = (options: {
  readonly onProgress: ((progress: Progress) => void) | undefined
  readonly sides: number
}): ProgressTracker => {
  const { onProgress } = options
  if (onProgress === undefined) {
    const nothing = (): void => undefined
    return { finished: nothing, read: nothing, total: nothing, end: nothing }
  }
  const started = performance.now()
  const samples: { at: number; objects: number; bytes: number }[] = [{ at: started, objects: 0, bytes: 0 }]
  let objects = 0
  let finishedBytes = 0
  let readBytes = 0
  let current: string | undefined
  let totals: { objects: number; bytes: number } | undefined
  let last = 0

  const report = (now: number): void => {
    last = now
    const bytes = Math.max(finishedBytes, Math.floor(readBytes / options.sides))
    while (samples.length > 2 && now - samples[0]!.at > WINDOW_MS) samples.shift()
    const since = samples[0]!
    samples.push({ at: now, objects, bytes })
    const seconds = Math.max(now - since.at, 1) / 1000
    const work = objects * OBJECT_COST + bytes
    const whole = totals === undefined ? 0 : totals.objects * OBJECT_COST + totals.bytes
    onProgress({
      objects,
      bytes,
      objectsPerSecond: (objects - since.objects) / seconds,
      bytesPerSecond: (bytes - since.bytes) / seconds,
      ...(current !== undefined && { current }),
      ...(totals !== undefined && { totalObjects: totals.objects, totalBytes: totals.bytes }),
      ...(totals !== undefined && work > 0 && { remainingMs: ((now - started) * Math.max(whole - work, 0)) / work }),
    })
  }
  const maybe = (): void => {
    const now = performance.now()
    if (now - last >= INTERVAL_MS) report(now)
  }
  return {
    finished: (key, bytes) => {
      objects += 1
      finishedBytes += bytes
      current = key
      maybe()
    },
    read: (bytes) => {
      readBytes += bytes
      maybe()
    },
    total: (count, bytes) => {
      totals = { objects: count, bytes }
    },
    end: () => report(performance.now()),
  }
}
