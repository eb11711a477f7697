import { median } from './median.js'

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Trend {
  /** Of `y` in units of `x`. */
  readonly slope: number
  /** `y` at `x` = 0. */
  readonly intercept: number
}

/**
 * The median of the slopes between all pairs of points, and the median of what is left at `x` = 0. Holds while fewer than 29 % of the
 * points are wild. `undefined` where no two points differ in `x`. Of more than `maxPoints` (default 200: 19,900 pairs) it takes as
 * many, evenly spread over their order in `x`. Source: Theil, "A rank-invariant method of linear and polynomial regression analysis"
 * (1950); Sen, "Estimates of the regression coefficient based on Kendall's tau" (1968).
 */
export const theilSen = (points: readonly Point[], { maxPoints = 200 } = {}): Trend | undefined => {
  const taken = spreadEvenly(
    points.toSorted((a, b) => a.x - b.x || a.y - b.y),
    maxPoints,
  )
  const slopes = new Float64Array((taken.length * (taken.length - 1)) / 2)
  let count = 0
  for (let right = 1; right < taken.length; right += 1) {
    const b = taken[right]!
    for (let left = 0; left < right; left += 1) {
      const a = taken[left]!
      if (a.x !== b.x) slopes[count++] = (b.y - a.y) / (b.x - a.x)
    }
  }
  const slope = median(slopes.subarray(0, count))
  if (slope === undefined) return undefined
  return { slope, intercept: median(taken.map(({ x, y }) => y - slope * x))! }
}

/** The first, the last, and what lies evenly between. */
const spreadEvenly = (points: readonly Point[], count: number): readonly Point[] =>
  points.length <= count
    ? points
    : Array.from({ length: count }, (_, at) => points[Math.round((at * (points.length - 1)) / (count - 1))]!)
