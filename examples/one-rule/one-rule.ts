import { judge } from '@backproof/core/audit'
import { jobRuns } from '@backproof/core/history'
import { jobSuccessRate } from '@backproof/rules/job-success-rate'

const starts = Array.from({ length: 30 }, (_, i) => Date.UTC(2026, 9, i + 1, 3))
const items = starts.map((start, i) => ({ id: `${i}`, asset: 'shop', start, status: i === 8 ? 'failed' : 'success' }))

const findings = judge(jobSuccessRate({ minPercent: 99 }), {
  target: { kind: 'asset', id: 'shop' },
  histories: [{ history: jobRuns, items }],
  now: new Date('2026-10-31T00:00:00Z'),
})
for (const { status, text } of findings) console.log(status, text)
