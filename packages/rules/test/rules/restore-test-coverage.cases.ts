import type { Asset, Policy } from '@backproof/core/audit'
import type { RecoveryPoint } from '@backproof/core/history'
import type { RuleTest } from '@backproof/core/testing'
import { restoreTestCoverage } from '../../src/rules/restore-test-coverage.js'
import { policyOf as policyWith } from '../job-run.js'
import { DAY, NOW, restoreTest, shop } from '../restore-test.js'

const policyOf = (assets: readonly Asset[]): Policy => policyWith({ assets })

const ids = ['crm', 'mail', 'shop', 'wiki']
const policy = policyOf(ids.map((id) => shop({ id })))
const empty = policyOf([])
const many = policyOf(Array.from({ length: 500 }, (_, index) => shop({ id: `asset-${1_000 + index}` })))

const point = (asset: string, daysAgo: number, parts: Partial<RecoveryPoint> = {}): RecoveryPoint => ({
  id: `${asset}-${daysAgo}`,
  asset,
  created: NOW - daysAgo * DAY,
  ...parts,
})

const points = [point('crm', 30), point('shop', 400), point('shop', 1)]
const old = { recoveryPointCreated: NOW - 400 * DAY }
const young = { recoveryPointCreated: NOW - 60 * DAY }

/** All within a year, one of them within the quarter, the oldest recovery point among them. */
const rotation = [
  restoreTest(300, { asset: 'crm', ...young }),
  restoreTest(200, { asset: 'mail', ...young }),
  restoreTest(110, { asset: 'shop', ...old }),
  restoreTest(20, { asset: 'wiki', ...young }),
]
const year = { samplePerQuarter: 0, includeOldest: false }
const quarter = { minAssetsPercent: 0, includeOldest: false }
const oldest = { minAssetsPercent: 0, samplePerQuarter: 0 }

