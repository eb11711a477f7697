import type { ObjectFinding, Report } from '@backproof/core/report'
import type { Run } from '@backproof/core/run'
import type { RequestCounters } from '@backproof/test-servers'
import { type Outcome, outcomeOf as outcomeOfRun, costOf as requestsBeyond, told } from '@backproof/test-servers/suites'
import { expect } from 'vitest'

/** All that a run may send. */
export const READ_ONLY: readonly string[] = ['ListBlobs', 'GetAccountInfo', 'GetBlobProperties', 'GetBlob']

/** Runs to the end; all that came to the server is what the run says it asked. */
export const outcomeOf = (requests: RequestCounters, run: Run<ObjectFinding, Report>): Promise<Outcome> =>
  outcomeOfRun({ requests, readOnly: READ_ONLY, bySdk: [] }, run)

/** What every run asks of every container: what its first blobs and its account are like, and what is in it. */
export const OF_CONTAINER = { ListBlobs: 2, GetAccountInfo: 1 } as const

/** Requests beyond those that every container costs: `GetBlobProperties 1, GetBlob 2`, or `nothing`. */
export const costOf = (requests: Outcome['requests'], containers = 1): string =>
  requestsBeyond(requests, OF_CONTAINER, containers)

/** The only finding of a run, and what it cost beyond the listing: `match claimed one-sided-read md5; nothing`. */
export const only = ({ findings, requests }: Outcome, containers = 1): string => {
  expect(findings).toHaveLength(1)
  return `${told(findings[0]!)}; ${costOf(requests, containers)}`
}
