import { compareItems } from '../audit/engine/item-order.js'
import type { HistoryToken, HistoryTraits } from '../audit/history.js'
import type { Refuse } from './row.js'

/** Holds items to the order that a header promises, one by one, where line or number can still be told. */
export const orderCheck = <T>(
  history: HistoryToken<T>,
  order: HistoryTraits['order'] | null | undefined,
  refuse: Refuse,
): ((item: T) => void) => {
  if (order !== 'target-time') return () => undefined
  const compare = compareItems(history as HistoryToken<unknown>)
  let last: T | undefined
  return (item) => {
    if (last !== undefined && compare(last, item) > 0)
      throw refuse(
        `comes too late for the order "target-time": sort by ${history.target}, time and id, or promise the order "none"`,
      )
    last = item
  }
}
