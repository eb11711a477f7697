import { BackupError } from '../../errors.js'
import { settledAll, untilAborted } from '../../run/abort.js'
import { spillSort } from '../../run/spill-sort.js'
import type { HistorySource, HistoryToken, HistoryTraits } from '../history.js'
import { checkItem, supersedes } from './history-items.js'
import { compareItems } from './item-order.js'

export interface StreamContext {
  readonly signal: AbortSignal
  readonly now: number
  readonly tempDirectory: string | undefined
  readonly onSorted: (items: number) => void
  readonly onSpill: (items: number) => void
  readonly onDuplicate: () => void
}

/** A source with what it says of itself. */
export interface Described {
  readonly source: HistorySource<unknown>
  readonly traits: HistoryTraits
}

/** The items of all sources of one history in one order, each once. */
export async function* historyStream(
  history: HistoryToken<unknown>,
  parts: readonly Described[],
  context: StreamContext,
): AsyncGenerator<readonly unknown[]> {
  const { onDuplicate } = context
  const compare = compareItems(history)
  const [first, ...others] = parts
  if (first === undefined) return
  if (others.length === 0) {
    // Nothing is wrapped where nothing is merged: most histories have one source.
    const { observedAt } = first.traits
    const isSame = (a: unknown, b: unknown): boolean => compare(a, b) === 0
    const isBetter = (a: unknown, b: unknown): boolean =>
      supersedes(history, { item: a, observedAt }, { item: b, observedAt })
    yield* eachOnce(smaller(orderedPages(history, first, context)), { isSame, isBetter, onDuplicate })
    return
  }
  const merged = mergeParts(
    history,
    parts.map((part) => ({ pages: orderedPages(history, part, context), observedAt: part.traits.observedAt })),
  )
  const isSame = (a: Told, b: Told): boolean => compare(a.item, b.item) === 0
  const isBetter = (a: Told, b: Told): boolean => supersedes(history, a, b)
  for await (const page of eachOnce(merged, { isSame, isBetter, onDuplicate })) yield page.map(({ item }) => item)
}

/** Of neighbours that are the same one, the better one. */
async function* eachOnce<T>(
  pages: AsyncIterable<readonly T[]>,
  how: {
    readonly isSame: (a: T, b: T) => boolean
    /** Whether `b` counts, and not `a`. */
    readonly isBetter: (a: T, b: T) => boolean
    readonly onDuplicate: () => void
  },
): AsyncGenerator<readonly T[]> {
  let held: T | undefined
  for await (const page of pages) {
    const out: T[] = []
    for (const one of page) {
      if (held !== undefined && how.isSame(held, one)) {
        how.onDuplicate()
        if (how.isBetter(held, one)) held = one
        continue
      }
      if (held !== undefined) out.push(held)
      held = one
    }
    if (out.length > 0) yield out
  }
  if (held !== undefined) yield [held]
}

async function* smaller<T>(pages: AsyncIterable<readonly T[]>): AsyncGenerator<readonly T[]> {
  for await (const page of pages)
    if (page.length <= PAGE) yield page
    else for (let at = 0; at < page.length; at += PAGE) yield page.slice(at, at + PAGE)
}

/** An item, and until when its source tells everything. */
interface Told {
  readonly item: unknown
  readonly observedAt: number
}

/** Pages of one source, sorted; what promises to be is checked. */
async function* orderedPages(
  history: HistoryToken<unknown>,
  { source, traits }: Described,
  context: StreamContext,
): AsyncGenerator<readonly unknown[]> {
  const { signal, now, tempDirectory, onSorted, onSpill } = context
  const pages = checkedPages(history, source, source.read({ signal, now }))
  const compare = compareItems(history)
  if (traits.order !== 'target-time') {
    yield* spillSort(counted(pages, onSorted), {
      compare,
      encode: (item) => JSON.stringify(item),
      decode: (line) => JSON.parse(line) as unknown,
      weigh: itemWeight,
      tempDirectory,
      signal,
      onSpill,
    })
    return
  }
  let last: unknown
  for await (const page of untilAborted(pages, signal)) {
    for (const item of page) {
      if (last !== undefined && compare(last, item) > 0) throw outOfOrder(history, source, item)
      last = item
    }
    yield page
  }
}

