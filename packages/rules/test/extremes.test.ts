import { type AuditRule, audit } from '@backproof/core/audit'
import { capacityLines, drillLines, jobLines, recoveryPointLines } from '@backproof/core/history'
import { parsePolicy } from '@backproof/core/policy'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import * as all from '../src/index.js'

const { policy } = parsePolicy(
  JSON.stringify({
    schema: 'backproof.policy/v1',
    timezone: 'Europe/Berlin',
    assets: [
      { id: 'a', plans: ['p'], rpo: '1h', rto: '1h', criticality: 'critical' },
      { id: 'b', plans: ['p'] },
    ],
    plans: [{ id: 'p', schedules: [{ cron: '0 1 * * *' }], window: { from: '00:00', to: '06:00' } }],
    stores: [{ id: 'a' }],
  }),
)

const rules: readonly AuditRule[] = Object.values(all).flatMap((one) =>
  typeof one === 'function' && 'meta' in one ? [(one as () => AuditRule)()] : [],
)

const times = fc.constantFrom(
  '0000-01-01T00:00:00Z',
  '1969-12-31T23:59:59Z',
  '2026-10-30T00:00:00Z',
  '2026-10-31T00:00:00Z',
  '2026-11-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
)
const names = fc.constantFrom('p', '__proto__', 'constructor', '\ud800', 'x'.repeat(5_000))
const amounts = fc.constantFrom(0, 1, 2 ** 53 - 1)
const asset = fc.constantFrom('a', 'b')
const lines = (row: Readonly<Record<string, fc.Arbitrary<unknown>>>, needed: readonly string[]) =>
  fc
    .array(fc.record(row, { requiredKeys: [...needed] }), { minLength: 1, maxLength: 40, size: 'max' })
    .map((rows) => rows.map((one) => JSON.stringify(one)))

const jobs = lines(
  {
    asset,
    id: names,
    start: times,
    end: times,
    plan: names,
    job: names,
    kind: fc.constantFrom('full', 'incremental'),
    status: fc.constantFrom('success', 'warning', 'failed', 'unknown'),
    bytesProcessed: amounts,
    bytesTransferred: amounts,
    items: amounts,
    changedItems: amounts,
  },
  ['asset', 'id', 'start', 'end', 'status'],
)
const points = lines(
  {
    asset,
    id: names,
    created: times,
    store: asset,
    bytes: amounts,
    entropy: fc.constantFrom(0, 8),
    entropyBytes: amounts,
    duplicateBytes: amounts,
    expires: fc.oneof(times, fc.constant('never')),
    lockedUntil: times,
  },
  ['asset', 'id', 'created'],
)

it('rules do not fail over what lines may say, however odd', () =>
  fc.assert(
    fc.asyncProperty(jobs, points, async (runs, taken) => {
      const collectors = [
        jobLines({ lines: () => runs }),
        recoveryPointLines({ lines: () => taken }),
        drillLines({ lines: () => ['{"schema":"backproof.history/v1","history":"restore.drills"}'] }),
        capacityLines({ lines: () => ['{"schema":"backproof.history/v1","history":"capacity.samples"}'] }),
      ]
      const now = () => new Date('2026-11-01T12:00:00Z')
      const { result } = await audit({ rules, policy, collectors, now }).report()
      expect(result.histories.flatMap(({ token, items }) => (items > 0 ? [token] : []))).toEqual([
        'job.runs',
        'recovery.points',
      ])
      expect(result.findings.filter(({ status }) => status === 'error')).toEqual([])
    }),
    { numRuns: 40 },
  ))
