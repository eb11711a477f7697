import { type SampledPart, upperFailing, upperOfParts } from './bounds.js'
import type { SamplePlan } from './plan.js'

/** What was sampled under one threshold: one run has one, merged runs have one for each threshold. Counts of objects and bytes. */
export interface SampleStratum {
  /**
   * Objects with a rank below this were taken: a share of the objects, by bytes a share per byte (1 / the sampling interval).
   * Absent: every object was taken.
   */
  readonly threshold?: number | undefined
  readonly sampled: number
  readonly sampledBytes: number
  readonly population: number
  readonly populationBytes: number
  /** Sampled objects that are not a match; also those that could not be decided or were not reached. */
  readonly failing: number
  readonly failingBytes: number
  /** By bytes: failing ones that are smaller than the sampling interval. */
  readonly failingBelowInterval?: number | undefined
  /** By bytes: bytes of failing ones that are not smaller, which were sure to be taken. */
  readonly certainFailingBytes?: number | undefined
}

/** What a sample took, out of how much, and what that says about the whole. */
export interface SampleResult {
  readonly plan: Pick<SamplePlan, 'limit' | 'seed' | 'by'>
  readonly confidence: number
  /** By threshold, upwards, the absent one last. */
  readonly strata: readonly SampleStratum[]
  /** Sums over the strata. The population is every object that only bytes or digests can prove. */
  readonly sampled: number
  readonly sampledBytes: number
  readonly population: number
  readonly populationBytes: number
  readonly failing: number
  readonly failingBytes: number
  /** With `confidence`, no more than this fails in the whole population: objects, or bytes when the sample is by bytes. */
  readonly upper: number
  /** The same as a share of the population, 0 to 1. */
  readonly upperShare: number
}

/** The result of a sample from its strata, in any order; those of equal threshold become one. */
export const sampleResult = (
  plan: SampleResult['plan'],
  confidence: number,
  given: readonly SampleStratum[],
): SampleResult => {
  const byThreshold = new Map<number, SampleStratum>()
  for (const stratum of given) {
    const known = byThreshold.get(thresholdOf(stratum))
    byThreshold.set(thresholdOf(stratum), known === undefined ? stratum : addStrata(known, stratum))
  }
  const strata = [...byThreshold.values()].sort((a, b) => (thresholdOf(a) < thresholdOf(b) ? -1 : 1))
  const sum = (name: Summed): number => strata.reduce((total, stratum) => total + stratum[name], 0)
  const upper = plan.by === 'bytes' ? upperBytes(strata, confidence) : upperObjects(strata, confidence)
  const of = plan.by === 'bytes' ? sum('populationBytes') : sum('population')
  return {
    plan: { limit: plan.limit, seed: plan.seed, by: plan.by },
    confidence,
    strata,
    sampled: sum('sampled'),
    sampledBytes: sum('sampledBytes'),
    population: sum('population'),
    populationBytes: sum('populationBytes'),
    failing: sum('failing'),
    failingBytes: sum('failingBytes'),
    upper,
    upperShare: of === 0 ? 0 : upper / of,
  }
}

const SUMMED = ['sampled', 'sampledBytes', 'population', 'populationBytes', 'failing', 'failingBytes'] as const
type Summed = (typeof SUMMED)[number]

const thresholdOf = ({ threshold }: SampleStratum): number => threshold ?? Number.POSITIVE_INFINITY

const addStrata = (a: SampleStratum, b: SampleStratum): SampleStratum => ({
  ...a,
  ...(Object.fromEntries(SUMMED.map((name) => [name, a[name] + b[name]])) as Record<Summed, number>),
  ...(a.failingBelowInterval !== undefined && {
    failingBelowInterval: a.failingBelowInterval + (b.failingBelowInterval ?? 0),
    certainFailingBytes: (a.certainFailingBytes ?? 0) + (b.certainFailingBytes ?? 0),
  }),
})

/**
 * One stratum: the hypergeometric bound. Several have rates of their own, and what fails in them together is a sum of independent
 * draws (a hypergeometric variable is one as well: V. A. Vatutin, V. G. Mikhailov 1982), which {@link upperOfParts} bounds.
 */
const upperObjects = (strata: readonly SampleStratum[], confidence: number): number => {
  const open = strata.filter(({ sampled, population }) => sampled < population)
  const seen = strata.reduce((sum, { failing, sampled, population }) => sum + (sampled < population ? 0 : failing), 0)
  const [only] = open
  if (only === undefined) return seen
  if (open.length === 1) return seen + upperFailing(only.population, only.sampled, only.failing, confidence)
  const parts = open.map(
    ({ sampled, population, failing }): SampledPart => ({
      rate: sampled / population,
      most: population - sampled + failing,
    }),
  )
  const failing = open.reduce((sum, stratum) => sum + stratum.failing, 0)
  return seen + upperOfParts(parts, failing, confidence)
}

/**
 * The monetary-unit bound: the sampling interval times the Poisson factor, for what is smaller than the interval, and the bytes
 * of the rest, which was all read. Where the threshold is the rank of the first object that is not taken, the bound holds as for
 * a fixed one: a sample of a fixed number can err only by having too few failures at one certain threshold.
 */
const upperBytes = (strata: readonly SampleStratum[], confidence: number): number => {
  const certain = strata.reduce((sum, stratum) => sum + (stratum.certainFailingBytes ?? 0), 0)
  const parts = strata.flatMap((stratum): SampledPart[] => {
    if (stratum.threshold === undefined) return []
    const failingBelow = stratum.failingBytes - (stratum.certainFailingBytes ?? 0)
    return [{ rate: stratum.threshold, most: stratum.populationBytes - stratum.sampledBytes + failingBelow }]
  })
  if (parts.every(({ most }) => most === 0)) return certain
  const failing = strata.reduce((sum, stratum) => sum + (stratum.failingBelowInterval ?? 0), 0)
  return certain + upperOfParts(parts, failing, confidence)
}
