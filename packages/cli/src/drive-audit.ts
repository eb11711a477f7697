import type { AuditFinding, AuditOptions, AuditReport, Framework } from '@backproof/core/audit'
import { type AuditHeader, createAuditNdjsonWriter, exitCode, summarizeAudit } from '@backproof/core/report'
import type { Run } from '@backproof/core/run'
import { reportJson } from '@backproof/reporters/json'
import { documentFromRows } from '@backproof/reporters/model'
import { auditText, keepRows, type ShownRows } from '@backproof/reporters/terminal'
import { oneLine, styleFor } from '@backproof/reporters/text'
import { type OutputChoices, outputChoices } from './args/output-choices.js'
import type { Values } from './args/parse.js'
import { text } from './args/values.js'
import { collect } from './collect.js'
import { MORE_ROWS } from './output/human.js'
import { auditProgressText, createProgressLine } from './output/progress.js'
import { openReports, type Reports } from './output/reports.js'
import { both, ndjsonRows } from './output/rows.js'
import { writeStdout } from './output/stdout.js'
import { listenForInterrupts } from './signals.js'

export interface AuditDrive {
  readonly values: Values
  /** The first row of `--ndjson`. */
  readonly header: AuditHeader
  /** Frameworks by whose clauses the report goes too. */
  readonly frameworks: readonly Framework[]
  /** For people: what they should know beside the report. */
  readonly notes: readonly string[]
  /** Files that the run reads: no report takes their place. */
  readonly files: readonly string[]
  /** Starts the engine; throws when the options cannot work. */
  readonly start: (hooks: Pick<AuditOptions, 'signal' | 'onProgress'>) => Run<AuditFinding, AuditReport>
}

/** Runs an audit for the command line: progress, rows, report, Ctrl-C. Resolves with the exit code. */
export const driveAudit = async ({ values, header, frameworks, notes, files, start }: AuditDrive): Promise<number> => {
  const choices = outputChoices(values)
  const keeper = keepRows(choices.shown)
  const interrupts = listenForInterrupts()
  let reports: Reports<AuditFinding, AuditReport> | undefined
  const progress = choices.progress ? createProgressLine(process.stderr, auditProgressText) : undefined
  try {
    const run = start({
      signal: interrupts.signal,
      ...(progress !== undefined && { onProgress: progress.update }),
    })
    const { ndjson } = choices
    const file =
      ndjson === undefined ? undefined : await ndjsonRows(ndjson, (sink) => createAuditNdjsonWriter(sink, header))
    reports = await openReports<AuditFinding, AuditReport>(choices.reports, documentFromRows, {
      directories: [],
      files,
      tempDirectory: text(values, 'temp'),
      options: { frameworks, file: header.policy },
      terminal: { shown: choices.shown, more: MORE_ROWS, notes },
    })
    const kept = { add: async (findings: readonly AuditFinding[]) => keeper.add(findings) }
    const report = await collect(run, both(kept, ...(file === undefined ? [] : [file]), reports))
    const interrupted = interrupts.exitCode()
    progress?.clear()
    await file?.end(report.result)
    await deliver(report, keeper.shown(), choices, { frameworks, notes })
    await reports.write(report)
    return interrupted ?? exitCode(report.result)
  } finally {
    progress?.clear()
    await reports?.close()
    interrupts.dispose()
  }
}

const deliver = async (
  report: AuditReport,
  rows: ShownRows,
  { json, quiet, reportOnStdout }: OutputChoices,
  { frameworks, notes }: Pick<AuditDrive, 'frameworks' | 'notes'>,
): Promise<void> => {
  if (json) {
    await writeStdout(reportJson(report, { frameworks }))
  } else if (quiet) {
    if (exitCode(report.result) === 0) return
    process.stderr.write(`backproof: ${oneLine(summarizeAudit(report.result).sentence)}\n`)
  } else if (!reportOnStdout) {
    const style = styleFor(process.stdout)
    await writeStdout(auditText(report, rows, { style, more: MORE_ROWS, frameworks, notes }))
  }
}
