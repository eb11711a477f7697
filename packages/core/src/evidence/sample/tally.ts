import type { SamplePlan } from './plan.js'
import { type SampleResult, sampleResult } from './result.js'

/** Counts a sample while a run goes on. Sizes are bytes where they are known. */
export interface SampleTally {
  /** An object that only bytes or digests can prove, sampled or not. */
  readonly population: (size: number | undefined) => void
  /** One of them that the sample takes. Until its result is there, it counts as failing. */
  readonly sampled: (size: number | undefined) => void
  /** What came of it, with the same size. `failing`: anything but a match. */
  readonly result: (size: number | undefined, failing: boolean) => void
  readonly snapshot: () => SampleResult
}

/** @param threshold Of the selection of this run. */
export const createSampleTally = (plan: SamplePlan, threshold: number): SampleTally => {
  const everything = threshold === Number.POSITIVE_INFINITY
  const seen = { objects: 0, bytes: 0 }
  const taken = createCount(threshold)
  const fine = createCount(threshold)
  return {
    population: (size) => {
      seen.objects += 1
      seen.bytes += size ?? 0
    },
    sampled: (size) => taken.add(size ?? 0),
    result: (size, failing) => {
      if (!failing) fine.add(size ?? 0)
    },
    snapshot: () => {
      const { objects, bytes, certain, certainBytes } = taken
      return sampleResult(plan, plan.confidence, [
        {
          ...(!everything && { threshold }),
          sampled: objects,
          sampledBytes: bytes,
          population: seen.objects,
          populationBytes: seen.bytes,
          failing: objects - fine.objects,
          failingBytes: bytes - fine.bytes,
          ...(plan.by === 'bytes' && {
            failingBelowInterval: objects - certain - (fine.objects - fine.certain),
            certainFailingBytes: certainBytes - fine.certainBytes,
          }),
        },
      ])
    },
  }
}

interface Count {
  objects: number
  bytes: number
  /** Of these, objects of a whole sampling interval or more: sure to be taken in a sample by bytes. */
  certain: number
  certainBytes: number
  readonly add: (size: number) => void
}

const createCount = (threshold: number): Count => {
  const count: Count = {
    objects: 0,
    bytes: 0,
    certain: 0,
    certainBytes: 0,
    add: (size) => {
      count.objects += 1
      count.bytes += size
      if (threshold !== Number.POSITIVE_INFINITY && size * threshold < 1) return
      count.certain += 1
      count.certainBytes += size
    },
  }
  return count
}
