import type { NdjsonHeader, ObjectFinding, Plan, Report } from '@backproof/core/report'
import type { PlannedRun, RunOptions } from '@backproof/core/run'
import { documentFromRows } from '@backproof/reporters/model'
import { plainStyle } from '@backproof/reporters/text'
import { explainedKey } from './args/explained-key.js'
import { outputChoices } from './args/output-choices.js'
import type { Values } from './args/parse.js'
import { text } from './args/values.js'
import { collect } from './collect.js'
import { deliver } from './output/deliver.js'
import { deliverExplanations } from './output/explanations.js'
import { terminalOptions } from './output/human.js'
import { directoriesOf, filesOf, type Parties } from './output/parties.js'
import { createProgressLine } from './output/progress.js'
import { openReports, type Reports } from './output/reports.js'
import { both, openRows, type Rows } from './output/rows.js'
import { listenForInterrupts } from './signals.js'

export interface Drive {
  readonly values: Values
  readonly parties: Parties
  /** The first row of `--ndjson`. */
  readonly header: NdjsonHeader
  /** Starts the engine; throws when the options cannot work. */
  readonly start: (
    hooks: Pick<RunOptions, 'signal' | 'onProgress' | 'countFirst'>,
  ) => PlannedRun<ObjectFinding, Report, Plan>
}

/** Runs an engine for the command line: progress, rows, report, Ctrl-C. Resolves with the exit code. */
export const driveRun = async ({ values, parties, header, start }: Drive): Promise<number> => {
  const choices = outputChoices(values)
  const key = explainedKey(values)
  // The findings of one key: no more than there are replicas.
  const findings: ObjectFinding[] = []
  const interrupts = listenForInterrupts()
  let reports: Reports<ObjectFinding, Report> | undefined
  const progress = choices.progress ? createProgressLine(process.stderr) : undefined
  try {
    const run = start({
      signal: interrupts.signal,
      ...(progress !== undefined && { onProgress: progress.update, countFirst: true }),
    })
    const rows = await openRows(choices, parties, header)
    reports = await openReports<ObjectFinding, Report>(choices.reports, documentFromRows, {
      directories: directoriesOf(parties),
      files: filesOf(parties),
      tempDirectory: text(values, 'temp'),
      options: {},
      terminal: terminalOptions(parties, choices.shown, plainStyle),
    })
    const report = await collect(run, both(key === undefined ? rows : keeping(rows, findings), reports))
    const interrupted = interrupts.exitCode()
    progress?.clear()
    await rows.end(report.result)
    const code =
      key === undefined
        ? await deliver(report, choices, parties)
        : await deliverExplanations({ key, findings }, report, choices, parties)
    await reports.write(report)
    return interrupted ?? code
  } finally {
    progress?.clear()
    await reports?.close()
    interrupts.dispose()
  }
}

/** The same rows, which are also kept. */
const keeping = (rows: Rows, kept: ObjectFinding[]): Rows => ({
  ...rows,
  add: (findings) => {
    kept.push(...findings)
    return rows.add(findings)
  },
})
