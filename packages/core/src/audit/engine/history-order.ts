import { BackupError } from '../../errors.js'
import { canonicalJson } from '../../report/canonical.js'
import { compareKeys } from '../../source/key.js'
import type { HistoryToken } from '../history.js'

/** The order in which rules see items: by target, then time, then id. */
export const compareItems =
  (history: HistoryToken<unknown>) =>
  (a: unknown, b: unknown): number =>
    compareKeys(history.targetOf(a), history.targetOf(b)) ||
    history.timeOf(a) - history.timeOf(b) ||
    compareKeys(history.idOf(a), history.idOf(b))

/** Of one item that was told twice, whether `b` counts and not `a`: the same answer whichever came first. */
export const supersedes = (
  history: HistoryToken<unknown>,
  a: { readonly item: unknown; readonly observedAt: number },
  b: { readonly item: unknown; readonly observedAt: number },
): boolean => {
  const precedence = (item: unknown): number => history.precedenceOf?.(item) ?? 0
  const order = precedence(b.item) - precedence(a.item) || b.observedAt - a.observedAt
  return order > 0 || (order === 0 && canonicalJson(b.item) > canonicalJson(a.item))
}

/** @throws BackupError `contract` for an item without target, time or id. */
export const checkItem = (history: HistoryToken<unknown>, item: unknown, source: string): void => {
  const usable =
    typeof item === 'object' &&
    item !== null &&
    typeof history.targetOf(item) === 'string' &&
    Number.isFinite(history.timeOf(item)) &&
    typeof history.idOf(item) === 'string'
  if (!usable)
    throw new BackupError({
      code: 'contract',
      operation: 'read',
      subject: source,
      message: `The history ${history.name} of ${source} has an item without target, time (milliseconds since 1970) or id.`,
    })
}

/** Items of all parts in order, each once: what `historyStream` gives of histories that need not be held. */
export const orderedItems = (
  history: HistoryToken<unknown>,
  parts: readonly { readonly items: readonly unknown[]; readonly observedAt: number }[],
): readonly unknown[] => {
  const compare = compareItems(history)
  const told = parts.flatMap(({ items, observedAt }) =>
    items.map((item) => {
      checkItem(history, item, 'given items')
      return { item, observedAt }
    }),
  )
  told.sort((a, b) => compare(a.item, b.item))
  const once: typeof told = []
  for (const one of told) {
    const last = once.at(-1)
    if (last === undefined || compare(last.item, one.item) !== 0) once.push(one)
    else if (supersedes(history, last, one)) once[once.length - 1] = one
  }
  return once.map(({ item }) => item)
}
