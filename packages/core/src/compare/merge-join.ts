import type { BackupErrorJson } from '../errors.js'
import { compareKeys } from '../source/key.js'
import { hidesSubtree, type JoinEntry, type Row } from './row.js'

/** Where a batch of rows is cut, besides the number of rows. */
export interface BatchLimits {
  readonly rows: number
  /** Sum of the sizes of all entries of the rows. */
  readonly bytes: number
}

interface Cursor {
  page: readonly JoinEntry[]
  index: number
  ended: boolean
  /** One page is fetched ahead, so that slow sides are waited for together. */
  ahead: Promise<IteratorResult<readonly JoinEntry[]>> | undefined
  /** Prefix below which this side could not be listed, and why. */
  hiddenPrefix: string | undefined
  hiddenBy: BackupErrorJson | undefined
}

/**
 * Ordered N-way merge of sides in canonical key order into batches of rows. Memory: two pages a side and one batch. The
 * inner loop is synchronous: per-item asynchronous iteration costs four times as much.
 */
export async function* mergeJoin(
  sides: readonly AsyncIterable<readonly JoinEntry[]>[],
  limits: BatchLimits,
): AsyncGenerator<readonly Row[]> {
  const iterators = sides.map((side) => side[Symbol.asyncIterator]())
  const cursors: Cursor[] = sides.map(() => ({
    page: [],
    index: 0,
    ended: false,
    ahead: undefined,
    hiddenPrefix: undefined,
    hiddenBy: undefined,
  }))
  const fetch = (i: number): Promise<IteratorResult<readonly JoinEntry[]>> => {
    const page = iterators[i]!.next()
    page.catch(ignore)
    return page
  }
  try {
    for (let i = 0; i < cursors.length; i++) cursors[i]!.ahead = fetch(i)
    let rows: Row[] = []
    let bytes = 0
    for (;;) {
      for (let i = 0; i < cursors.length; i++) {
        const cursor = cursors[i]!
        while (!cursor.ended && cursor.index >= cursor.page.length) {
          const { done, value } = await cursor.ahead!
          if (done) {
            cursor.ended = true
            cursor.page = []
          } else {
            cursor.page = value
            cursor.index = 0
            cursor.ahead = fetch(i)
          }
        }
      }
      if (cursors.every((cursor) => cursor.ended)) break
      while (cursors.every(hasEntry)) {
        const row = takeRow(cursors)
        if (row === undefined) continue
        rows.push(row)
        for (const side of row.entries) bytes += side?.entry.size ?? 0
        if (rows.length >= limits.rows || bytes >= limits.bytes) {
          yield rows
          rows = []
          bytes = 0
        }
      }
    }
    if (rows.length > 0) yield rows
  } finally {
    await Promise.allSettled(iterators.map((iterator) => iterator.return?.(undefined)))
  }
}

const hasEntry = (cursor: Cursor): boolean => cursor.ended || cursor.index < cursor.page.length

const takeRow = (cursors: readonly Cursor[]): Row | undefined => {
  let key: string | undefined
  for (const cursor of cursors) {
    if (cursor.ended) continue
    const candidate = cursor.page[cursor.index]!.key
    if (key === undefined || compareKeys(candidate, key) < 0) key = candidate
  }
  const entries: (JoinEntry | undefined)[] = []
  let hidden: (BackupErrorJson | undefined)[] | undefined
  let spoken = false
  for (let i = 0; i < cursors.length; i++) {
    const cursor = cursors[i]!
    const item = cursor.ended ? undefined : cursor.page[cursor.index]!
    if (item !== undefined && item.key === key) {
      cursor.index += 1
      if (hidesSubtree(item.entry)) {
        cursor.hiddenPrefix = item.key
        cursor.hiddenBy = item.entry.problem
      }
      if (item.silent === true) {
        entries.push(undefined)
      } else {
        entries.push(item)
        spoken = true
      }
    } else {
      entries.push(undefined)
      if (cursor.hiddenPrefix !== undefined && key!.startsWith(cursor.hiddenPrefix)) {
        hidden ??= cursors.map(() => undefined)
        hidden[i] = cursor.hiddenBy
      }
    }
  }
  if (!spoken) return undefined
  return hidden === undefined ? { key: key!, entries } : { key: key!, entries, hidden }
}

const ignore = (): void => undefined
