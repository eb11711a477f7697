import { BackupError } from '../errors.js'
import { abortable, sleep } from '../run/abort.js'
import type { Meter } from '../run/meter.js'
import { isRetryable, type RetryPolicy, retryDelay } from '../run/retry.js'
import type { BackupSource, KeyRange } from '../source/backup-source.js'
import type { ObjectEntry } from '../source/entry.js'
import { compareKeys, escapeKey } from '../source/key.js'
import type { SourceTraits } from '../source/traits.js'

/**
 * Pages of a source's listing, held to its contract: a passing fault resumes after the last key (or from the start as
 * long as nothing was yielded), and a source that breaks its declared order or repeats a key ends with `contract`.
 */
export async function* resilientList(
  source: BackupSource,
  traits: SourceTraits,
  options: {
    readonly range?: KeyRange | undefined
    readonly signal: AbortSignal
    readonly retry: RetryPolicy
    readonly meter: Meter
  },
): AsyncGenerator<readonly ObjectEntry[]> {
  const { signal, retry, meter } = options
  const ordered = traits.keyOrder === 'utf8'
  let last: string | undefined
  for (let attempt = 1; ; attempt++) {
    const pages = source
      .list({
        signal,
        onRequest: meter.operation,
        ...(options.range !== undefined && { range: options.range }),
        ...(last !== undefined && { after: last }),
      })
      [Symbol.asyncIterator]()
    try {
      for (;;) {
        meter.request('list')
        const { done, value } = await abortable(pages.next(), signal)
        if (done) return
        if (value.length === 0) continue
        last = checkPage(source, value, ordered, last)
        attempt = 1
        yield value
      }
    } catch (error) {
      const resumable = ordered || last === undefined
      if (signal.aborted || !resumable || attempt >= retry.attempts || !isRetryable(error)) throw error
      meter.retry()
      await sleep(retryDelay(error, attempt + 1, retry), signal)
    } finally {
      // Not awaited: a driver that hangs in its clean-up must not hold the run.
      void pages.return?.()?.catch(() => undefined)
    }
  }
}

const checkPage = (
  source: BackupSource,
  page: readonly ObjectEntry[],
  ordered: boolean,
  before: string | undefined,
): string => {
  let last = before
  for (const { key } of page) {
    if (key === '') throw broken(source, 'It lists an empty key.')
    if (ordered && last !== undefined && compareKeys(last, key) >= 0) {
      const what =
        last === key ? `It lists "${escapeKey(key)}" twice` : `"${escapeKey(key)}" comes after "${escapeKey(last)}"`
      throw broken(source, `${what}, but its traits promise keys once each in utf8 order.`)
    }
    last = key
  }
  return last!
}

const broken = (source: BackupSource, what: string): BackupError =>
  new BackupError({
    code: 'contract',
    message: `${source.uri} breaks the contract of a source: ${what} No report can be trusted; this is a fault of its provider.`,
    operation: 'list',
    subject: source.uri,
  })
