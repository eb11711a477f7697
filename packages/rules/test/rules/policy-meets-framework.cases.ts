import type { Asset, Policy } from '@backproof/core/audit'
import type { RuleTest } from '@backproof/core/testing'
import { policyMeetsFramework } from '../../src/rules/policy-meets-framework.js'
import { plan, policyOf } from '../job-run.js'
import { ABSENT, DAY, NOW, shop } from '../restore-test.js'

const review = (kind: string, daysAgo: number) => ({ kind, at: NOW - daysAgo * DAY, by: 'ciso' })

const ask = (assets: readonly Asset[], frameworks: readonly string[], parts: Partial<Policy> = {}) => ({
  facts: { policy: policyOf({ assets, frameworks, ...parts }) },
})

/** A class of retention. */
const kept = (minDays: number, maxDays?: number) => ({
  id: `for-${minDays}`,
  minDays,
  ...(maxDays !== undefined && { maxDays }),
})

const PCI_REVIEWS = [review('access-log', 1), review('access', 184)]

export default {
  rule: policyMeetsFramework,
  cases: [
    {
      name: 'An asset keeps the numbers of PCI DSS that bind it, and so do the reviews',
      ...ask([shop({ dataClasses: ['card'], restoreEvery: 366 * DAY, retention: kept(35, 90) })], ['pci-dss'], {
        reviews: PCI_REVIEWS,
      }),
      expect: [
        {
          message: 'reviewed',
          subject: 'accessLogReview',
          data: { days: 1, limit: 1, by: 'pci-dss 10.4.1', bound: 'at most 1 day' },
          evidence: ['pci-dss 10.4.1', 'access-log'],
        },
        { message: 'reviewed', subject: 'accessReview', data: { days: 184, limit: 184 } },
        { message: 'meets', subject: 'restoreEvery', data: { assets: 1, bound: 'at most 366 days' } },
        { message: 'nobody-concerned', subject: 'minRetention (audit-log)', data: { classes: 'audit-log' } },
        { message: 'meets', subject: 'maxRetention (card)', data: { assets: 1, bound: 'one that is stated' } },
      ],
    },
    {
      name: 'Logs that are reviewed weekly are enough for CIS, and not for PCI DSS: the strictest is asked, and both are named',
      ...ask([shop({ rpo: DAY, restoreEvery: 30 * DAY, dataClasses: ['logs'] })], ['cis-v8.1', 'pci-dss'], {
        reviewed: NOW - 200 * DAY,
        reviews: [review('access-log', 6), review('access', 90)],
      }),
      expect: [
        { message: 'meets', subject: 'rpo', data: { by: 'cis-v8.1 11.2' } },
        { message: 'meets', subject: 'restoreEvery', data: { by: 'cis-v8.1 11.5', limit: 92 } },
        { message: 'reviewed', subject: 'policyReview', data: { days: 200 } },
        { message: 'reviewed', subject: 'accessReview', data: { by: 'pci-dss 7.2.4' } },
        {
          message: 'review-overdue',
          subject: 'accessLogReview',
          data: { days: 6, by: 'pci-dss 10.4.1' },
          evidence: ['pci-dss 10.4.1', 'cis-v8.1 8.11', 'access-log'],
        },
        { message: 'nobody-concerned', subject: 'minRetention (audit-log)', data: { by: 'pci-dss 10.5.1' } },
        { message: 'nobody-concerned', subject: 'maxRetention (card)' },
      ],
    },
    {
      name: 'The newest review counts, and one that is yet to come does not; the policy was never reviewed',
      ...ask([], ['cis-v8.1'], {
        reviews: [review('access-log', 3), review('access-log', 300), review('access-log', -2), review('access', 367)],
      }),
      expect: [
        { message: 'nobody-concerned', subject: 'rpo' },
        { message: 'nobody-concerned', subject: 'restoreEvery' },
        { message: 'never-reviewed', subject: 'policyReview', evidence: ['cis-v8.1 11.1'] },
        { message: 'review-overdue', subject: 'accessReview', data: { days: 367, limit: 366 } },
        { message: 'reviewed', subject: 'accessLogReview', data: { days: 3 } },
        { message: 'nobody-concerned', subject: 'minRetention (audit-log)' },
      ],
    },
    {
      name: 'Two assets promise too little, and two nothing',
      ...ask(
        [
          shop({ restoreEvery: 367 * DAY, rpo: DAY, rto: DAY }),
          shop({ id: 'crm', restoreEvery: 400 * DAY, rpo: DAY, rto: DAY }),
          shop({ id: 'mail', rpo: DAY, rto: DAY }),
          shop({ id: 'wiki', restoreEvery: 366 * DAY, rpo: DAY }),
        ],
        ['dora'],
      ),
      expect: [
        {
          message: 'too-weak',
          subject: 'restoreEvery',
          data: { weak: 2, assets: 4, asset: 'shop', stated: 367, by: 'dora 11(6)' },
          evidence: ['dora 11(6)', 'shop', 'crm'],
        },
        {
          message: 'not-stated',
          subject: 'restoreEvery',
          data: { missing: 1, asset: 'mail' },
          evidence: ['dora 11(6)', 'mail'],
        },
        { message: 'meets', subject: 'rpo', data: { assets: 4, by: 'dora 12(6)' } },
        {
          message: 'not-stated',
          subject: 'rto',
          data: { missing: 1, asset: 'wiki' },
          evidence: ['dora 12(6)', 'wiki'],
        },
      ],
    },
    {
      name: 'Retention of documents, by the shortest of all plans',
      ...ask(
        [
          shop({
            dataClasses: ['documentation'],
            retention: kept(3_000),
            plans: [plan('nightly', { retention: 'for-2191' }), plan('weekly')],
          }),
        ],
        ['hipaa'],
        { retention: [kept(2_191), kept(3_000)] },
      ),
      expect: {
        message: 'too-weak',
        subject: 'minRetention (documentation)',
        data: { stated: 2_191, limit: 2_192 },
        evidence: ['hipaa 316(b)(2)(i)', 'shop'],
      },
    },
    {
      name: 'A rotation keeps as long as its shortest tier',
      ...ask(
        [shop({ dataClasses: ['audit-log'], retention: { id: 'gfs', gfs: { monthly: 14, yearly: 1 } } })],
        ['pci-dss'],
        { reviews: PCI_REVIEWS },
      ),
      expect: [
        { message: 'reviewed', subject: 'accessLogReview' },
        { message: 'reviewed', subject: 'accessReview' },
        { message: 'not-stated', subject: 'restoreEvery', evidence: ['pci-dss 12.10.2', 'shop'] },
        { message: 'meets', subject: 'minRetention (audit-log)', data: { limit: 365 } },
        { message: 'nobody-concerned', subject: 'maxRetention (card)' },
      ],
    },
    {
      name: 'One plan of two has no maximum retention: nothing is stated for the asset',
      ...ask(
        [
          shop({
            dataClasses: ['personal'],
            plans: [plan('nightly', { retention: 'for-7' }), plan('weekly', { retention: 'for-35' })],
          }),
        ],
        ['gdpr'],
        { retention: [kept(7, 30), kept(35)] },
      ),
      expect: {
        message: 'not-stated',
        subject: 'maxRetention (personal)',
        data: { by: 'gdpr 5(1)(e)' },
        evidence: ['gdpr 5(1)(e)', 'shop'],
      },
    },
    {
      name: 'Nobody says what data an asset holds that has no maximum retention',
      ...ask([shop({ dataClasses: ['personal'], retention: kept(7, 30) }), shop({ id: 'crm' })], ['gdpr']),
      expect: {
        message: 'class-unknown',
        subject: 'maxRetention (personal)',
        data: { unsure: 1, asset: 'crm', classes: 'personal' },
        evidence: ['gdpr 5(1)(e)', 'crm'],
      },
    },
    {
      name: 'Nobody says what data an asset holds that keeps the number anyway',
      ...ask(
        [shop({ dataClasses: ['personal'], retention: kept(7, 30) }), shop({ id: 'crm', retention: kept(7, 7) })],
        ['gdpr'],
      ),
      expect: { message: 'meets', subject: 'maxRetention (personal)', data: { assets: 1 } },
    },
    {
      name: 'An empty list of classes says nothing of what data an asset holds',
      ...ask([shop({ dataClasses: [] }), shop({ id: 'crm', dataClasses: [' '] })], ['gdpr']),
      expect: {
        message: 'class-unknown',
        subject: 'maxRetention (personal)',
        data: { unsure: 2, asset: 'shop' },
        evidence: ['gdpr 5(1)(e)', 'shop', 'crm'],
      },
    },
    {
      name: 'A class for personal data sets the maximum, and no plan names it',
      ...ask([shop({ dataClasses: ['personal'], retention: kept(35), plans: [plan('nightly')] })], ['gdpr'], {
        retention: [kept(35), { id: 'personal', maxDays: 90, dataClasses: ['personal'] }],
      }),
      expect: { message: 'meets', subject: 'maxRetention (personal)', data: { assets: 1 } },
    },
    {
      name: 'The class of a plan says nothing of a minimum: that of the asset does not speak for it',
      ...ask([shop({ rto: DAY, retention: kept(35), plans: [plan('nightly', { retention: 'short' })] })], ['nis2'], {
        retention: [{ id: 'short', maxDays: 7 }],
      }),
      expect: [
        { message: 'meets', subject: 'rto' },
        { message: 'not-stated', subject: 'minRetention', evidence: ['nis2 4.2.2(f)', 'shop'] },
      ],
    },
    {
      name: 'Logs are reviewed each day, and that of today is still to be done: dates stand for their days',
      ...ask([], ['pci-dss'], {
        reviews: [{ ...review('access-log', 1), at: NOW - 1.5 * DAY }, review('access', 3)],
      }),
      expect: [
        { message: 'reviewed', subject: 'accessLogReview', data: { days: 0.6 } },
        { message: 'reviewed', subject: 'accessReview' },
        { message: 'nobody-concerned', subject: 'restoreEvery' },
        { message: 'nobody-concerned', subject: 'minRetention (audit-log)' },
        { message: 'nobody-concerned', subject: 'maxRetention (card)' },
      ],
    },
    {
      name: 'An objective of no time at all states nothing',
      ...ask([shop({ rpo: 0, rto: DAY })], ['nist-800-53']),
      expect: [
        { message: 'not-stated', subject: 'rpo', evidence: ['nist-800-53 CP-2', 'shop'] },
        { message: 'meets', subject: 'rto' },
      ],
    },
    {
      name: 'A review that nobody signed is none',
      ...ask([], ['cis-v8.1'], {
        reviewed: NOW - DAY,
        reviews: [{ ...review('access-log', 3), by: ' ' }, review('access', 3)],
      }),
      expect: [
        { message: 'nobody-concerned', subject: 'rpo' },
        { message: 'nobody-concerned', subject: 'restoreEvery' },
        { message: 'reviewed', subject: 'policyReview', data: { days: 1 } },
        { message: 'reviewed', subject: 'accessReview' },
        { message: 'never-reviewed', subject: 'accessLogReview', evidence: ['cis-v8.1 8.11'] },
        { message: 'nobody-concerned', subject: 'minRetention (audit-log)' },
      ],
    },
    {
      name: 'Another framework, beside the one that the policy names',
      ...ask([shop({ rto: DAY, retention: kept(35) })], ['soc2']),
      options: { frameworks: ['nis2'] },
      expect: [
        { message: 'meets', subject: 'rto', data: { by: 'nis2 4.2.2(a)' } },
        { message: 'meets', subject: 'minRetention', data: { by: 'nis2 4.2.2(f)' } },
        { message: 'no-numbers', data: { frameworks: 'soc2' } },
      ],
    },
    {
      name: 'Frameworks without numbers, and one that nobody knows here',
      ...ask([shop()], ['soc2', 'iso-27001', 'acme']),
      expect: [
        { message: 'framework-unknown', data: { frameworks: 'acme' } },
        { message: 'no-numbers', data: { frameworks: 'iso-27001, soc2' } },
      ],
    },
    {
      name: 'The policy names no framework',
      facts: { policy: policyOf({ assets: [shop()] }) },
      expect: { message: 'no-framework' },
    },
    { name: 'There is no policy', facts: { policy: ABSENT }, expect: { message: 'no-policy' } },
  ],
  absent: { policy: { message: 'no-policy' } },
} satisfies RuleTest
