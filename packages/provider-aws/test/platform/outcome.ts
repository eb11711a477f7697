import type { ObjectFinding, Report } from '@backproof/core/report'
import type { Run } from '@backproof/core/run'
import type { S3Server } from '@backproof/test-servers'
import { expect } from 'vitest'

/** What came of a run, and what it cost. */
export interface Outcome {
  readonly findings: readonly ObjectFinding[]
  readonly report: Report
  /** Requests by operation, as the run counted them, which is what the server counted. */
  readonly requests: Readonly<Record<string, number>>
}

/**
 * Runs to the end. Everything that the run says it asked must have come to the server, and nothing else but sessions, which
 * the SDK opens by itself for directory buckets.
 */
export const outcomeOf = async (server: S3Server, run: Run<ObjectFinding, Report>): Promise<Outcome> => {
  server.requests.reset()
  const findings: ObjectFinding[] = []
  for await (const page of run) findings.push(...page)
  const report = await run.report()
  const { CreateSession: _, ...counted } = server.requests.counts()
  const requests = report.telemetry.operations ?? {}
  expect(requests).toEqual(counted)
  expect(READ_ONLY).toEqual(expect.arrayContaining(Object.keys(counted)))
  return { findings, report, requests }
}

/** All that a run may send. */
const READ_ONLY = [
  'HeadBucket',
  'GetBucketVersioning',
  'ListObjectsV2',
  'ListObjectVersions',
  'HeadObject',
  'GetObjectAttributes',
  'GetObject',
]

/** What every run asks of every bucket: that it is there, whether it keeps versions, and what is in it. */
const OF_BUCKET = { HeadBucket: 1, GetBucketVersioning: 1, ListObjectsV2: 1 }
/** A directory bucket has no versions. */
const OF_DIRECTORY_BUCKET = { HeadBucket: 1, ListObjectsV2: 1 }

/** Requests beyond those that every bucket costs: `HeadObject 1, GetObject 2`, or `nothing`. */
export const costOf = (
  requests: Outcome['requests'],
  buckets = 1,
  kind: 'general' | 'directory' = 'general',
): string => {
  const base: Readonly<Record<string, number>> = kind === 'general' ? OF_BUCKET : OF_DIRECTORY_BUCKET
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

/** The only finding of a run, and what it cost beyond the listing: `match stored one-sided-read md5; nothing`. */
export const only = (
  { findings, requests }: Outcome,
  buckets = 1,
  kind: 'general' | 'directory' = 'general',
): string => {
  expect(findings).toHaveLength(1)
  return `${told(findings[0]!)}; ${costOf(requests, buckets, kind)}`
}
