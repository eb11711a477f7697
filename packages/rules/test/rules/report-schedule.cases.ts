import type { ReportSchedule } from '@backproof/core/audit'
import type { RuleTest } from '@backproof/core/testing'
import { reportSchedule } from '../../src/rules/report-schedule.js'
import { policyOf } from '../job-run.js'
import { ABSENT, DAY, NOW } from '../restore-test.js'

const ops = { id: 'ops', name: 'Operations', channels: ['mailto:ops@example.com'] }

/** Monthly, to a contact, the last one three weeks ago. */
const report = (parts: Partial<ReportSchedule> = {}): ReportSchedule => ({
  id: 'monthly',
  every: 31 * DAY,
  formats: ['html', 'json'],
  to: ['ops'],
  delivered: NOW - 21 * DAY,
  ...parts,
})

const facts = (...reports: readonly ReportSchedule[]) => ({ policy: policyOf({ reports, contacts: [ops] }) })

export default {
  rule: reportSchedule,
  cases: [
    {
      name: 'A monthly report arrived three weeks ago',
      facts: facts(report()),
      expect: {
        message: 'delivered',
        data: { reports: 1, suiting: 'monthly', limit: 92, age: 21 },
        evidence: ['monthly'],
      },
    },
    {
      name: 'The board gets another one once a year',
      facts: facts(
        report(),
        report({
          id: 'board',
          every: 366 * DAY,
          formats: ['html'],
          delivered: NOW - 200 * DAY,
          to: ['https://board.example.com'],
        }),
      ),
      expect: {
        message: 'delivered',
        data: { reports: 2, suiting: 'monthly', age: 200 },
        evidence: ['monthly', 'board'],
      },
    },
    { name: 'There is none', facts: facts(), expect: { message: 'no-report', evidence: ['reports'] } },
    {
      name: 'The policy does not speak of reports',
      facts: { policy: policyOf() },
      expect: { message: 'no-report', evidence: ['reports'] },
    },
    {
      name: 'The only one is yearly',
      facts: facts(report({ every: 366 * DAY })),
      expect: { message: 'none-suits', data: { limit: 92 }, evidence: ['monthly'] },
    },
    {
      name: 'The formats that are required are spread over two reports',
      options: { formats: ['html', 'json'] },
      facts: facts(report({ formats: ['html'] }), report({ id: 'raw', formats: ['json'] })),
      expect: { message: 'none-suits', data: { formats: 'html, json' }, evidence: ['monthly', 'raw'] },
    },
    {
      name: 'Any format will do',
      options: { formats: [] },
      facts: facts(report({ formats: ['pdf'] })),
      expect: { message: 'delivered' },
    },
    {
      name: 'It goes to a contact whose channel is blank',
      facts: {
        policy: {
          ...facts(report({ to: ['nobody'] })).policy,
          contacts: [{ id: 'nobody', name: 'N', channels: [' '] }],
        },
      },
      expect: { message: 'no-recipient', evidence: ['monthly'] },
    },
    {
      name: 'One goes to a contact that the policy does not have, and was never delivered',
      facts: facts(report(), report({ id: 'board', to: ['somebody'], delivered: undefined })),
      expect: [
        { message: 'no-recipient', data: { names: 'board', count: 1 }, evidence: ['board'] },
        { message: 'overdue', data: { names: 'board', count: 1 }, evidence: ['board'] },
      ],
    },
    {
      name: 'It has not come for two months',
      facts: facts(report({ delivered: NOW - 60 * DAY })),
      expect: { message: 'overdue', data: { names: 'monthly' }, evidence: ['monthly'] },
    },
    {
      name: 'It is to come tomorrow',
      facts: facts(report({ delivered: NOW + DAY })),
      expect: { message: 'overdue', evidence: ['monthly'] },
    },
    {
      name: 'An address with a token in it is not shown',
      facts: facts(report({ to: ['https://hooks.example.com/?sig=c2VjcmV0c2VjcmV0'], delivered: undefined })),
      expect: { message: 'overdue', evidence: ['monthly'] },
    },
    { name: 'There is no policy', facts: { policy: ABSENT }, expect: { message: 'no-policy' } },
  ],
  absent: { policy: { message: 'no-policy' } },
  boundaries: {
    maxDays: {
      question: { facts: facts(report({ every: 40 * DAY })) },
      limit: 40,
      at: 'delivered',
      stricter: 'none-suits',
      laxer: 'delivered',
    },
    toleranceDays: {
      question: { facts: facts(report({ delivered: NOW - 36 * DAY })) },
      limit: 5,
      at: 'delivered',
      stricter: 'overdue',
      laxer: 'delivered',
    },
  },
} satisfies RuleTest
