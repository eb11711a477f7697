/** The middle value; of an even number of values the mean of the middle two; without values `undefined`. Their order does not matter. */
export const median = (values: readonly number[] | Float64Array): number | undefined => {
  const sorted = new Float64Array(values).sort()
  const upper = sorted[sorted.length >> 1]
  if (upper === undefined || sorted.length % 2 === 1) return upper
  const lower = sorted[(sorted.length >> 1) - 1]!
  // Not (lower + upper) / 2, which overflows.
  return lower + (upper - lower) / 2
}
