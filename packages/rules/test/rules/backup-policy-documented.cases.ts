import type { Asset, Policy } from '@backproof/core/audit'
import type { RuleTest } from '@backproof/core/testing'
import { backupPolicyDocumented } from '../../src/rules/backup-policy-documented.js'
import { plan, policyOf } from '../job-run.js'
import { ABSENT, DAY, NOW, shop } from '../restore-test.js'

const kept = { id: 'month', minDays: 30 }

const whole = (id: string, parts: Partial<Asset> = {}): Asset =>
  shop({ id, rpo: DAY, rto: DAY, retention: kept, escalation: 'on-call', ...parts })

/** All parts, approved, and reviewed a hundred days ago. */
const policy = (parts: Partial<Policy> = {}) => ({
  policy: policyOf({
    name: 'Backups',
    owner: 'Head of IT',
    approvedBy: 'Board',
    reviewed: NOW - 100 * DAY,
    disposal: 'keys are destroyed',
    assets: [whole('shop'), whole('mail')],
    retention: [kept],
    escalation: [{ id: 'on-call', levels: [] }],
    ...parts,
  }),
})

export default {
  rule: backupPolicyDocumented,
  cases: [
    {
      name: 'The policy has all parts, is approved, and was reviewed a hundred days ago',
      facts: policy(),
      expect: { message: 'documented', data: { parts: 7, approvedBy: 'Board', age: 100 }, evidence: ['Backups'] },
    },
    {
      name: 'Nobody approved it',
      facts: policy({ approvedBy: ' ' }),
      expect: { message: 'not-approved', evidence: ['Backups'] },
    },
    {
      name: 'It was reviewed two years ago',
      facts: policy({ reviewed: NOW - 730 * DAY }),
      expect: {
        message: 'review-overdue',
        data: { reviewed: '2024-11-01T12:00:00.000Z', limit: 365 },
        evidence: ['Backups'],
      },
    },
    {
      name: 'The review is to be tomorrow',
      facts: policy({ reviewed: NOW + DAY }),
      expect: { message: 'never-reviewed', evidence: ['Backups'] },
    },
    {
      name: 'It was reviewed two years ago, and again last week',
      facts: policy({ reviewed: NOW - 730 * DAY, reviews: [{ kind: 'policy', at: NOW - 7 * DAY, by: 'Ann' }] }),
      expect: { message: 'documented', data: { age: 7 }, evidence: ['Backups'] },
    },
    {
      name: 'Nobody signed the review of last week',
      facts: policy({ reviewed: NOW - 730 * DAY, reviews: [{ kind: 'policy', at: NOW - 7 * DAY, by: '' }] }),
      expect: { message: 'review-overdue', evidence: ['Backups'] },
    },
    {
      name: 'It was never reviewed, nor approved',
      facts: policy({ reviewed: undefined, approvedBy: undefined }),
      expect: [
        { message: 'never-reviewed', data: { limit: 365 }, evidence: ['Backups'] },
        { message: 'not-approved', evidence: ['Backups'] },
      ],
    },
    {
      name: 'It does not say how backups are destroyed, nor who answers for them',
      facts: policy({ disposal: undefined, owner: '' }),
      expect: [
        { message: 'part-missing', subject: 'owner', evidence: ['Backups'] },
        { message: 'part-missing', subject: 'disposal', evidence: ['Backups'] },
      ],
    },
    {
      name: 'One of two assets has no objectives',
      facts: policy({ assets: [whole('shop', { rpo: undefined, rto: 0 }), whole('mail')] }),
      expect: [
        {
          message: 'assets-without',
          subject: 'rpo',
          data: { count: 1, assets: 2, names: 'shop' },
          evidence: ['shop'],
        },
        { message: 'assets-without', subject: 'rto', evidence: ['shop'] },
      ],
    },
    {
      name: 'The retention class of one plan names no number, and neither does that of the asset',
      facts: policy({
        assets: [
          whole('shop', {
            retention: { id: 'any', gfs: { daily: 0 } },
            plans: [plan('nightly', { retention: 'month' }), plan('weekly', { retention: 'any' })],
          }),
        ],
        retention: [kept, { id: 'any' }],
      }),
      expect: { message: 'assets-without', subject: 'retention', data: { names: 'shop' }, evidence: ['shop'] },
    },
    {
      name: 'An asset has neither a retention class nor a plan',
      facts: policy({ assets: [whole('shop', { retention: undefined }), whole('mail')] }),
      expect: { message: 'assets-without', subject: 'retention', data: { names: 'shop' }, evidence: ['shop'] },
    },
    {
      name: 'Each plan of the asset has a retention class of its own',
      facts: policy({
        assets: [
          whole('shop', {
            retention: undefined,
            plans: [plan('nightly', { retention: 'month' }), plan('weekly', { retention: 'rotation' })],
          }),
        ],
        retention: [kept, { id: 'rotation', gfs: { weekly: 4 } }],
      }),
      expect: { message: 'documented' },
    },
    {
      name: 'Seven assets name an escalation path that the policy does not have',
      facts: policy({ assets: [1, 2, 3, 4, 5, 6, 7].map((n) => whole(`asset-${n}`, { escalation: 'gone' })) }),
      expect: {
        message: 'assets-without',
        subject: 'escalation',
        data: { count: 7, names: 'asset-1, asset-2, asset-3, asset-4, asset-5 and 2 more' },
      },
    },
    {
      name: 'It names no asset, so that nothing is said of any',
      facts: policy({ assets: [] }),
      expect: ['scope', 'rpo', 'rto', 'retention', 'escalation'].map((subject) => ({
        message: 'part-missing',
        subject,
        evidence: ['Backups'],
      })),
    },
    {
      name: 'Only the owner is asked for',
      options: { required: ['owner'] },
      facts: policy({ assets: [], disposal: undefined }),
      expect: { message: 'documented', data: { parts: 1 } },
    },
    { name: 'There is no policy', facts: { policy: ABSENT }, expect: { message: 'no-policy' } },
    { name: 'Nobody read the policy', expect: { message: 'fact-unknown' } },
  ],
  absent: { policy: { message: 'no-policy' } },
  boundaries: {
    reviewMaxDays: {
      question: { facts: policy({ reviewed: NOW - 200 * DAY }) },
      limit: 200,
      at: 'documented',
      stricter: 'review-overdue',
      laxer: 'documented',
    },
  },
} satisfies RuleTest
