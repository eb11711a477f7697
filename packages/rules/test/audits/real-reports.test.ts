import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AuditReport, audit, type CorrectiveAction, givenHistory } from '@backproof/core/audit'
import { type JobRun, jobRuns, reportFiles } from '@backproof/core/history'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { auditCadence } from '../../src/rules/audit-cadence.js'
import { correctiveActionTracked } from '../../src/rules/corrective-action-tracked.js'
import { jobLastRunSucceeded } from '../../src/rules/job-last-run-succeeded.js'
import { policyOf } from '../job-run.js'

let temp: string
beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'rules-test-'))
})
afterAll(() => rm(temp, { recursive: true, force: true }))

const HOUR = 3_600_000
const at = (day: number): number => Date.UTC(2026, 10, day, 12)

const runOf = (day: number, status: JobRun['status']): JobRun => ({
  id: `run-${day}`,
  asset: 'shop',
  start: at(day) - 2 * HOUR,
  end: at(day) - HOUR,
  status,
})

/** An audit on a day of November, over a run of that day and the reports of the days before; its report goes to a file. */
const audited = async (
  day: number,
  status: JobRun['status'],
  actions: readonly CorrectiveAction[],
  reports: readonly string[],
): Promise<{ readonly said: readonly string[]; readonly report: AuditReport; readonly path: string }> => {
  const said: string[] = []
  const run = audit({
    rules: [jobLastRunSucceeded(), auditCadence({ minRules: 1, minCoveragePercent: 0 }), correctiveActionTracked()],
    targets: [{ kind: 'asset', id: 'shop' }],
    policy: policyOf({ correctiveActions: actions }),
    collectors: [
      givenHistory(jobRuns, [runOf(day, status)]),
      ...(reports.length > 0 ? [reportFiles({ paths: reports })] : []),
    ],
    now: () => new Date(at(day)),
  })
  for await (const page of run) for (const row of page) said.push(`${row.rule} ${row.status} ${row.message}`)
  const report = await run.report()
  const path = join(temp, `${day}.json`)
  await writeFile(path, JSON.stringify(report))
  return { said, report, path }
}

const action = (more: Partial<CorrectiveAction> = {}): CorrectiveAction => ({
  id: 'CA-1',
  rule: 'job-last-run-succeeded',
  target: 'shop',
  severity: 'high',
  owner: 'bob',
  opened: Date.UTC(2026, 10, 2),
  due: Date.UTC(2026, 10, 5) - 1,
  ...more,
})

describe('from one audit to the next', () => {
  it('a failure is found, tracked, closed, seen again, and at last in order', async () => {
    const first = await audited(1, 'failed', [], [])
    expect(first.said).toContain('job-last-run-succeeded fail failed')
    expect(first.said).toContain('corrective-action-tracked unknown fact-unknown')

    const second = await audited(2, 'failed', [], [first.path])
    expect(second.said).toContain('corrective-action-tracked fail no-action')
    expect(second.said).toContain('audit-cadence pass in-time')

    // That the rule itself failed is no row that needs an action.
    const both = [first.path, second.path]
    expect((await audited(3, 'failed', [action()], both)).said.filter((row) => row.startsWith('corr'))).toEqual([
      'corrective-action-tracked pass tracked',
    ])
    const closed = action({ closed: Date.UTC(2026, 10, 3) })
    const third = await audited(4, 'failed', [closed], both)
    expect(third.said).toContain('corrective-action-tracked pass tracked')
    const fourth = await audited(5, 'success', [closed], [...both, third.path])
    expect(fourth.said).toContain('corrective-action-tracked fail reopened')
    const fifth = await audited(6, 'success', [closed], [...both, third.path, fourth.path])
    expect(fifth.said).toContain('corrective-action-tracked pass nothing-open')
  })
})
