import type { Writable } from 'node:stream'
import { createGzip } from 'node:zlib'
import type { HistoryTraits } from '../audit/history.js'
import { BackupError } from '../errors.js'
import { jsonLine } from '../report/json-line.js'
import { openOutputFile } from '../run/output-file.js'
import { pumped } from '../run/pumped.js'
import { createSink } from '../run/sink.js'
import { escapeKey } from '../source/key.js'
import { checkOptionNames } from '../source/option-check.js'
import { HISTORY_SCHEMA, type HistoryHeader, headerMembers } from './line-header.js'
import { orderCheck } from './line-order.js'
import { type HistoryRow, rowWriter } from './row.js'

export interface WriteHistoryOptions<T> {
  /** Items in pages, as sources read them; `[items]` for a list. */
  readonly pages: Iterable<readonly T[]> | AsyncIterable<readonly T[]>
  /**
   * A path, or a stream, which is not ended. A file takes the place of an earlier one only when it is complete; one whose name ends
   * in `.gz` is compressed.
   */
  readonly to: string | Writable
  /** `target-time` where the items come in that order: it is checked, and spares readers the sorting. Default `none`. */
  readonly order?: HistoryTraits['order'] | undefined
  /** From when on these are all items, milliseconds since 1970. Default: from the beginning. */
  readonly from?: number | undefined
  /** Until when. Default: whoever reads the file takes it for until then. */
  readonly asOf?: number | undefined
  /** Items are missing, and nobody knows which. Default false. */
  readonly partial?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

export interface WrittenHistory {
  readonly items: number
}

/**
 * Writes a history as JSON lines (docs/history-format.md), with the back pressure of the stream.
 *
 * Rejects with `invalid-config` for an item that no row can say, or that comes out of the promised order; `unavailable` when it
 * cannot be written; with what `pages` throws, and the reason of the signal.
 */
export const writeLines = async <T>(
  factory: string,
  row: HistoryRow<T>,
  options: WriteHistoryOptions<T>,
): Promise<WrittenHistory> => {
  checkOptionNames(factory, options, ['pages', 'to', 'order', 'from', 'asOf', 'partial', 'signal'])
  const { to, signal } = options
  let items = 0
  const counted = textOf(factory, row, options, (count) => {
    items += count
  })
  if (typeof to !== 'string') {
    await drain(counted, to, `${factory}: the stream`, signal)
    return { items }
  }
  const failed = (cause: Error): BackupError =>
    new BackupError({
      code: 'unavailable',
      retryable: false,
      message: `${escapeKey(to)} could not be written: ${cause.message}.`,
      operation: 'write',
      subject: to,
      cause,
    })
  if (to === '') throw new BackupError({ code: 'invalid-config', message: `${factory}: to is ""; give a path.` })
  const file = await openOutputFile(to, failed)
  try {
    await drain(to.endsWith('.gz') ? pumped(counted, createGzip()) : counted, file.sink, escapeKey(to), signal)
    await file.finish()
  } finally {
    await file.discard()
  }
  return { items }
}

const drain = async (
  chunks: AsyncIterable<Uint8Array>,
  stream: Writable,
  what: string,
  signal: AbortSignal | undefined,
): Promise<void> => {
  const sink = createSink(stream, { what, signal })
  try {
    for await (const chunk of chunks) await sink.write(chunk)
  } finally {
    sink.release()
  }
}

const CHUNK = 64 * 1024

async function* textOf<T>(
  factory: string,
  row: HistoryRow<T>,
  options: WriteHistoryOptions<T>,
  onItems: (count: number) => void,
): AsyncGenerator<Uint8Array, void, void> {
  const { history, title, members } = row
  let index = 0
  const refuse = (what: string): BackupError =>
    new BackupError({ code: 'invalid-config', message: `${factory}: the ${title} number ${index} ${what}.` })
  const write = rowWriter(members, refuse)
  const checkOrder = orderCheck(history, options.order, refuse)
  let text = `${headerLine(factory, row, options)}\n`
  for await (const page of options.pages) {
    options.signal?.throwIfAborted()
    for (const item of page) {
      index += 1
      text += `${jsonLine(write(item))}\n`
      checkOrder(item)
      if (text.length < CHUNK) continue
      yield Buffer.from(text)
      text = ''
    }
    onItems(page.length)
  }
  yield Buffer.from(text)
}

const headerLine = <T>(
  factory: string,
  { history }: HistoryRow<T>,
  { order, from, asOf, partial }: WriteHistoryOptions<T>,
): string => {
  const refuse = (what: string): BackupError =>
    new BackupError({ code: 'invalid-config', message: `${factory}: the header ${what}.` })
  const header: HistoryHeader = {
    schema: HISTORY_SCHEMA,
    history: history.name,
    order: order ?? 'none',
    ...(from !== undefined && { from }),
    ...(asOf !== undefined && { asOf }),
    ...(partial !== undefined && { partial }),
  }
  return jsonLine(rowWriter(headerMembers, refuse)(header))
}
