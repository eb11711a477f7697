import { BackupError } from '../../errors.js'
import { canonicalJson } from '../../report/canonical.js'
import type { HistoryToken } from '../history.js'
import { isItem } from './item-order.js'

/** Of one item that was told twice, whether `b` counts and not `a`: the same answer whichever came first. */
export const supersedes = (
  history: HistoryToken<unknown>,
  a: { readonly item: unknown; readonly observedAt: number },
  b: { readonly item: unknown; readonly observedAt: number },
): boolean => {
  const precedence = (item: unknown): number => history.precedenceOf?.(item) ?? 0
  const badness = (item: unknown): number => history.badnessOf?.(item) || 0
  const order =
    precedence(b.item) - precedence(a.item) || b.observedAt - a.observedAt || badness(b.item) - badness(a.item)
  return order > 0 || (order === 0 && canonicalJson(b.item) > canonicalJson(a.item))
}

/** @throws BackupError `contract` for an item without target, time or id. */
export const checkItem = (history: HistoryToken<unknown>, item: unknown, source: string): void => {
  if (!isItem(history, item))
    throw new BackupError({
      code: 'contract',
      operation: 'read',
      subject: source,
      message: `The history ${history.name} of ${source} has an item without target, time (milliseconds since 1970) or id.`,
    })
}
