import { type AuditRule, assetPolicy, collected, judge } from '@backproof/core/audit'
import { type JobRun, jobRuns } from '@backproof/core/history'
import { describe, expect, it } from 'vitest'
import { RUN_LIMIT } from '../src/recent-runs.js'
import { jobNoProductionImpact } from '../src/rules/job-no-production-impact.js'
import { jobWindowRespected } from '../src/rules/job-window-respected.js'

const NOW = Date.UTC(2026, 10, 1, 12)
const MINUTE = 60_000

/** A run each minute, of half a minute. */
const perMinute = (count: number): JobRun[] =>
  Array.from({ length: count }, (_, at) => {
    const start = NOW - (count - at) * MINUTE
    return { id: `${at}`, asset: 'shop', start, end: start + MINUTE / 2, status: 'success' }
  })

const say = (rule: AuditRule, items: readonly JobRun[]) =>
  judge(rule, {
    target: { kind: 'asset', id: 'shop' },
    facts: [collected(assetPolicy, { state: 'absent', source: 'policy', observedAt: NOW })],
    histories: [{ history: jobRuns, items }],
    now: new Date(NOW),
  })

describe('more runs than are kept', () => {
  const tooMany = perMinute(RUN_LIMIT + 5)

  it('are a sample, of which the newest are judged', () => {
    const sampled = { taken: RUN_LIMIT, of: RUN_LIMIT + 5 }
    expect(say(jobWindowRespected({ window: ['00:00-00:00 UTC'] }), tooMany)).toMatchObject([
      { message: 'respected', sampled, data: { runs: RUN_LIMIT } },
    ])
    expect(say(jobNoProductionImpact({ maxConcurrent: 1 }), tooMany)).toMatchObject([
      { message: 'few-at-once', sampled, data: { runs: RUN_LIMIT } },
    ])
  })

  it('fail with as many runs as evidence takes, and a count of the rest', () => {
    const [verdict] = say(jobWindowRespected({ window: ['11:59-12:00 UTC'] }), tooMany)
    expect(verdict).toMatchObject({ message: 'outside', evidence: { length: 20 } })
    expect(verdict?.evidenceOmitted).toBe(Number(verdict?.data?.['outside']) - 20)
  })

  it('are no sample where all are kept', () => {
    const [verdict] = say(jobNoProductionImpact({ maxConcurrent: 1 }), tooMany.slice(5))
    expect(verdict).not.toHaveProperty('sampled')
  })
})
