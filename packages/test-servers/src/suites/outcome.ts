import type { ObjectFinding, Report } from '@backproof/core/report'
import type { Run } from '@backproof/core/run'
import { expect } from 'vitest'
import type { RequestCounters } from '../http/requests.js'

/** What came of a run, and what it cost. */
export interface Outcome {
  readonly findings: readonly ObjectFinding[]
  readonly report: Report
  /** Requests by operation, as the run counted them, which is what the server counted. */
  readonly requests: Readonly<Record<string, number>>
}

/** What a run may ask of a server. */
export interface Asked {
  readonly requests: RequestCounters
  /** All that a run may send. */
  readonly readOnly: readonly string[]
  /** What the SDK sends by itself. */
  readonly bySdk: readonly string[]
}

/** Runs to the end. Everything that the run says it asked must have come to the server, and nothing else. */
export const outcomeOf = async (asked: Asked, run: Run<ObjectFinding, Report>): Promise<Outcome> => {
  asked.requests.reset()
  const findings: ObjectFinding[] = []
  for await (const page of run) findings.push(...page)
  const report = await run.report()
  const counted = Object.fromEntries(
    Object.entries(asked.requests.counts()).filter(([operation]) => !asked.bySdk.includes(operation)),
  )
  const requests = report.telemetry.operations ?? {}
  expect(requests).toEqual(counted)
  expect(asked.readOnly).toEqual(expect.arrayContaining(Object.keys(counted)))
  return { findings, report, requests }
}

/**
 * Requests beyond those that every bucket costs: `HeadObject 1, GetObject 2`, or `nothing`.
 *
 * @param base What every run asks of every bucket.
 */
export const costOf = (
  requests: Outcome['requests'],
  base: Readonly<Record<string, number>>,
  buckets: number,
): string => {
  const rest = Object.entries({ ...base, ...requests })
    .map(([name]) => [name, (requests[name] ?? 0) - (base[name] ?? 0) * buckets] as const)
    .filter(([, count]) => count !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return rest.length === 0 ? 'nothing' : rest.map(([name, count]) => `${name} ${count}`).join(', ')
}

/**
 * A finding in one line. Of a match: grade, method and the digest that proved (`md5/3` over three parts). Of anything else:
 * reason, the digest that was compared, the error, the side that is rotten.
 */
export const told = ({ outcome, grade, method, reason, sides, error, rotten }: ObjectFinding): string => {
  const digest = [sides?.expected, sides?.source, sides?.replica].find((side) => side?.digest !== undefined)?.digest
  const { coverage = 'full' } = digest ?? {}
  const shown = digest && `${digest.algorithm}${coverage === 'full' ? '' : `/${coverage.parts}`}`
  const words =
    outcome === 'match'
      ? [outcome, grade, method, shown]
      : [outcome, reason, shown, error && `${error.code} (${error.side})`, rotten && `${rotten} is rotten`]
  return words.filter((word) => word !== undefined).join(' ')
}
