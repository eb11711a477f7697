import type { ObjectEntry } from '../source/entry.js'

/** The entropy of objects, summed up exactly up to 100 TB. Plain JSON. */
export interface EntropySum {
  /** Of the objects whose entropy counts. */
  readonly bytes: number
  /** The same in whole KiB of each object: the weights. */
  readonly weight: number
  /** Sum of entropy, in ten-thousandths of a bit, times weight. */
  readonly sum: number
}

/**
 * Four of the blocks of which a recorded entropy takes a sample each (see `entropyEngine`). Of a smaller object the samples are mostly
 * its head, which is often unlike the rest; and the fewer bytes are looked at, the lower the entropy of any bytes comes out.
 */
const LEAST_BYTES = 1024 * 1024
const KIB = 1024
const UNITS = 10_000

/** `undefined` where none is recorded, or where it says too little of the object. */
export const entropyOf = ({ size, entropy }: ObjectEntry): EntropySum | undefined => {
  if (size === undefined || size < LEAST_BYTES) return undefined
  if (entropy === undefined || !(entropy >= 0 && entropy <= 8)) return undefined
  const weight = Math.floor(size / KIB)
  return { bytes: size, weight, sum: Math.round(entropy * UNITS) * weight }
}

export const addEntropy = (a: EntropySum | undefined, b: EntropySum | undefined): EntropySum | undefined =>
  a === undefined || b === undefined
    ? (a ?? b)
    : { bytes: a.bytes + b.bytes, weight: a.weight + b.weight, sum: a.sum + b.sum }

/** Bits per byte, four decimals: the mean by size. */
export const meanEntropy = ({ sum, weight }: EntropySum): number => Math.round(sum / weight) / UNITS
