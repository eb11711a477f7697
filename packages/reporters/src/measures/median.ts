/**
 * Figures to three significant digits, with how often each occurs: enough for the median of any number of them, in bounded memory (at
 * most 900 for each power of ten).
 */
export type Median = Map<number, number>

export const createMedian = (): Median => new Map()

/** Figures below zero count as zero: clocks were set back. */
export const addFigure = (figures: Median, value: number): void => {
  const rounded = Number(Math.max(0, value).toPrecision(3))
  figures.set(rounded, (figures.get(rounded) ?? 0) + 1)
}

/** The lower median, to three significant digits; `null` where there is no figure. */
export const medianOf = (figures: Median): number | null => {
  const sorted = [...figures].sort(([a], [b]) => a - b)
  const count = sorted.reduce((all, [, times]) => all + times, 0)
  let seen = 0
  for (const [value, times] of sorted) {
    seen += times
    if (seen * 2 >= count) return value
  }
  return null
}
