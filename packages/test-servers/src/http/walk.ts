/** A key, or what all keys up to a delimiter have in common. */
export type Row = { readonly key: string } | { readonly commonPrefix: string }

export interface Walk {
  /** Index of the first key to look at. */
  readonly at: number
  /** Whether keys are in an order where all that share a prefix stand together, so that the walk may end behind them. */
  readonly sorted: boolean
  readonly prefix: string
  /** Empty: none. */
  readonly delimiter: string
  /** A common prefix that was told already. */
  readonly skipped: string | undefined
  /** Which keys count. */
  readonly visible: (key: string) => boolean
}

/** Keys and common prefixes in the order of `keys`. */
export function* walkKeys(keys: readonly string[], walk: Walk): Generator<Row> {
  const { prefix, delimiter } = walk
  let { at, skipped } = walk
  for (; at < keys.length; at++) {
    const key = keys[at]!
    if (!key.startsWith(prefix)) {
      if (walk.sorted) return
      continue
    }
    if ((skipped !== undefined && key.startsWith(skipped)) || !walk.visible(key)) continue
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    if (cut < 0) yield { key }
    else {
      skipped = key.slice(0, cut + delimiter.length)
      yield { commonPrefix: skipped }
    }
  }
}

/** How many items at the start `before` holds for, where it holds for none behind the first that it does not hold for. */
export const countBefore = <T>(items: readonly T[], before: (item: T) => boolean): number => {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (before(items[middle]!)) low = middle + 1
    else high = middle
  }
  return low
}

/** The first `max` of `rows`, and whether there are more. */
export const takePage = <T>(
  rows: Iterable<T>,
  max: number,
): { readonly rows: readonly T[]; readonly truncated: boolean } => {
  const page: T[] = []
  if (max === 0) return { rows: page, truncated: false }
  for (const row of rows) {
    if (page.length === max) return { rows: page, truncated: true }
    page.push(row)
  }
  return { rows: page, truncated: false }
}
