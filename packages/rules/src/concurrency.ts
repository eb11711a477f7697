/** From `start` to `end`, `end` exclusive. One of no length lasts a moment. */
export interface Stretch {
  readonly start: number
  readonly end: number
}

/** The most stretches that overlap at one moment: the first such moment, and which those are, by their start. */
export interface Peak<T> {
  readonly count: number
  readonly at: number
  readonly stretches: readonly T[]
}

/** `undefined` without any stretch. */
export const peakOf = <T extends Stretch>(stretches: readonly T[]): Peak<T> | undefined => {
  const starts = Float64Array.from(stretches, ({ start }) => start).sort()
  const ends = Float64Array.from(stretches, endOf).sort()
  let [count, at, ended] = [0, 0, 0]
  for (const [index, start] of starts.entries()) {
    while (ends[ended]! <= start) ended += 1
    const open = index + 1 - ended
    if (open > count) [count, at] = [open, start]
  }
  if (count === 0) return undefined
  const open = stretches.filter((stretch) => stretch.start <= at && at < endOf(stretch))
  return { count, at, stretches: open.toSorted((a, b) => a.start - b.start) }
}

const endOf = ({ start, end }: Stretch): number => Math.max(end, start + 1)
