import { type CompareOptions, compare } from '@backproof/core/compare'
import type { ObjectFinding, Report } from '@backproof/core/report'
import type { BackupSource } from '@backproof/core/source'

export interface Compared {
  readonly findings: readonly ObjectFinding[]
  readonly report: Report
  /** Bytes that were read of source and replica, as the result tells them. */
  readonly bytesRead: readonly [number, number]
  /** How many findings say what: outcome, and of a match grade, method and algorithm, else the reason. */
  readonly told: Readonly<Record<string, number>>
}

/** Compares two places, which are closed at the end. */
export const compared = async (
  source: BackupSource,
  replica: BackupSource,
  options: Partial<CompareOptions> = {},
): Promise<Compared> => {
  try {
    const run = compare({ ...options, source, replicas: [replica] })
    const findings: ObjectFinding[] = []
    for await (const page of run) findings.push(...page)
    const report = await run.report()
    const { result } = report
    return {
      findings,
      report,
      bytesRead: [result.source.bytesRead, result.replicas[0]!.bytesRead],
      told: tally(findings),
    }
  } finally {
    await source[Symbol.asyncDispose]?.()
    await replica[Symbol.asyncDispose]?.()
  }
}

const tally = (findings: readonly ObjectFinding[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const finding of findings) {
    const told = tell(finding)
    counts[told] = (counts[told] ?? 0) + 1
  }
  return counts
}

/** `match stored digest`, `mismatch digest`. */
export const tell = ({ outcome, grade, method, reason }: ObjectFinding): string =>
  outcome === 'match' ? `match ${grade} ${method}` : `${outcome} ${reason}`
