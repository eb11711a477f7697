import { open, realpath, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { isBackupError } from '@backproof/core/errors'
import type { OutputFile } from '@backproof/core/run'
import { escapeKey } from '@backproof/core/source'
import { BEGINNING, type ReporterOptions } from '@backproof/reporters/formats'
import {
  createRowSpool,
  type ReportDocument,
  type Reporter,
  type RowSpool,
  writeReport,
} from '@backproof/reporters/model'
import type { TerminalOptions } from '@backproof/reporters/terminal'
import type { ReportChoice } from '../args/report-choices.js'
import { usageError } from '../args/usage-error.js'
import { refuseInside } from '../places/inside.js'
import { openOutputFile } from './output-file.js'
import { outputError, writeStdout } from './stdout.js'

export interface ReportContext {
  /** Directories that the run reads. */
  readonly directories: readonly string[]
  /** Further files that it reads. */
  readonly files: readonly string[]
  readonly tempDirectory: string | undefined
  readonly options: ReporterOptions
  /** What text for people has beyond that. */
  readonly terminal: TerminalOptions
}

/** The reports of a run, which are written when it is over. */
export interface Reports<F, R> {
  /** Takes the rows as they come; once for all formats. */
  readonly add: (findings: readonly F[]) => Promise<void>
  /** Writes all of them. One that cannot be written leaves the others; the first such failure is thrown. */
  readonly write: (report: R) => Promise<void>
  readonly close: () => Promise<void>
}

interface Opened {
  readonly reporter: Reporter
  readonly path: string
  /** Held open: a FIFO, a device. Files are opened when they are written. */
  readonly held: OutputFile | undefined
}

/**
 * Opens what was asked for with `--report`, before the run starts: finding out after hours that a file cannot be written helps nobody.
 *
 * @param documentOf What the reports are written of, from the report and all rows.
 * @throws BackupError `invalid-config` for a file that holds something else, and `internal` (exit code 70) for one that cannot be written.
 */
export const openReports = async <F, R>(
  choices: readonly ReportChoice[],
  documentOf: (report: R, rows: RowSpool<F>['rows']) => ReportDocument,
  context: ReportContext,
): Promise<Reports<F, R>> => {
  if (choices.length === 0) return { add: async () => {}, write: async () => {}, close: async () => {} }
  for (const choice of choices) await refuseOther(choice, context)
  const opened: Opened[] = []
  const spool = createRowSpool<F>({ tempDirectory: context.tempDirectory })
  const close = async (): Promise<void> => {
    for (const { held } of opened) await held?.discard()
    await spool[Symbol.asyncDispose]()
  }
  try {
    for (const { format, path } of choices) {
      const reporter = format.format === 'terminal' ? await ownText(context) : await format.load(context.options)
      opened.push({ reporter, path, held: await tryToOpen(path) })
    }
  } catch (error) {
    await close()
    throw error
  }
  return {
    add: spool.add,
    write: async (report) => {
      const document = documentOf(report, spool.rows)
      const failures: unknown[] = []
      for (const one of opened)
        try {
          await writeOne(document, one)
        } catch (error) {
          failures.push(error)
        }
      if (failures.length > 0) throw failures[0]
    },
    close,
  }
}

/** The same text as on standard output, without colours. */
const ownText = async ({ options: { frameworks }, terminal }: ReportContext): Promise<Reporter> => {
  const { terminalReporter } = await import('@backproof/reporters/terminal')
  return terminalReporter({ ...terminal, frameworks })
}

const writeOne = async (document: ReportDocument, { reporter, path, held }: Opened): Promise<void> => {
  if (path === '-') {
    for await (const text of reporter.render(document)) if (text !== '') await writeStdout(text)
    return
  }
  const file = held ?? (await openOutputFile(path))
  try {
    await writeReport(document, reporter, file.sink)
    await file.finish()
  } catch (error) {
    // What the format itself threw is no fault of the file.
    throw isBackupError(error) && error.operation === 'write'
      ? outputError(escapeKey(path), error.cause as Error)
      : error
  } finally {
    await file.discard()
  }
}

/** Nothing is written before the run is over: a file that waits for it would be left behind by whoever kills the run. */
const tryToOpen = async (path: string): Promise<OutputFile | undefined> => {
  if (path === '-') return undefined
  const isFile = (await stat(path).catch(() => undefined))?.isFile() ?? true
  const file = await openOutputFile(path)
  if (!isFile) return file
  await file.discard()
  return undefined
}

/** A slip of the keyboard must not cost a policy, a history or an object of the backup. */
const refuseOther = async ({ format, path }: ReportChoice, { directories, files }: ReportContext): Promise<void> => {
  if (path === '-') return
  for (const directory of directories) refuseInside(path, directory)
  const target = await real(path)
  for (const file of files)
    if ((await real(file)) === target)
      throw usageError(`--report ${format.format}=${escapeKey(path)}: the run reads this file`, 'Name another file.')
  if (!(await mayBeReplaced(path, format.begins)))
    throw usageError(
      `--report ${format.format}=${escapeKey(path)}: there is a file which holds something else`,
      `It would be lost: only an earlier report of the format ${format.format} is replaced. Name another file, or remove this one.`,
    )
}

const real = (path: string): Promise<string> => realpath(path).catch(() => resolve(path))

const mayBeReplaced = async (path: string, begins: RegExp): Promise<boolean> => {
  try {
    const found = await stat(path)
    if (!found.isFile() || found.size === 0) return true
    const file = await open(path, 'r')
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(BEGINNING), 0, BEGINNING, 0)
      return begins.test(buffer.toString('utf8', 0, bytesRead))
    } finally {
      await file.close()
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return true
    throw outputError(escapeKey(path), error as Error)
  }
}
