import {
  type AuditFinding,
  type AuditOptions,
  type AuditReport,
  clauseView,
  type Framework,
} from '@backproof/core/audit'
import { type AuditHeader, createAuditNdjsonWriter, exitCode, summarizeAudit } from '@backproof/core/report'
import type { Run } from '@backproof/core/run'
import { jsonDocument } from '@backproof/reporters/json'
import { auditText, keepRows, type ShownRows } from '@backproof/reporters/terminal'
import { oneLine, styleFor } from '@backproof/reporters/text'
import { type OutputChoices, outputChoices } from './args/output-choices.js'
import type { Values } from './args/parse.js'
import { collect } from './collect.js'
import { MORE_ROWS } from './output/human.js'
import { auditProgressText, createProgressLine } from './output/progress.js'
import { ndjsonRows } from './output/rows.js'
import { writeStdout } from './output/stdout.js'
import { listenForInterrupts } from './signals.js'

export interface AuditDrive {
  readonly values: Values
  /** The first row of `--ndjson`. */
  readonly header: AuditHeader
  /** Frameworks by whose clauses the report goes too. */
  readonly frameworks: readonly Framework[]
  /** Starts the engine; throws when the options cannot work. */
  readonly start: (hooks: Pick<AuditOptions, 'signal' | 'onProgress'>) => Run<AuditFinding, AuditReport>
}

/** Runs an audit for the command line: progress, rows, report, Ctrl-C. Resolves with the exit code. */
export const driveAudit = async ({ values, header, frameworks, start }: AuditDrive): Promise<number> => {
  const choices = outputChoices(values)
  const keeper = keepRows(choices.shown)
  const interrupts = listenForInterrupts()
  const progress = choices.progress ? createProgressLine(process.stderr, auditProgressText) : undefined
  try {
    const run = start({
      signal: interrupts.signal,
      ...(progress !== undefined && { onProgress: progress.update }),
    })
    const { ndjson } = choices
    const file =
      ndjson === undefined ? undefined : await ndjsonRows(ndjson, (sink) => createAuditNdjsonWriter(sink, header))
    const report = await collect(run, {
      add: async (findings) => {
        keeper.add(findings)
        await file?.add(findings)
      },
    })
    const interrupted = interrupts.exitCode()
    progress?.clear()
    await file?.end(report.result)
    await deliver(report, keeper.shown(), choices, frameworks)
    return interrupted ?? exitCode(report.result)
  } finally {
    progress?.clear()
    interrupts.dispose()
  }
}

const deliver = async (
  report: AuditReport,
  rows: ShownRows,
  { json, quiet }: OutputChoices,
  frameworks: readonly Framework[],
): Promise<void> => {
  if (json) {
    const clauses = frameworks.map((framework) => clauseView(report.result, framework))
    await writeStdout(jsonDocument({ ...report, ...(clauses.length > 0 && { clauses }) }))
  } else if (!quiet) {
    const style = styleFor(process.stdout)
    await writeStdout(auditText(report, rows, { style, more: MORE_ROWS, frameworks }))
  } else if (exitCode(report.result) !== 0)
    process.stderr.write(`backproof: ${oneLine(summarizeAudit(report.result).sentence)}\n`)
}
