import type { BackupErrorJson } from '@backproof/core/errors'
import { isBackupError } from '@backproof/core/errors'
import { exitCode, findingLine, type ObjectFinding, type Report, summarize } from '@backproof/core/report'
import type { Run } from '@backproof/core/run'
import type { Outputs } from './secrets.js'

/** What a run told, in the words that the tables of the suites use. */
export interface Told {
  /** Each key that has a finding: `match`, `error: throttled`, `unreadable: corrupt`, `mismatch`. */
  readonly keys: Readonly<Record<string, string>>
  readonly outcomes: Readonly<Record<string, number>>
  readonly complete: boolean
  /** Exit code of the report; `undefined` where the run ended with an error. */
  readonly exit: number | undefined
  /** The code and the message of what failed: of the run, of a listing, or of an object; the last one told. */
  readonly code: string | undefined
  readonly message: string
  readonly retries: number
  readonly report: Report | undefined
  readonly ms: number
}

/** Drains a run and keeps everything that it says, in every form, for the search for secrets. */
export const toldBy = async (where: string, run: Run<ObjectFinding, Report>, outputs: Outputs): Promise<Told> => {
  const start = performance.now()
  const keys: Record<string, string> = {}
  const lines: string[] = []
  let failed: BackupErrorJson | undefined
  const take = (finding: ObjectFinding): void => {
    const { key, outcome, error } = finding
    keys[key] = error === undefined ? outcome : `${outcome}: ${error.code}`
    failed = error ?? failed
    if (outcome !== 'match') outputs.add(where, finding)
    lines.push(findingLine(finding))
  }
  let report: Report | undefined
  try {
    for await (const page of run) page.forEach(take)
  } catch (error) {
    // A listing that failed half way has a report; the error is in it.
    outputs.add(where, error)
  }
  try {
    report = await run.report()
    outputs.add(where, report)
    outputs.add(where, summarize(report.result))
    failed = report.result.incomplete.find(({ error }) => error !== undefined)?.error ?? failed
  } catch (error) {
    outputs.add(where, error)
    if (!isBackupError(error)) throw error
    failed = error
  }
  outputs.add(where, lines.join(''))
  return {
    keys,
    outcomes: Object.fromEntries(Object.entries(report?.result.totals.outcomes ?? {}).filter(([, count]) => count > 0)),
    complete: report?.result.complete ?? false,
    exit: report === undefined ? undefined : exitCode(report.result),
    code: failed?.code,
    message: failed?.message ?? '',
    retries: report?.telemetry.retries ?? 0,
    report,
    ms: performance.now() - start,
  }
}
