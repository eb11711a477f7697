import type { ObjectFinding, Report } from '@backproof/core/report'
import type { Run } from '@backproof/core/run'
import type { S3Server } from '@backproof/test-servers'
import { type Outcome, outcomeOf as outcomeOfRun, costOf as requestsBeyond, told } from '@backproof/test-servers/suites'
import { expect } from 'vitest'

/** All that a run may send. */
export const READ_ONLY: readonly string[] = [
  'HeadBucket',
  'GetBucketVersioning',
  'ListObjectsV2',
  'ListObjectVersions',
  'HeadObject',
  'GetObjectAttributes',
  'GetObject',
]

/** Sessions for directory buckets. */
export const BY_SDK: readonly string[] = ['CreateSession']

/** Runs to the end; all that came to the server is what the run says it asked. */
export const outcomeOf = ({ requests }: S3Server, run: Run<ObjectFinding, Report>): Promise<Outcome> =>
  outcomeOfRun({ requests, readOnly: READ_ONLY, bySdk: BY_SDK }, run)

/** What every run asks of every bucket: that it is there, whether it keeps versions, and what is in it. */
export const OF_BUCKET = { HeadBucket: 1, GetBucketVersioning: 1, ListObjectsV2: 1 } as const
/** A directory bucket has no versions. */
const OF_DIRECTORY_BUCKET = { HeadBucket: 1, ListObjectsV2: 1 }

/** Requests beyond those that every bucket costs: `HeadObject 1, GetObject 2`, or `nothing`. */
export const costOf = (requests: Outcome['requests'], buckets = 1, kind: 'general' | 'directory' = 'general'): string =>
  requestsBeyond(requests, kind === 'general' ? OF_BUCKET : OF_DIRECTORY_BUCKET, buckets)

/** The only finding of a run, and what it cost beyond the listing: `match stored one-sided-read md5; nothing`. */
export const only = (
  { findings, requests }: Outcome,
  buckets = 1,
  kind: 'general' | 'directory' = 'general',
): string => {
  expect(findings).toHaveLength(1)
  return `${told(findings[0]!)}; ${costOf(requests, buckets, kind)}`
}
