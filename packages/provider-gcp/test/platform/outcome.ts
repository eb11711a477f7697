import type { ObjectFinding, Report } from '@backproof/core/report'
import type { Run } from '@backproof/core/run'
import type { GcsServer } from '@backproof/test-servers'
import { type Outcome, outcomeOf as outcomeOfRun, costOf as requestsBeyond, told } from '@backproof/test-servers/suites'
import { expect } from 'vitest'
import { BY_SDK } from '../support/requests.js'

/** All that a run may send. */
export const READ_ONLY: readonly string[] = [
  'buckets.get',
  'buckets.getStorageLayout',
  'objects.list',
  'objects.get',
  'objects.getMedia',
]

/** What every run asks of every bucket: its settings, and what is in it. */
export const OF_BUCKET = { 'buckets.get': 1, 'objects.list': 1 } as const

/** Runs to the end; all that came to the server is what the run says it asked. */
export const outcomeOf = ({ requests }: GcsServer, run: Run<ObjectFinding, Report>): Promise<Outcome> =>
  outcomeOfRun({ requests, readOnly: READ_ONLY, bySdk: BY_SDK }, run)

/** Requests beyond those that every bucket costs: `objects.get 1, objects.getMedia 2`, or `nothing`. */
export const costOf = (requests: Outcome['requests'], buckets = 1): string =>
  requestsBeyond(requests, OF_BUCKET, buckets)

/** The only finding of a run, and what it cost beyond the listing: `match stored one-sided-read md5; nothing`. */
export const only = ({ findings, requests }: Outcome, buckets = 1): string => {
  expect(findings).toHaveLength(1)
  return `${told(findings[0]!)}; ${costOf(requests, buckets)}`
}
