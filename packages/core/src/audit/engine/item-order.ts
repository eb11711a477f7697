import { compareKeys } from '../../source/key.js'
import type { HistoryToken } from '../history.js'
import { isTime } from '../time.js'

/** The order in which rules see items: by target, then time, then id. */
export const compareItems =
  (history: HistoryToken<unknown>) =>
  (a: unknown, b: unknown): number =>
    compareKeys(history.targetOf(a), history.targetOf(b)) ||
    history.timeOf(a) - history.timeOf(b) ||
    compareKeys(history.idOf(a), history.idOf(b))

/** Whether an item has what puts it in order. One that has not would be left out in silence. */
export const isItem = (history: HistoryToken<unknown>, item: unknown): boolean => {
  try {
    return (
      typeof history.targetOf(item) === 'string' &&
      isTime(history.timeOf(item)) &&
      typeof history.idOf(item) === 'string'
    )
  } catch {
    // Code of tokens takes items for what they should be.
    return false
  }
}
