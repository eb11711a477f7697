import { compareKeys } from '../../source/key.js'
import type { HistoryToken } from '../history.js'

/** The order in which rules see items: by target, then time, then id. */
export const compareItems =
  (history: HistoryToken<unknown>) =>
  (a: unknown, b: unknown): number =>
    compareKeys(history.targetOf(a), history.targetOf(b)) ||
    history.timeOf(a) - history.timeOf(b) ||
    compareKeys(history.idOf(a), history.idOf(b))