export default {
  rule: restoreTestCoverage,
  cases: [
    {
      name: 'All four assets in a year, one of them in the quarter, and the oldest recovery point',
      facts: { policy },
      histories: { tests: rotation, points },
      expect: [
        { message: 'covered', subject: 'year', data: { tested: 4, assets: 4, percent: 100, days: 365, needed: 100 } },
        { message: 'covered', subject: 'quarter', data: { tested: 1, assets: 4, percent: 25, days: 92, needed: 25 } },
        {
          message: 'oldest-tested',
          subject: 'oldest',
          data: { asset: 'shop', oldest: '2025-09-27T12:00:00.000Z', created: '2025-09-27T12:00:00.000Z' },
          evidence: ['shop-400', 'test-110'],
        },
      ],
    },
    {
      name: 'The last restore became too old after the history had ended',
      facts: { policy: policyOf([shop()]) },
      histories: { tests: { items: [restoreTest(92.5)], observedAt: NOW - DAY }, points },
      options: quarter,
      expect: { message: 'coverage-unknown', data: { tested: 0, reason: 'of 1 nobody can say' } },
    },
    {
      name: 'The first restore became due after the history had ended',
      facts: { policy: policyOf([shop({ since: NOW - 92.5 * DAY })]) },
      histories: { tests: { items: [], observedAt: NOW - DAY }, points },
      options: quarter,
      expect: { message: 'coverage-unknown', data: { tested: 0, assets: 1 } },
    },
    {
      name: 'The restore of the oldest became too long ago after the history had ended',
      facts: { policy: policyOf([shop()]) },
      histories: { tests: { items: [restoreTest(365.5, old)], observedAt: NOW - DAY }, points },
      options: oldest,
      expect: { message: 'oldest-unknown', evidence: ['shop-400', 'test-365.5'] },
    },
    {
      name: 'The only recovery point is dated tomorrow',
      facts: { policy: policyOf([shop()]) },
      histories: { tests: [restoreTest(20, old)], points: [point('shop', -1)] },
      options: oldest,
      expect: { message: 'oldest-unknown' },
    },
    {
      name: 'Nothing was ever restored',
      facts: { policy },
      histories: { tests: [], points },
      expect: [
        { message: 'not-covered', subject: 'year', data: { tested: 0, assets: 4 }, evidence: ids },
        { message: 'not-covered', subject: 'quarter', evidence: ids },
        { message: 'oldest-not-tested', subject: 'oldest', evidence: ['shop-400'] },
      ],
    },
    {
      name: 'One asset was last restored more than a year ago, one failed',
      facts: { policy },
      options: year,
      histories: {
        tests: [
          restoreTest(366, { asset: 'crm' }),
          restoreTest(20, { asset: 'mail', validation: 'failed' }),
          restoreTest(20, { asset: 'shop' }),
          restoreTest(20, { asset: 'wiki' }),
        ],
        points,
      },
      expect: { message: 'not-covered', data: { tested: 2, assets: 4, percent: 50 }, evidence: ['crm', 'mail'] },
    },
    {
      name: 'The same asset again and again',
      facts: { policy },
      options: { ...quarter, samplePerQuarter: 50 },
      histories: { tests: [restoreTest(80), restoreTest(50), restoreTest(20)], points },
      expect: { message: 'not-covered', data: { tested: 1, assets: 4 }, evidence: ['crm', 'mail', 'wiki'] },
    },
    {
      name: 'Assets that the policy does not name do not count',
      facts: { policy },
      options: quarter,
      histories: { tests: [restoreTest(1, { asset: 'lab' }), restoreTest(2, { asset: 'toy' })], points },
      expect: { message: 'not-covered', data: { tested: 0, assets: 4 } },
    },
    {
      name: 'A new asset that was not restored yet is left out',
      facts: { policy: policyOf([shop(), shop({ id: 'new', since: NOW - 10 * DAY })]) },
      options: year,
      histories: { tests: [restoreTest(20)], points },
      expect: { message: 'covered', data: { tested: 1, assets: 1 } },
    },
    {
      name: 'All assets are new',
      facts: { policy: policyOf([shop({ since: NOW - 10 * DAY })]) },
      options: year,
      histories: { tests: [], points },
      expect: { message: 'no-assets', data: { days: 365 } },
    },
    {
      name: 'Of one restore test nobody knows how it ended',
      facts: { policy: policyOf([shop(), shop({ id: 'mail' })]) },
      options: year,
      histories: { tests: [restoreTest(9), restoreTest(9, { asset: 'mail', outcome: 'unknown' })], points },
      expect: {
        message: 'coverage-unknown',
        data: { tested: 1, reason: 'of 1 nobody can say' },
      },
    },
    {
      name: 'An unknown end changes nothing where others are missing',
      facts: { policy },
      options: year,
      histories: { tests: [restoreTest(9), restoreTest(9, { asset: 'mail', outcome: 'unknown' })], points },
      expect: { message: 'not-covered', data: { tested: 1 }, evidence: ['crm', 'mail', 'wiki'] },
    },
    {
      name: 'A restore test from tomorrow is none yet',
      facts: { policy: policyOf([shop()]) },
      options: year,
      histories: { tests: [restoreTest(-1)], points },
      expect: { message: 'coverage-unknown', data: { tested: 0 } },
    },
    {
      name: 'The history of restore tests begins half a year ago',
      facts: { policy },
      options: { includeOldest: false },
      histories: { tests: { items: [restoreTest(20)], from: NOW - 180 * DAY }, points },
      expect: [
        {
          message: 'coverage-unknown',
          subject: 'year',
          data: { reason: 'the history of restore tests begins later' },
        },
        { message: 'covered', subject: 'quarter' },
      ],
    },
    {
      name: 'A younger recovery point was restored, the oldest was not',
      facts: { policy },
      options: oldest,
      histories: { tests: [restoreTest(20, young)], points },
      expect: { message: 'oldest-not-tested', data: { asset: 'shop' }, evidence: ['shop-400', 'test-20'] },
    },
    {
      name: 'One was restored that was older than all that are left',
      facts: { policy },
      options: oldest,
      histories: { tests: [restoreTest(200, { asset: 'crm', recoveryPointCreated: NOW - 900 * DAY })], points },
      expect: { message: 'oldest-tested', data: { created: '2024-05-15T12:00:00.000Z' } },
    },
    {
      name: 'It was restored more than a year ago',
      facts: { policy },
      options: oldest,
      histories: { tests: [restoreTest(370, old)], points },
      expect: { message: 'oldest-not-tested' },
    },
    {
      name: 'An incomplete recovery point, and one of an asset that the policy does not name, are not the oldest',
      facts: { policy },
      options: oldest,
      histories: {
        tests: [restoreTest(20, old)],
        points: [point('lab', 2_000), point('shop', 900, { complete: false }), point('shop', 400)],
      },
      expect: { message: 'oldest-tested', data: { oldest: '2025-09-27T12:00:00.000Z' } },
    },
    {
      name: 'A restore test does not say what it restored',
      facts: { policy },
      options: oldest,
      histories: { tests: [restoreTest(20)], points },
      expect: {
        message: 'oldest-unknown',
        data: { reason: 'restore tests, for example of shop, do not say what they restored, or how they ended' },
      },
    },
    {
      name: 'The history of recovery points does not go back to the beginning',
      facts: { policy },
      options: oldest,
      histories: { tests: [restoreTest(20, old)], points: { items: points, from: NOW - 500 * DAY } },
      expect: {
        message: 'oldest-unknown',
        data: { reason: 'there may be older ones than the history of recovery points tells of' },
      },
    },
    {
      name: 'Not all restore tests of the year are known',
      facts: { policy },
      options: oldest,
      histories: { tests: { items: [restoreTest(20, young)], from: NOW - 180 * DAY }, points },
      expect: { message: 'oldest-unknown', data: { reason: 'not all restore tests of that time are known' } },
    },
    {
      name: 'There is no recovery point',
      facts: { policy },
      options: oldest,
      histories: { tests: [restoreTest(20, old)], points: [] },
      expect: { message: 'oldest-unknown', data: { reason: 'no recovery point of an asset of the policy is known' } },
    },
    {
      name: 'Exactly 64.4 percent of 500 assets',
      facts: { policy: many },
      options: { ...year, minAssetsPercent: 64.4 },
      histories: { tests: many.assets.slice(0, 322).map(({ id }) => restoreTest(20, { asset: id })), points },
      expect: { message: 'covered', data: { tested: 322, assets: 500, percent: 64.4 } },
    },
    {
      name: 'The policy names no asset',
      facts: { policy: empty },
      histories: { tests: rotation, points },
      expect: [
        { message: 'no-assets', subject: 'year' },
        { message: 'no-assets', subject: 'quarter' },
        { message: 'no-assets', subject: 'oldest' },
      ],
    },
    {
      name: 'There is no policy',
      facts: { policy: { state: 'absent', source: 'policy', observedAt: NOW } },
      histories: { tests: rotation, points },
      expect: { message: 'no-register' },
    },
    {
      name: 'Its options ask for nothing',
      facts: { policy },
      options: { ...year, minAssetsPercent: 0 },
      histories: { tests: rotation, points },
      expect: { message: 'nothing-asked' },
    },
  ],
  absent: { policy: { message: 'no-register' } },
  boundaries: {
    minAssetsPercent: {
      question: { facts: { policy }, options: year, histories: { tests: [restoreTest(20)], points } },
      limit: 25,
      at: 'covered',
      stricter: 'not-covered',
      laxer: 'covered',
    },
    samplePerQuarter: {
      question: { facts: { policy }, options: quarter, histories: { tests: [restoreTest(20)], points } },
      limit: 25,
      at: 'covered',
      stricter: 'not-covered',
      laxer: 'covered',
    },
  },
} satisfies RuleTest