/**
 * Bytes of memory of one item, guessed: an object of a dozen members, and texts that are long, as messages of errors may be. Encoding
 * each item twice only to weigh it would cost more than a better guess is worth.
 */
const itemWeight = (item: unknown): number => {
  const members = item as Readonly<Record<string, unknown>>
  let weight = 600
  for (const name in members) {
    const value = members[name]
    if (typeof value === 'string' && value.length > 100) weight += 2 * value.length
  }
  return weight
}

async function* checkedPages(
  history: HistoryToken<unknown>,
  source: HistorySource<unknown>,
  pages: AsyncIterable<readonly unknown[]>,
): AsyncGenerator<readonly unknown[]> {
  if (!(Symbol.asyncIterator in Object(pages))) throw noPages(history, source)
  for await (const page of pages) {
    if (!Array.isArray(page)) throw noPages(history, source)
    for (const item of page) checkItem(history, item, source.id)
    yield page
  }
}

async function* counted(
  pages: AsyncIterable<readonly unknown[]>,
  onSorted: (items: number) => void,
): AsyncGenerator<readonly unknown[]> {
  for await (const page of pages) {
    onSorted(page.length)
    yield page
  }
}

const outOfOrder = (history: HistoryToken<unknown>, source: HistorySource<unknown>, item: unknown): BackupError =>
  new BackupError({
    code: 'contract',
    operation: 'read',
    subject: source.id,
    message: `The history ${history.name} of ${source.id} promises the order target-time, but the item ${JSON.stringify(history.idOf(item))} of ${JSON.stringify(history.targetOf(item))} comes too late. Sort it, or promise the order \`none\`.`,
  })

const noPages = ({ name }: HistoryToken<unknown>, { id }: HistorySource<unknown>): BackupError =>
  new BackupError({
    code: 'contract',
    operation: 'read',
    subject: id,
    message: `The history ${name} of ${id} gives no pages: \`read\` has to give lists of items, asynchronously.`,
  })

interface Part {
  readonly pages: AsyncGenerator<readonly unknown[]>
  readonly observedAt: number
}

/** Small, so that items die young: what outlives two collections costs memory and time. */
const PAGE = 250

/** Few parts: the smallest head is found by looking at all of them. */
async function* mergeParts(history: HistoryToken<unknown>, parts: readonly Part[]): AsyncGenerator<readonly Told[]> {
  const compare = compareItems(history)
  const cursors = parts.map((part): Cursor => ({ ...part, page: undefined, at: 0 }))
  try {
    await settledAll(cursors.map(advance))
    const open = cursors.filter(({ page }) => page !== undefined)
    let out: Told[] = []
    while (open.length > 0) {
      let first = open[0]!
      for (const other of open) if (compare(other.page![other.at], first.page![first.at]) < 0) first = other
      out.push({ item: first.page![first.at], observedAt: first.observedAt })
      first.at += 1
      if (first.at === first.page!.length) {
        await advance(first)
        if (first.page === undefined) open.splice(open.indexOf(first), 1)
      }
      if (out.length < PAGE) continue
      yield out
      out = []
    }
    if (out.length > 0) yield out
  } finally {
    await settledAll(cursors.map(({ pages }) => pages.return(undefined)))
  }
}

interface Cursor extends Part {
  page: readonly unknown[] | undefined
  at: number
}

const advance = async (cursor: Cursor): Promise<void> => {
  cursor.at = 0
  do {
    const { done, value } = await cursor.pages.next()
    cursor.page = done === true ? undefined : value
  } while (cursor.page?.length === 0)
}
