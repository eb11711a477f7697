import type { ObjectFinding, Report } from '@backproof/core/report'
import type { Run } from '@backproof/core/run'

export interface Outcome {
  readonly report: Report
  readonly findings: ReadonlyMap<string, ObjectFinding>
}

/** Every finding of a run by its key, matches included, and the report. */
export const drained = async (run: Run<ObjectFinding, Report>): Promise<Outcome> => {
  const findings = new Map<string, ObjectFinding>()
  for await (const page of run) for (const finding of page) findings.set(finding.key, finding)
  return { report: await run.report(), findings }
}

/** What is compared of findings, as one word: `match`, `mismatch of replica`, `error: access-denied`. */
export const outcomesOf = ({ findings }: Outcome): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...findings].map(([key, { outcome, rotten, error }]) => {
      const where = rotten === undefined ? '' : ` of ${rotten}`
      const why = error === undefined ? '' : `: ${error.code}`
      return [key, outcome + where + why]
    }),
  )
