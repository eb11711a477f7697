import type { Asset, RetentionClass } from '@backproof/core/audit'
import type { RecoveryPoint } from '@backproof/core/history'
import type { RuleTest } from '@backproof/core/testing'
import { retentionMax } from '../../src/rules/retention-max.js'
import { plan, policyOf } from '../job-run.js'

const NOW = Date.UTC(2026, 10, 1, 12)
const DAY = 86_400_000
/** Made so many days ago, and set to be kept for so many. */
const point = (ago: number, kept: number | null, more: Partial<RecoveryPoint> = {}): RecoveryPoint => ({
  id: `shop-${ago}d`,
  asset: 'shop',
  created: NOW - ago * DAY,
  complete: true,
  expires: kept === null ? null : NOW - ago * DAY + kept * DAY,
  ...more,
})
const quarter: RetentionClass = { id: 'quarter', maxDays: 90, basis: 'a contract' }
const year: RetentionClass = { id: 'year', maxDays: 365, basis: 'a law' }
const asset: Asset = { id: 'shop', plans: [], copies: [], retention: quarter }
const ask = (
  points: readonly RecoveryPoint[],
  more: Partial<Asset> = {},
  retention: readonly RetentionClass[] = [quarter, year],
) => ({ facts: { asset: { ...asset, ...more }, policy: policyOf({ retention }) }, histories: { points } })
const planned = (...points: readonly RecoveryPoint[]) =>
  ask(points, { plans: [plan('nightly', { retention: 'quarter' }), plan('archive', { retention: 'year' })] })
const absent = { state: 'absent', source: 'policy', observedAt: NOW } as const
const never = { expires: 'never' } as const

