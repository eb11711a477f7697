/** The middle value; of an even number of values the mean of the middle two; without values `undefined`. Their order does not matter. */
export const median = (values: readonly number[] | Float64Array): number | undefined => {
  const sorted = values.length > FEW ? new Float64Array(values).sort() : sortedFew(values)
  const upper = sorted[sorted.length >> 1]
  if (upper === undefined || sorted.length % 2 === 1) return upper
  const lower = sorted[(sorted.length >> 1) - 1]!
  // Not (lower + upper) / 2, which overflows.
  return lower + (upper - lower) / 2
}

/** Up to here inserting is faster than a call of `sort`, of which rules make dozens for each target. */
const FEW = 32

const sortedFew = (values: readonly number[] | Float64Array): readonly number[] => {
  const sorted: number[] = []
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at]!
    let hole = at
    while (hole > 0 && sorted[hole - 1]! > value) {
      sorted[hole] = sorted[hole - 1]!
      hole -= 1
    }
    sorted[hole] = value
  }
  return sorted
}
