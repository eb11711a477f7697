/** A stretch of time without a recovery point. Milliseconds since 1970; without `from` it begins before the first that is known. */
export interface Gap {
  readonly from?: number | undefined
  readonly to: number
}

/** From one time to a later one. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** The longest gaps between times that come in order, in bounded memory. */
export interface GapTrack {
  /** Times that were added. */
  points: number
  last?: number
  readonly longest: Gap[]
  /** Length of the longest gap that is not in `longest`. */
  dropped: number
}

export const createGapTrack = (): GapTrack => ({ points: 0, longest: [], dropped: 0 })

const KEPT = 64

/** Adds a time, not earlier than those before. */
export const addTime = (track: GapTrack, at: number): void => {
  const gap: Gap = { from: track.last, to: at }
  track.points += 1
  track.last = at
  const { longest } = track
  if (longest.length < KEPT) {
    longest.push(gap)
    return
  }
  const shortest = longest.reduce((least, one, i) => (lengthOf(one) < lengthOf(longest[least]!) ? i : least), 0)
  const out = lengthOf(gap) > lengthOf(longest[shortest]!) ? longest[shortest]! : gap
  track.dropped = Math.max(track.dropped, lengthOf(out))
  if (out === gap) return
  longest.splice(shortest, 1)
  longest.push(gap)
}

const lengthOf = ({ from, to }: Gap): number => (from === undefined ? Number.POSITIVE_INFINITY : to - from)

/** The gaps of a window in order of time, cut to it: those that were kept, and the one that is still open at its end. */
export const gapsWithin = (track: GapTrack, start: number, end: number): readonly Span[] =>
  [...track.longest, { from: track.last, to: end }]
    .map(({ from, to }) => ({ from: Math.max(from ?? start, start), to: Math.min(to, end) }))
    .filter(({ from, to }) => to > from)
    .sort((a, b) => a.from - b.from)

/** The longest time between two neighbours, milliseconds; `undefined` where there are not two different ones. Any order. */
export const longestInterval = (times: readonly number[]): number | undefined => {
  const sorted = [...times].sort((a, b) => a - b)
  const longest = sorted.reduce((most, at, i) => Math.max(most, at - (sorted[i - 1] ?? at)), 0)
  return longest === 0 ? undefined : longest
}
