import type { BigIntStats } from 'node:fs'
import type { HistorySource, HistoryTraits } from '../audit/history.js'
import { BackupError } from '../errors.js'
import { fileChanged, isSameState } from '../run/file-chunks.js'
import { escapeKey } from '../source/key.js'
import { checkOptionNames, showValue } from '../source/option-check.js'
import { fileLines, type LinePage } from './file-text.js'
import { type HistoryHeader, isHeader, readHeader } from './line-header.js'
import { orderCheck } from './line-order.js'
import { type HistoryRow, rowReader, short } from './row.js'

/** Where lines of a history come from: one of the two. */
export interface HistoryLinesOptions {
  /** A file, plain or gzip. */
  readonly path?: string | undefined
  /** Gives the lines, without their ends; called once to look at the header, and once to read. */
  readonly lines?: (() => Iterable<string> | AsyncIterable<string>) | undefined
  /** What to call them, for people. Secret-free. Default: the path, or `lines`. */
  readonly id?: string | undefined
}

/**
 * A history from lines of JSON (docs/history-format.md). Reads page by page: memory does not depend on the length.
 *
 * Both calls reject with the errors of reading a file; `invalid-config` for a line that is no item, or comes out of
 * the promised order, naming file, line, member and what was expected; `corrupt` for a file that is not UTF-8, or whose last line was cut short; `changed` when the file is not the
 * one whose header was read. An empty file is refused: nobody can tell it from one whose writer failed.
 */
export const lineSource = <T>(factory: string, row: HistoryRow<T>, options: HistoryLinesOptions): HistorySource<T> => {
  const { id, pages } = openLines(factory, options)
  let state: BigIntStats | undefined
  return {
    specVersion: 'v1',
    id,
    history: row.history,
    describe: async ({ signal, now }) => {
      const onOpen = (opened: BigIntStats): void => {
        state = opened
      }
      return traitsOf(id, await firstHeader(pages({ signal, onOpen }), row, id), now)
    },
    read: ({ signal }) => {
      const onOpen = (opened: BigIntStats): void => {
        if (state !== undefined && !isSameState(state, opened)) throw fileChanged(id, 'read')
      }
      return itemsOf(pages({ signal, onOpen }), row, id)
    },
  }
}

const traitsOf = (source: string, header: HistoryHeader | undefined, now: number): HistoryTraits => ({
  order: header?.order ?? 'none',
  source,
  // An export of a clock that is ahead tells nothing of what is to come.
  observedAt: Math.min(header?.asOf ?? now, now),
  ...(typeof header?.from === 'number' && { from: header.from }),
  ...(header?.partial === true && { partial: true }),
})

interface OpenOptions {
  readonly signal: AbortSignal
  readonly onOpen: (state: BigIntStats) => void
}

interface OpenedLines {
  readonly id: string
  readonly pages: (o: OpenOptions) => AsyncIterable<LinePage>
}

const openLines = (factory: string, options: HistoryLinesOptions): OpenedLines => {
  checkOptionNames(factory, options, ['path', 'lines', 'id'])
  const { path, lines, id } = options
  const refused = (what: string): BackupError =>
    new BackupError({ code: 'invalid-config', message: `${factory}: ${what}.` })
  if ((path === undefined) === (lines === undefined)) throw refused('give either path or lines')
  if (id !== undefined && (typeof id !== 'string' || id === ''))
    throw refused(`id is ${showValue(id)}; it must be a text`)
  if (lines !== undefined) {
    if (typeof lines !== 'function')
      throw refused('lines must be a function that gives the lines, so that they can be read twice')
    return { id: id ?? 'lines', pages: ({ signal }) => givenLines(lines, signal) }
  }
  if (typeof path !== 'string' || path === '' || path.includes('\0'))
    throw refused(`path is ${showValue(path)}; it must be the path of a file`)
  return { id: id ?? path, pages: (o) => fileLines(path, o) }
}

const LINES_IN_PAGE = 500

async function* givenLines(
  lines: NonNullable<HistoryLinesOptions['lines']>,
  signal: AbortSignal,
): AsyncGenerator<LinePage> {
  let first = 1
  let page: string[] = []
  for await (const line of lines()) {
    signal.throwIfAborted()
    page.push(first === 1 && page.length === 0 && line.startsWith('\ufeff') ? line.slice(1) : line)
    if (page.length < LINES_IN_PAGE) continue
    yield { first, lines: page, openEnd: false }
    first += page.length
    page = []
  }
  if (page.length > 0) yield { first, lines: page, openEnd: false }
}

/** What parses the lines of one source, and says where it stands in errors. */
const lineReader = (row: HistoryRow<unknown>, id: string) => {
  let line = 0
  const refuse = (what: string, code: 'invalid-config' | 'corrupt' = 'invalid-config'): BackupError =>
    new BackupError({
      code,
      message: `${escapeKey(id)}, line ${line}: it ${what}.`,
      operation: 'read',
      subject: id,
    })
  const read = rowReader(row.members, refuse, row.title)
  const parse = (text: string, cut: boolean): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      if (cut) throw refuse('is cut short: the file ends within it; write it again', 'corrupt')
      throw refuse(`is not JSON: ${short(text, 40)}`)
    }
  }
  /** Parsed lines that are not blank. */
  function* values({ first, lines, openEnd }: LinePage): Generator<unknown> {
    line = first - 1
    for (const text of lines) {
      line += 1
      if (text.trim() === '') continue
      yield parse(text, openEnd && line === first + lines.length - 1)
    }
  }
  return { values, read, refuse }
}

/** The header, if the first line that is not blank is one. */
const firstHeader = async <T>(
  pages: AsyncIterable<LinePage>,
  row: HistoryRow<T>,
  id: string,
): Promise<HistoryHeader | undefined> => {
  const { values, refuse } = lineReader(row as HistoryRow<unknown>, id)
  for await (const page of pages)
    for (const value of values(page)) return isHeader(value) ? readHeader(value, row.history, refuse) : undefined
  throw empty(id, row)
}

const empty = (id: string, { history, title }: Pick<HistoryRow<unknown>, 'history' | 'title'>): BackupError =>
  new BackupError({
    code: 'invalid-config',
    message: `${escapeKey(id)} is empty, which a failed export is too: where there is no ${title}, write the header line alone, {"schema":"backproof.history/v1","history":"${history.name}"}.`,
    operation: 'read',
    subject: id,
  })

async function* itemsOf<T>(
  pages: AsyncIterable<LinePage>,
  row: HistoryRow<T>,
  id: string,
): AsyncGenerator<readonly T[]> {
  const { values, read, refuse } = lineReader(row as HistoryRow<unknown>, id)
  let begun = false
  let checkOrder = orderCheck(row.history, 'none', refuse)
  for await (const page of pages) {
    const items: T[] = []
    for (const value of values(page)) {
      const header = isHeader(value)
      if (header && begun) throw refuse('is a header, which only the first line may be')
      begun = true
      if (header) {
        checkOrder = orderCheck(row.history, readHeader(value, row.history, refuse).order, refuse)
        continue
      }
      const item = read(value) as T
      checkOrder(item)
      items.push(item)
    }
    if (items.length > 0) yield items
  }
  if (!begun) throw empty(id, row)
}
