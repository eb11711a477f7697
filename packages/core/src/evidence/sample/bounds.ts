import { logHypergeometric, logPoisson } from './saddle-point.js'

/**
 * The greatest number of failing objects in a population that a uniform sample still leaves possible: the greatest D for which
 * `failing` or fewer among `sampled` have a probability of at least 1 - `confidence` (hypergeometric, exact; one-sided).
 *
 * It holds too where the sample ended when its objects came to so many bytes, whatever sizes what fails has: given the
 * sizes in the order of drawing, a sample can end wrongly only by having too few failures at one certain point, and that
 * has at most the probability 1 - `confidence`.
 *
 * @param population Objects, up to 1e12 and beyond.
 */
export const upperFailing = (population: number, sampled: number, failing: number, confidence: number): number => {
  let low = failing
  let high = population - (sampled - failing)
  if (sampled === 0) return high
  const possible = (marked: number): boolean =>
    hypergeometricUpTo(failing, population, marked, sampled) >= (1 - confidence) * (1 - ROUNDING)
  while (low < high) {
    const middle = low + Math.ceil((high - low) / 2)
    if (possible(middle)) low = middle
    else high = middle - 1
  }
  return low
}

/**
 * The greatest mean of a Poisson variable for which `failing` or fewer have a probability of at least 1 - `confidence`: 2.9957 for
 * none at 95 %. Rounded up to a millionth; never below `failing` + 1 where something fails, so that it bounds the mean of any sum
 * of independent yes-or-no draws too (W. Hoeffding 1956, On the Distribution of the Number of Successes in Independent Trials,
 * theorem 4: below the mean by 1 or more, such a sum has no more in its lower tail than the Poisson variable).
 */
export const poissonFactor = (failing: number, confidence: number): number => {
  const tail = 1 - confidence
  let low = 0
  let high = failing + 1
  while (poissonUpTo(failing, high) > tail) {
    low = high
    high *= 2
  }
  while (high - low > 0.1 / UNITS) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (poissonUpTo(failing, middle) > tail) low = middle
    else high = middle
  }
  const factor = Math.ceil(high * UNITS) / UNITS
  return failing === 0 ? factor : Math.max(factor, failing + 1)
}

/** A part of the population with its own rate: how likely one unit (object, byte) of it was to be sampled, and how many may fail. */
export interface SampledPart {
  /** From 0 to 1. */
  readonly rate: number
  /** No more units than this can fail: those not sampled, and those that were seen to fail. */
  readonly most: number
}

/**
 * The greatest number of units that may fail in several parts together, when `failing` draws failed in all of them: what
 * failed has a mean of at least the sum of rate by units, and that mean is at most {@link poissonFactor}. What fails is put where
 * it is least likely to be seen, part by part.
 */
export const upperOfParts = (parts: readonly SampledPart[], failing: number, confidence: number): number => {
  let mean = poissonFactor(failing, confidence)
  let units = 0
  for (const { rate, most } of [...parts].sort((a, b) => a.rate - b.rate || a.most - b.most)) {
    const here = rate === 0 ? most : Math.min(most, mean / rate)
    units += here
    mean -= here * rate
  }
  return Math.floor(units + ROUNDING)
}

/** What rounding may do to a probability: where it could decide, more may fail. */
const ROUNDING = 1e-9

/** Millionths. */
const UNITS = 1e6

/** P(X <= x). */
const hypergeometricUpTo = (x: number, population: number, marked: number, sampled: number): number => {
  const least = Math.max(0, sampled - (population - marked))
  const greatest = Math.min(marked, sampled)
  if (x >= greatest) return 1
  if (x < least) return 0
  const rest = population - marked - sampled
  // Summed from x away from the mean, where terms only shrink.
  if (x <= (sampled * marked) / population) {
    const ratio = (at: number): number => (at / (sampled - at + 1)) * ((rest + at) / (marked - at + 1))
    return Math.exp(logHypergeometric(x, population, marked, sampled)) * shrinkingSum(x, least, -1, ratio)
  }
  const ratio = (at: number): number => ((sampled - at) / (at + 1)) * ((marked - at) / (rest + at + 1))
  return 1 - Math.exp(logHypergeometric(x + 1, population, marked, sampled)) * shrinkingSum(x + 1, greatest, 1, ratio)
}

/** P(X <= x). */
const poissonUpTo = (x: number, mean: number): number => {
  if (x <= mean) return Math.exp(logPoisson(x, mean)) * shrinkingSum(x, 0, -1, (at) => at / mean)
  const above = shrinkingSum(x + 1, Number.POSITIVE_INFINITY, 1, (at) => mean / (at + 1))
  return 1 - Math.exp(logPoisson(x + 1, mean)) * above
}

/** 1, and the products of `ratio` from `from` to `to`, until they add nothing any more. */
const shrinkingSum = (from: number, to: number, step: 1 | -1, ratio: (at: number) => number): number => {
  let term = 1
  let sum = 1
  for (let at = from; at !== to; at += step) {
    term *= ratio(at)
    if (sum + term === sum) break
    sum += term
  }
  return sum
}
