import { judge } from '@backproof/core/audit'
import { jobRuns } from '@backproof/core/history'
import { jobSuccessRate } from '@backproof/rules/job-success-rate'

const day = (n: number): number => Date.UTC(2026, 9, n, 3)
const runs = Array.from({ length: 30 }, (_, i) => ({ id: `run-${i + 1}`, asset: 'shop', start: day(i + 1) }))
const ended = runs.map((run) => ({
  ...run,
  end: run.start + 60_000,
  status: run.id === 'run-8' ? 'failed' : 'success',
}))

const target = { kind: 'asset', id: 'shop' }
const histories = [{ history: jobRuns, items: ended }]
for (const { status, text } of judge(jobSuccessRate({ minPercent: 99 }), { target, histories, now: new Date(day(31)) }))
  console.log(status, text)
