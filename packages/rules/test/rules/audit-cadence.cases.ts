import type { EarlierAudit } from '@backproof/core/history'
import type { RuleTest } from '@backproof/core/testing'
import { auditCadence } from '../../src/rules/audit-cadence.js'
import { earlierAudit, earlierRule } from '../earlier-audit.js'

const ask = (...audits: readonly EarlierAudit[]) => ({ facts: { audits } })

/** 12 rules, ten rows each, of which so many are unknown. */
const leavingOpen = (unknown: number) =>
  Array.from({ length: 12 }, (_, i) => earlierRule(`rule-${i}`, { pass: 9 - unknown, fail: 1, unknown }))
const monthAgo = '2026-10-02T12:00:00.000Z'

export default {
  rule: auditCadence,
  cases: [
    {
      name: 'The last audit was made 30 days ago, and decided everything',
      ...ask(earlierAudit('2026-09-01T12:00:00.000Z'), earlierAudit(monthAgo)),
      expect: [
        {
          message: 'in-time',
          data: { days: 30, at: monthAgo, percent: 100, maxDays: 31 },
          evidence: ['audit-2026-10-02.json'],
        },
        { message: 'deep-in-time', data: { days: 30, percent: 100, maxDays: 92 } },
      ],
    },
    {
      name: 'The last audit was made two months ago',
      ...ask(earlierAudit('2026-09-01T12:00:00.000Z')),
      expect: [
        { message: 'overdue', data: { days: 61 }, evidence: ['audit-2026-09-01.json'] },
        { message: 'deep-in-time', data: { days: 61 } },
      ],
    },
    {
      name: 'Audits of each month leave a third open, and the one before them that did not is five months old',
      ...ask(
        earlierAudit(monthAgo, { rules: leavingOpen(3) }),
        earlierAudit('2026-09-01T12:00:00.000Z', { rules: leavingOpen(3) }),
        earlierAudit('2026-06-04T12:00:00.000Z'),
      ),
      expect: [
        { message: 'in-time', data: { percent: 70 } },
        { message: 'deep-overdue', data: { days: 150, percent: 100 }, evidence: ['audit-2026-06-04.json'] },
      ],
    },
    {
      name: 'Nine rows of ten were decided, failing ones too',
      ...ask(earlierAudit(monthAgo, { rules: leavingOpen(1) })),
      expect: [{ message: 'in-time' }, { message: 'deep-in-time', data: { percent: 90 } }],
    },
    {
      name: 'One rule was asked each night, and an audit was cancelled',
      ...ask(
        earlierAudit('2026-10-31T01:00:00.000Z', { rules: [earlierRule('job-not-missed')] }),
        earlierAudit(monthAgo, { complete: false }),
      ),
      expect: [
        {
          message: 'none-whole',
          data: { audits: 2, at: '2026-10-31T01:00:00.000Z', rules: 1, percent: 100 },
          evidence: ['audit-2026-10-31.json', 'audit-2026-10-02.json'],
        },
        { message: 'none-deep', data: { minPercent: 90 } },
      ],
    },
    {
      name: 'The last audit could decide nothing',
      ...ask(
        earlierAudit(monthAgo, {
          rules: Array.from({ length: 12 }, (_, i) => earlierRule(`rule-${i}`, { unknown: 4, 'not-applicable': 4 })),
        }),
      ),
      expect: [{ message: 'none-whole', data: { percent: 0 } }, { message: 'none-deep' }],
    },
    {
      name: 'No report of an audit is at hand',
      ...ask(),
      expect: { message: 'no-audits' },
    },
    {
      name: 'One is dated tomorrow',
      ...ask(earlierAudit(monthAgo), earlierAudit('2026-11-02T12:00:00.000Z')),
      expect: {
        message: 'in-future',
        data: { audit: 'audit-2026-11-02.json', at: '2026-11-02T12:00:00.000Z' },
      },
    },
  ],
  absent: { audits: { message: 'no-audits' } },
  boundaries: {
    maxDays: {
      question: { ...ask(earlierAudit(monthAgo)), options: { deepMaxDays: 10 } },
      limit: 30,
      at: 'in-time',
      stricter: 'overdue',
      laxer: 'in-time',
    },
    deepMaxDays: {
      question: { ...ask(earlierAudit(monthAgo)), options: { maxDays: 10 } },
      limit: 30,
      at: 'deep-in-time',
      stricter: 'deep-overdue',
      laxer: 'deep-in-time',
    },
    minCoveragePercent: {
      question: ask(earlierAudit(monthAgo, { rules: leavingOpen(2) })),
      limit: 80,
      at: 'deep-in-time',
      stricter: 'none-deep',
      laxer: 'deep-in-time',
    },
    minRules: {
      question: ask(earlierAudit(monthAgo)),
      limit: 12,
      at: 'in-time',
      stricter: 'none-whole',
      laxer: 'in-time',
    },
  },
} satisfies RuleTest
