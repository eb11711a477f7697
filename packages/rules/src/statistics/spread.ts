import { median } from './median.js'

/**
 * 1 / Φ⁻¹(3/4): times the median absolute deviation of a normal distribution gives its standard deviation. Source: Rousseeuw and
 * Croux, "Alternatives to the median absolute deviation", Journal of the American Statistical Association 88 (1993).
 */
const NORMAL = 1.4826

/** Where values lie, and how far they scatter. */
export interface Spread {
  readonly median: number
  /** Median absolute deviation from the median, times 1.4826. */
  readonly deviation: number
}

/** Holds while fewer than half of the values are wild. Without values `undefined`. */
export const spreadOf = (values: readonly number[]): Spread | undefined => {
  const middle = median(values)
  if (middle === undefined) return undefined
  return { median: middle, deviation: NORMAL * median(values.map((value) => Math.abs(value - middle)))! }
}
