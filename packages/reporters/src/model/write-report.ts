import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { type BackupError, toBackupError } from '@backproof/core/errors'
import { openOutputFile } from '@backproof/core/run'
import { escapeKey } from '@backproof/core/source'
import type { ReportDocument } from './document.js'
import type { Reporter } from './reporter.js'

/**
 * Writes a report to a stream, with its back pressure, and resolves when the stream has taken all of it. The stream stays open: it
 * is the caller's.
 *
 * @throws BackupError `unavailable` when it could not be written; what `render` throws as it is.
 */
export const writeReport = async (document: ReportDocument, reporter: Reporter, sink: Writable): Promise<void> => {
  let failure: BackupError | undefined
  const failed = (error: unknown): void => {
    failure ??= unwritten(reporter.format, error)
  }
  // Without a listener the error of a stream ends the process; here it comes out of this call.
  sink.on('error', failed)
  try {
    for await (const text of reporter.render(document)) {
      if (sink.destroyed) failed(sink.errored ?? new Error('the stream was closed'))
      if (failure !== undefined) throw failure
      if (text !== '' && !sink.write(text)) await drained(sink)
    }
    // The last write resolves when those before it are taken.
    if (failure === undefined) await taken(sink).catch(failed)
    if (failure !== undefined) throw failure
  } finally {
    sink.off('error', failed)
  }
}

/**
 * Writes a report to a file. It takes the place of an earlier one only when it is complete; on any failure the earlier one stays.
 *
 * @throws BackupError `unavailable` when it could not be written.
 */
export const writeReportFile = async (document: ReportDocument, reporter: Reporter, path: string): Promise<void> => {
  const file = await openOutputFile(path, (error) => unwritten(reporter.format, error, path))
  try {
    await writeReport(document, reporter, file.sink)
    await file.finish()
  } finally {
    await file.discard()
  }
}

const drained = async (sink: Writable): Promise<void> => {
  if (sink.destroyed) return
  const over = new AbortController()
  const { signal } = over
  try {
    await Promise.race([once(sink, 'drain', { signal }), once(sink, 'close', { signal })])
  } catch {
    // The error is heard by the caller, who throws it before the next piece.
  } finally {
    over.abort()
  }
}

const taken = (sink: Writable): Promise<void> =>
  new Promise((resolve, reject) => {
    sink.write('', (error) => (error ? reject(sink.errored ?? error) : resolve()))
  })

const unwritten = (format: string, error: unknown, path?: string): BackupError =>
  toBackupError(error, {
    code: 'unavailable',
    message: `The ${format} report could not be written${path === undefined ? '' : ` to ${escapeKey(path)}`}: ${error instanceof Error ? error.message : String(error)}.`,
    operation: 'write',
    retryable: false,
  })