export default {
  rule: retentionMax,
  cases: [
    {
      name: 'None is older than 90 days, or will be',
      ...ask([point(80, 90), point(10, 30)]),
      expect: { message: 'not-too-long', data: { points: 2, held: 0, allowed: '90 days' } },
    },
    {
      name: 'One is 100 days old',
      ...ask([point(100, 90), point(10, 90)]),
      expect: {
        message: 'too-old',
        data: { long: 1, points: 2, id: 'shop-100d', created: '2026-07-24T12:00:00.000Z', allowed: '90 days' },
        evidence: ['shop-100d'],
      },
    },
    {
      name: 'A day more is borne with: removal runs once a day',
      ...ask([point(91, 91)]),
      expect: { message: 'not-too-long' },
    },
    {
      name: 'An hour more than that is not',
      ...ask([point(91 + 1 / 24, 91)]),
      expect: { message: 'too-old', evidence: ['shop-91.04166666666667d'] },
    },
    {
      name: 'Several, the oldest first',
      ...ask([point(100, 90), point(300, 90), point(200, 90)]),
      expect: { message: 'too-old', data: { long: 3 }, evidence: ['shop-300d', 'shop-200d', 'shop-100d'] },
    },
    {
      name: 'A legal hold keeps it',
      ...ask([point(100, 90, { hold: true })]),
      expect: { message: 'not-too-long', data: { held: 1 } },
    },
    {
      name: 'Nobody says whether a legal hold keeps it',
      ...ask([point(100, 90, { hold: null })]),
      expect: { message: 'too-old', evidence: ['shop-100d'] },
    },
    {
      name: 'It is set to be kept for a year',
      ...ask([point(10, 365)]),
      expect: {
        message: 'set-too-long',
        data: { long: 1, id: 'shop-10d', removable: 'from 2027-10-22T12:00:00.000Z on' },
        evidence: ['shop-10d'],
      },
    },
    {
      name: 'It never expires',
      ...ask([point(10, 0, never)]),
      expect: { message: 'set-too-long', data: { removable: 'never' }, evidence: ['shop-10d'] },
    },
    {
      name: 'Its lock reaches further than the class allows',
      ...ask([point(10, 30, { lockedUntil: NOW + 200 * DAY })]),
      expect: { message: 'set-too-long', evidence: ['shop-10d'] },
    },
    {
      name: 'Nobody says when it expires, but its lock reaches too far',
      ...ask([point(10, null, { lockedUntil: NOW + 200 * DAY })]),
      expect: { message: 'set-too-long', evidence: ['shop-10d'] },
    },
    {
      name: 'Nobody says when one expires',
      ...ask([point(10, 90), point(5, null)]),
      expect: { message: 'expiry-unknown', data: { unknown: 1, id: 'shop-5d' } },
    },
    {
      name: 'Nobody says when it expires, and it is too old',
      ...ask([point(100, null)]),
      expect: { message: 'too-old', evidence: ['shop-100d'] },
    },
    {
      name: 'A class for personal data allows less than its own',
      ...ask([point(100, 90)], { retention: year, dataClasses: ['personal'] }, [
        { ...quarter, dataClasses: ['personal'] },
        year,
      ]),
      expect: { message: 'too-old', data: { allowed: '90 days' }, evidence: ['shop-100d'] },
    },
    {
      name: 'A class for other data does not bind',
      ...ask([point(100, 200)], { retention: year, dataClasses: ['logs'] }, [
        { ...quarter, dataClasses: ['personal'] },
        year,
      ]),
      expect: { message: 'not-too-long', data: { allowed: '365 days' } },
    },
    {
      name: 'The option beats the classes',
      ...ask([point(100, 90)]),
      options: { maxDays: 120 },
      expect: { message: 'not-too-long', data: { allowed: '120 days' } },
    },
    {
      name: 'Each plan has its own class',
      ...planned(point(300, 365, { plan: 'archive' }), point(10, 90, { plan: 'nightly' })),
      expect: { message: 'not-too-long', data: { allowed: '90 days or 365 days' } },
    },
    {
      name: 'The nightly ones are kept as those of the archive',
      ...planned(point(300, 365, { plan: 'archive' }), point(100, 365, { plan: 'nightly' })),
      expect: { message: 'too-old', data: { id: 'shop-100d' }, evidence: ['shop-100d'] },
    },
    {
      name: 'It may be of many plans, that allow different things',
      ...ask(
        [point(10, 90)],
        { plans: Array.from({ length: 7 }, (_, i) => plan(`p${i}`, { retention: `r${i}` })) },
        Array.from({ length: 7 }, (_, i) => ({ id: `r${i}`, maxDays: 100 + i, basis: 'a law' })),
      ),
      expect: {
        message: 'not-too-long',
        data: { allowed: '100 days or 101 days or 102 days or 103 days or 104 days or 2 others' },
      },
    },
    {
      name: 'It does not say which of two plans made it',
      ...planned(point(100, 90)),
      expect: { message: 'plan-untold', data: { unknown: 1, id: 'shop-100d', allowed: '90 days or 365 days' } },
    },
    {
      name: 'It does not say which of two plans made it, and is too old for both',
      ...planned(point(400, 90)),
      expect: { message: 'too-old', evidence: ['shop-400d'] },
    },
    {
      name: 'Personal data that never expires, and no class sets a maximum',
      ...ask([point(10, 0, never), point(9, 30)], { retention: { id: 'open' }, dataClasses: ['personal', 'logs'] }),
      expect: { message: 'never-expires', data: { long: 1, classes: 'personal' }, evidence: ['shop-10d'] },
    },
    {
      name: 'Card data that expires, and no class sets a maximum',
      ...ask([point(9, 30)], { retention: { id: 'open' }, dataClasses: ['card'] }),
      expect: { message: 'limit-unknown', data: { classes: 'card' } },
    },
    {
      name: 'Personal data, and one of two plans has no maximum: what that makes is set to be kept for ten years',
      ...ask([point(9, 3_650, { plan: 'archive' }), point(9, 30, { plan: 'nightly' })], {
        retention: { id: 'open' },
        dataClasses: ['personal'],
        plans: [plan('nightly', { retention: 'quarter' }), plan('archive')],
      }),
      expect: { message: 'limit-unknown', data: { classes: 'personal', allowed: '90 days or no limit' } },
    },
    {
      name: 'Logs that never expire, and no class sets a maximum',
      ...ask([point(10, 0, never)], { retention: { id: 'open' }, dataClasses: ['logs'] }),
      expect: { message: 'no-limit' },
    },
    {
      name: 'One plan has a maximum, the other has none',
      ...ask([point(400, null, { plan: 'archive' }), point(9, 30, { plan: 'nightly' })], {
        retention: { id: 'open' },
        plans: [plan('nightly', { retention: 'quarter' }), plan('archive')],
      }),
      expect: { message: 'not-too-long', data: { allowed: '90 days or no limit' } },
    },
    {
      name: 'What the class says for a reason is blank',
      ...ask([point(9, 30)], { retention: { id: 'quarter', maxDays: 90, basis: ' ' } }),
      expect: [{ message: 'not-too-long' }, { message: 'no-basis', subject: 'quarter', evidence: ['quarter'] }],
    },
    {
      name: 'The class does not say why',
      ...ask([point(9, 30)], { retention: { id: 'quarter', maxDays: 90 } }),
      expect: [
        { message: 'not-too-long' },
        { message: 'no-basis', subject: 'quarter', data: { maxDays: 90 }, evidence: ['quarter'] },
      ],
    },
    {
      name: 'The class does not say why, and need not',
      ...ask([point(9, 30)], { retention: { id: 'quarter', maxDays: 90 } }),
      options: { requireBasis: false },
      expect: { message: 'not-too-long' },
    },
    {
      name: 'One is dated tomorrow',
      ...ask([point(10, 90), point(-1, 30)]),
      expect: { message: 'in-future', data: { unknown: 1, id: 'shop--1d' } },
    },
    {
      name: 'It became too old after the history had ended',
      ...ask([]),
      histories: { points: { items: [point(91.2, 90)], observedAt: NOW - DAY / 2 } },
      expect: { message: 'not-observed', data: { unknown: 1, until: '2026-11-01T00:00:00.000Z', id: 'shop-91.2d' } },
    },
    {
      name: 'Recovery points of the last month only are known',
      ...ask([]),
      histories: { points: { items: [point(9, 30)], from: NOW - 30 * DAY } },
      expect: { message: 'history-short', data: { from: '2026-10-02T12:00:00.000Z' } },
    },
    { name: 'There is none', ...ask([]), expect: { message: 'no-points' } },
    {
      name: 'A plan names a class that the policy does not have',
      ...ask([point(9, 30)], { plans: [plan('nightly', { retention: 'decade' })] }),
      expect: { message: 'class-unknown', data: { class: 'decade' } },
    },
    {
      name: 'The policy does not name it',
      facts: { asset: absent, policy: absent },
      histories: { points: [point(9, 30)] },
      expect: { message: 'no-policy' },
    },
  ],
  absent: { asset: { message: 'no-policy' }, policy: { message: 'not-too-long' } },
  boundaries: {
    maxDays: {
      question: ask([point(61, 61)]),
      limit: 60,
      at: 'not-too-long',
      stricter: 'too-old',
      laxer: 'not-too-long',
    },
    toleranceDays: {
      question: ask([point(95, 95)]),
      limit: 5,
      at: 'not-too-long',
      stricter: 'too-old',
      laxer: 'not-too-long',
    },
  },
} satisfies RuleTest
