import type { WaiverStanding } from '@backproof/core/audit'
import type { RuleTest } from '@backproof/core/testing'
import { waiverValid } from '../../src/rules/waiver-valid.js'

const DAY = 86_400_000

/** In force for 28 days, to the end of the 28th of November; accepts two rows of severity high. */
const standing = (more: Partial<WaiverStanding> = {}): WaiverStanding => ({
  id: 'old-nas',
  state: 'used',
  expires: Date.UTC(2026, 10, 29) - 1,
  approver: 'CISO',
  span: 28 * DAY - 1,
  rows: 2,
  severity: 'high',
  ...more,
})
const none = { rows: 0, severity: undefined }
const ask = (...waivers: readonly WaiverStanding[]) => ({ facts: { waivers } })
/** Runs from a date to the end of another one, 21 nights later: 22 days less a millisecond. */
const threeWeeks = (severity: NonNullable<WaiverStanding['severity']>) => ({
  question: ask(standing({ severity, span: 22 * DAY - 1 })),
  limit: 21,
  at: 'accepts',
  stricter: 'too-long',
  laxer: 'accepts',
})

export default {
  rule: waiverValid,
  cases: [
    {
      name: 'It accepts two failing rows until the end of the month',
      ...ask(standing()),
      expect: {
        message: 'accepts',
        subject: 'old-nas',
        data: { rows: 2, severity: 'high', expires: '2026-11-28T23:59:59.999Z', approver: 'CISO' },
        evidence: ['old-nas'],
      },
    },
    {
      name: 'One has expired, one no failing row matches, one has no reason',
      ...ask(
        standing({ ...none, id: 'a', state: 'expired', expires: Date.UTC(2026, 9, 31) - 1 }),
        standing({ ...none, id: 'b', state: 'unused' }),
        { id: '#3', state: 'malformed', wrong: '`reason` is ""; it must be a text', rows: 0 },
      ),
      expect: [
        { message: 'expired', subject: 'a', data: { expires: '2026-10-30T23:59:59.999Z' }, evidence: ['a'] },
        { message: 'unused', subject: 'b', evidence: ['b'] },
        {
          message: 'malformed',
          subject: '#3',
          data: { reason: '`reason` is ""; it must be a text' },
          evidence: ['#3'],
        },
      ],
    },
    {
      name: 'It runs for half a year, and a row of severity critical would need it',
      ...ask(standing({ state: 'too-long', rows: 0, severity: 'critical', span: 180 * DAY })),
      expect: { message: 'too-long', data: { days: 180, severity: 'critical', maxDays: 30 }, evidence: ['old-nas'] },
    },
    {
      name: 'It is accepted, and longer than this policy wants',
      ...ask(standing({ span: 60 * DAY })),
      options: { maxDaysHigh: 45 },
      expect: { message: 'too-long', data: { days: 60, severity: 'high', maxDays: 45, rows: 2 } },
    },
    {
      name: 'Rows of severity info may be accepted for as long as those of low',
      ...ask(
        standing({ severity: 'info', span: 366 * DAY - 1 }),
        standing({ id: 'b', severity: 'info', span: 366 * DAY }),
      ),
      expect: [
        { message: 'accepts', subject: 'old-nas' },
        { message: 'too-long', subject: 'b', data: { maxDays: 365 }, evidence: ['b'] },
      ],
    },
    {
      name: 'What it is about nobody could decide',
      ...ask(standing({ ...none, state: 'undecided' })),
      expect: { message: 'undecided', subject: 'old-nas', evidence: ['old-nas'] },
    },
    {
      name: 'Not all targets are known',
      ...ask(standing({ ...none, state: 'not-reached' })),
      expect: { message: 'not-reached', subject: 'old-nas' },
    },
    {
      name: 'It is about a rule that is not asked',
      ...ask(standing({ ...none, state: 'not-asked', rule: 'job-not-missed' })),
      expect: { message: 'not-asked', subject: 'old-nas', data: { rule: 'job-not-missed' } },
    },
    { name: 'Nothing is waived', ...ask(), expect: { message: 'no-waivers' } },
  ],
  absent: { waivers: { message: 'no-waivers' } },
  boundaries: {
    maxDaysCritical: threeWeeks('critical'),
    maxDaysHigh: threeWeeks('high'),
    maxDaysMedium: threeWeeks('medium'),
    maxDaysLow: threeWeeks('low'),
  },
} satisfies RuleTest
