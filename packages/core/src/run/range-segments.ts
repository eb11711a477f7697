import { BackupError } from '../errors.js'
import { compareKeys, escapeKey } from '../source/index.js'
import type { RangePage, RangePageRequest } from './range-page.js'

export interface Continuation {
  readonly cursor: string
  /** The last key that the store gave before. */
  readonly last: string | undefined
  /** The bounds that the cursor belongs to: a store may want them repeated. */
  readonly request: Omit<RangePageRequest, 'signal' | 'cursor'>
}

/** Part of the listing: keys above `low` and below `to`, listed by one request or waiting for one. */
export interface Segment<T> {
  /** Keys are greater than this, or equal as well if `inclusive`. */
  low: string | undefined
  inclusive: boolean
  /** Keys are smaller than this. */
  to: string | undefined
  state: 'waiting' | 'in-flight' | 'ready' | 'failed'
  /** Known to be longer than a page, where no boundary could be paid for. */
  long?: boolean | undefined
  /** Listed in one request as far as a page goes, since what lies before is empty. */
  whole?: boolean | undefined
  /** Whether `low` is a guess. */
  readonly guessed: boolean
  continues?: Continuation | undefined
  items: readonly T[]
  error?: unknown
  /** Settles when the request has; never rejects. */
  call?: Promise<void> | undefined
}

export const requestOf = <T>(segment: Segment<T>, signal: AbortSignal): RangePageRequest => {
  if (segment.continues !== undefined) return { ...segment.continues.request, cursor: segment.continues.cursor, signal }
  return {
    ...(segment.low !== undefined && (segment.inclusive ? { from: segment.low } : { after: segment.low })),
    ...(segment.to !== undefined && { to: segment.to }),
    signal,
  }
}

/** The part above a guessed `boundary`. A boundary itself belongs to the part below, whose end is the next key after it. */
export const splitAt = <T>(segment: Segment<T>, boundary: string): Segment<T> => {
  const upper: Segment<T> = {
    low: boundary,
    inclusive: false,
    to: segment.to,
    state: 'waiting',
    guessed: true,
    items: [],
  }
  segment.to = `${boundary}\0`
  return upper
}

/** What is left of a segment after `page`, the answer to `request`; throws `contract` when the store does not advance. */
export const remainder = <T extends { readonly key: string }>(
  segment: Segment<T>,
  page: RangePage<T>,
  request: RangePageRequest,
): Segment<T> => {
  const last = page.items.at(-1)?.key
  const advances = last !== undefined && !isBelow(segment, last)
  const rest = { to: segment.to, state: 'waiting' as const, guessed: false, items: [] }
  if (page.cursor === undefined) {
    if (advances) return { ...rest, low: last, inclusive: false }
    throw contract(`a page that says that more follows holds no key to go on after${placeOf(segment)}`)
  }
  if (page.cursor === request.cursor)
    throw contract(`the token of the next page is the token of this page${placeOf(segment)}; it would never end`)
  const { after, from, to } = request
  return {
    ...rest,
    // Keys may come again behind a cursor: several versions of one object.
    low: advances ? last : segment.low,
    inclusive: advances || segment.inclusive,
    continues: {
      cursor: page.cursor,
      last: last ?? segment.continues?.last,
      request: {
        ...(after !== undefined && { after }),
        ...(from !== undefined && { from }),
        // As asked before, unless the segment has grown since.
        ...(to !== undefined && segment.to !== undefined && { to: compareKeys(to, segment.to) > 0 ? to : segment.to }),
      },
    },
  }
}

/** Throws `contract` when `items` are not in order, or go back behind the page before. */
export const checkOrder = <T extends { readonly key: string }>(segment: Segment<T>, items: readonly T[]): void => {
  let previous = segment.continues?.last
  for (const { key } of items) {
    if (previous !== undefined && compareKeys(previous, key) > 0)
      throw contract(`the store listed "${escapeKey(key)}" after "${escapeKey(previous)}", which is not in order`)
    previous = key
  }
}

/** The ones of ordered `items` that belong to the segment. */
export const cut = <T extends { readonly key: string }>(segment: Segment<T>, items: readonly T[]): readonly T[] => {
  let start = 0
  let end = items.length
  while (start < end && isBelow(segment, items[start]!.key)) start += 1
  while (end > start && isBeyond(segment, items[end - 1]!.key)) end -= 1
  return start === 0 && end === items.length ? items : items.slice(start, end)
}

const isBelow = <T>({ low, inclusive }: Segment<T>, key: string): boolean =>
  low !== undefined && (inclusive ? compareKeys(key, low) < 0 : compareKeys(key, low) <= 0)

export const isBeyond = <T>({ to }: Segment<T>, key: string | undefined): boolean =>
  to !== undefined && key !== undefined && compareKeys(key, to) >= 0

const placeOf = <T>({ low }: Segment<T>): string => (low === undefined ? '' : ` (at "${escapeKey(low)}")`)

const contract = (message: string): BackupError =>
  new BackupError({ code: 'contract', operation: 'list', message: `Listing by key ranges: ${message}` })
