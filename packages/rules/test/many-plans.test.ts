import { type Asset, type AuditRule, assetPolicy, collected, judge, policyFact } from '@backproof/core/audit'
import { type RecoveryPoint, recoveryPoints } from '@backproof/core/history'
import { expect, it } from 'vitest'
import { recoveryPointMinRetention, retentionMax } from '../src/index.js'
import { plan, policyOf } from './job-run.js'
import { DAY, NOW } from './restore-test.js'

const retention = [{ id: 'quarter', minDays: 35, maxDays: 90, basis: 'a contract' }]
const asset: Asset = {
  id: 'shop',
  copies: [],
  plans: Array.from({ length: 200_000 }, (_, i) => plan(`p${i}`, { retention: 'quarter' })),
}
const point: RecoveryPoint = {
  id: 'shop-1',
  asset: 'shop',
  created: NOW - DAY,
  complete: true,
  expires: NOW + 60 * DAY,
}
const known = <T>(value: T) => ({ state: 'known', value, source: 'policy', observedAt: NOW }) as const

it('an asset may have more plans than a call takes arguments', () => {
  const statusOf = (rule: AuditRule): readonly string[] =>
    judge(rule, {
      target: { kind: 'asset', id: 'shop' },
      facts: [collected(assetPolicy, known(asset)), collected(policyFact, known(policyOf({ retention })))],
      histories: [{ history: recoveryPoints, items: [point] }],
      now: new Date(NOW),
    }).map(({ status }) => status)
  expect(statusOf(retentionMax())).toEqual(['pass'])
  expect(statusOf(recoveryPointMinRetention())).toEqual(['pass'])
})
