import { type AuditRule, audit, type HistorySource, type HistoryToken } from '@backproof/core/audit'
import { type JobRun, jobRuns, type RecoveryPoint, recoveryPoints } from '@backproof/core/history'
import * as rules from '../src/index.js'

const NOW = Date.UTC(2026, 10, 1, 12)
const [runs = 0, points = 0] = process.argv.slice(2).map(Number)

/** Items of one asset, a minute apart, made while they are read. */
const minutely = <T>(
  history: HistoryToken<T>,
  count: number,
  order: 'target-time' | 'none',
  item: (i: number, at: number) => T,
): HistorySource<T> => ({
  specVersion: 'v1',
  id: history.name,
  history,
  describe: async () => ({ order, source: history.name, observedAt: NOW }),
  read: async function* () {
    for (let at = 0; at < count; at += 1_000)
      yield Array.from({ length: Math.min(1_000, count - at) }, (_, i) => item(at + i, NOW - (count - at - i) * 60_000))
  },
})

const text = 'the disk is full '.repeat(20)
const collectors = [
  minutely<JobRun>(jobRuns, runs, 'target-time', (i, start) => ({
    id: `run-${i}`,
    asset: 'shop',
    start,
    end: start + 30_000,
    status: i % 9 === 0 ? 'failed' : 'success',
    bytesProcessed: 1_000 + (i % 7),
    ...(i % 9 === 0 && { error: { message: `${text}${i}` } }),
  })),
  // In no order: they are sorted on disk.
  minutely<RecoveryPoint>(recoveryPoints, points, 'none', (i, created) => ({
    id: `${text}${i}`,
    asset: 'shop',
    created,
    complete: true,
  })),
]
const all: readonly AuditRule[] = Object.values(rules).map((rule) => rule())
const run = audit({ rules: all, collectors, targets: [{ kind: 'asset', id: 'shop' }], now: () => new Date(NOW) })
const { result, telemetry } = await run.report()
const items = Object.fromEntries(result.histories.map(({ token, items: count }) => [token, count]))
console.log(JSON.stringify({ items, errors: result.totals.statuses.error, spilled: telemetry.spilledItems }))
