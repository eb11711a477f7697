import { audit, givenHistory } from '@backproof/core/audit'
import { jobRuns } from '@backproof/core/history'
import { expect, it } from 'vitest'
import { backupSizeAnomaly } from '../src/rules/backup-size-anomaly.js'
import { jobPerformanceRegression } from '../src/rules/job-performance-regression.js'
import { jobRun } from './job-run.js'
import { NOW } from './restore-test.js'

it('series that are called alike are told apart', async () => {
  const runs = [
    jobRun(5, { plan: 'nightly' }),
    jobRun(4, { job: 'nightly' }),
    jobRun(3, { plan: 'a', job: 'b' }),
    jobRun(2, { plan: 'a, b' }),
    jobRun(1, { plan: 'weekly' }),
  ]
  const run = audit({
    rules: [backupSizeAnomaly(), jobPerformanceRegression()],
    targets: [{ kind: 'asset', id: 'shop' }],
    collectors: [givenHistory(jobRuns, runs)],
    now: () => new Date(NOW),
  })
  const { result } = await run.report()
  const subjects = ['["a","b",null]', '["a, b",null,null]', '["nightly",null,null]', 'weekly', '[null,"nightly",null]']
  for (const rule of ['backup-size-anomaly', 'job-performance-regression']) {
    const rows = result.findings.filter((row) => row.rule === rule)
    expect(rows.map(({ message }) => message)).toEqual(Array(5).fill('too-few'))
    expect(new Set(rows.map(({ subject }) => subject))).toEqual(new Set(subjects))
  }
})
