import type { CorrectiveAction, StatusCounts } from '@backproof/core/audit'
import type { EarlierAudit, EarlierRow } from '@backproof/core/history'
import type { RuleTest } from '@backproof/core/testing'
import { correctiveActionTracked } from '../../src/rules/corrective-action-tracked.js'
import { earlierAudit, earlierRow, earlierRule } from '../earlier-audit.js'
import { policyOf } from '../job-run.js'

const at = (date: string): number => Date.parse(date)
/** The last moment of a day, as the policy reads what is due. */
const endOf = (date: string): number => at(`${date}T23:59:59.999Z`)

const action = (more: Partial<CorrectiveAction> = {}): CorrectiveAction => ({
  id: 'CA-7',
  rule: 'job-not-missed',
  target: 'shop',
  severity: 'high',
  owner: 'bob',
  opened: at('2026-10-29'),
  due: endOf('2026-11-04'),
  ...more,
})

/** An audit at three in the morning in which rows failed; the rule passes for nine other targets. */
const audited = (
  date: string,
  failing: readonly EarlierRow[],
  more: Parameters<typeof earlierAudit>[1] & { readonly statuses?: Partial<StatusCounts> } = {},
): EarlierAudit =>
  earlierAudit(`${date}T03:00:00.000Z`, {
    rules: [...new Set(['job-not-missed', ...failing.map(({ rule }) => rule)])].map((rule) =>
      earlierRule(rule, { pass: 9, fail: failing.filter((row) => row.rule === rule).length, ...more.statuses }),
    ),
    failing,
    ...more,
  })

const missed = earlierRow('job-not-missed')
const ask = (audits: readonly EarlierAudit[], ...correctiveActions: readonly CorrectiveAction[]) => ({
  facts: { audits, policy: policyOf({ correctiveActions }) },
})
const thrice = [audited('2026-10-29', [missed]), audited('2026-10-30', [missed]), audited('2026-10-31', [missed])]

/** A row of a severity, first seen on the 29th; due on the 2nd of November, four days later. */
const inFourDays = (severity: EarlierRow['severity']) => ({
  question: {
    ...ask([audited('2026-10-29', [{ ...missed, severity }])], action({ due: endOf('2026-11-02') })),
    options: { minSeverity: 'info' },
  },
  limit: 4,
  at: 'tracked',
  stricter: 'due-late',
  laxer: 'tracked',
})

export default {
  rule: correctiveActionTracked,
  cases: [
    {
      name: 'A row has failed for three days, and bob mends it within a week',
      ...ask(thrice, action()),
      expect: {
        message: 'tracked',
        subject: 'job-not-missed shop',
        data: { rule: 'job-not-missed', target: 'shop', action: 'CA-7', owner: 'bob', due: '2026-11-04T23:59:59.999Z' },
        evidence: ['CA-7', 'audit-2026-10-31.json'],
      },
    },
    {
      name: 'An action names the fingerprint of the row, another one something else',
      ...ask(
        thrice,
        action({ id: 'CA-8', target: 'wiki', owner: 'ann' }),
        action({ rule: undefined, target: undefined, fingerprint: 'job-not-missed shop' }),
      ),
      expect: { message: 'tracked', data: { action: 'CA-7' } },
    },
    {
      name: 'Nobody takes care of it',
      ...ask(thrice, action({ target: 'wiki' }), action({ id: 'CA-8', target: undefined })),
      expect: {
        message: 'no-action',
        subject: 'job-not-missed shop',
        data: { first: '2026-10-29T03:00:00.000Z', latest: '2026-11-05T23:59:59.999Z', severity: 'high' },
        evidence: ['audit-2026-10-31.json'],
      },
    },
    {
      name: 'It is about the estate, and so is the action',
      ...ask(
        [audited('2026-10-29', [{ ...missed, rule: 'training-current', target: { kind: 'estate', id: 'estate' } }])],
        action({ rule: 'training-current', target: undefined }),
      ),
      expect: { message: 'tracked', data: { target: 'estate' } },
    },
    {
      name: 'The rule has another name there, and the action names its id; the row is about a part',
      ...ask(
        [
          audited('2026-10-29', [{ ...missed, rule: 'strict', subject: 'nightly' }], {
            rules: [earlierRule('strict', { fail: 1 }, { id: 'job-not-missed' })],
          }),
        ],
        action(),
      ),
      expect: { message: 'tracked', data: { rule: 'strict', target: 'shop (nightly)' } },
    },
    {
      name: 'Nobody is named',
      ...ask(thrice, action({ owner: ' ' })),
      expect: { message: 'no-owner', data: { action: 'CA-7' }, evidence: ['CA-7', 'audit-2026-10-31.json'] },
    },
    {
      name: 'It was due yesterday',
      ...ask(thrice, action({ due: endOf('2026-10-31') })),
      expect: { message: 'overdue', data: { owner: 'bob', due: '2026-10-31T23:59:59.999Z' } },
    },
    {
      name: 'It may take until the end of the year, says the action',
      ...ask(thrice, action({ due: endOf('2026-12-31') })),
      expect: { message: 'due-late', data: { latest: '2026-11-05T23:59:59.999Z' } },
    },
    {
      name: 'It was known before the first report that is at hand',
      ...ask(thrice, action({ opened: at('2026-10-24') })),
      expect: { message: 'due-late', data: { latest: '2026-10-31T23:59:59.999Z' } },
    },
    {
      name: 'It was closed, and failed in the audit of the next day',
      ...ask(thrice, action({ closed: at('2026-10-30') })),
      expect: { message: 'reopened', data: { closed: '2026-10-30T00:00:00.000Z', last: '2026-10-31T03:00:00.000Z' } },
    },
    {
      name: 'It failed again after it was closed, and another action was opened',
      ...ask(thrice, action({ closed: at('2026-10-30') }), action({ id: 'CA-8', opened: at('2026-10-31') })),
      expect: { message: 'tracked', data: { action: 'CA-8' } },
    },
    {
      name: 'It was closed after the last audit, and the due date is not over',
      ...ask(thrice, action({ closed: at('2026-10-31') })),
      expect: { message: 'tracked' },
    },
    {
      name: 'It was closed after the last audit, and nobody looked again until it was due',
      ...ask(thrice, action({ due: endOf('2026-10-31'), closed: at('2026-10-31') })),
      expect: { message: 'not-retested', data: { closed: '2026-10-31T00:00:00.000Z' } },
    },
    {
      name: 'It was closed and checked again the next day',
      ...ask(thrice, action({ due: endOf('2026-10-31'), closed: at('2026-10-31'), retested: at('2026-11-01') })),
      expect: { message: 'retested', data: { retested: '2026-11-01T00:00:00.000Z' } },
    },
    {
      name: 'It was closed in the morning, and checked on the same day',
      ...ask(
        [audited('2026-10-30', [missed])],
        action({ due: endOf('2026-10-31'), closed: at('2026-10-31T10:00Z'), retested: at('2026-10-31') }),
      ),
      expect: { message: 'retested' },
    },
    {
      name: 'It was checked before it failed last, or will be tomorrow',
      ...ask(
        [audited('2026-10-31', [missed, { ...missed, fingerprint: 'other', target: { kind: 'asset', id: 'wiki' } }])],
        action({ due: endOf('2026-10-31'), closed: at('2026-10-31'), retested: at('2026-10-31') }),
        action({ target: 'wiki', due: endOf('2026-10-31'), closed: at('2026-10-31'), retested: at('2026-11-02') }),
      ),
      expect: [
        { message: 'not-retested', subject: 'job-not-missed shop' },
        { message: 'not-retested', subject: 'other' },
      ],
    },
    {
      name: 'A later audit asked again, and the row is gone',
      ...ask([audited('2026-10-29', [missed]), audited('2026-10-31', [])], action({ closed: at('2026-10-30') })),
      expect: { message: 'nothing-open', data: { audits: 2, at: '2026-10-31T03:00:00.000Z', minSeverity: 'medium' } },
    },
    {
      name: 'A later audit could not decide it, or did not ask, or was cancelled',
      ...ask(
        [
          audited('2026-10-28', [missed]),
          audited('2026-10-29', [], { undecided: [missed], statuses: { unknown: 1 } }),
          audited('2026-10-30', [], { rules: [earlierRule('job-success-rate')] }),
          audited('2026-10-31', [], { complete: false }),
        ],
        action({ due: endOf('2026-10-30'), closed: at('2026-10-30') }),
      ),
      expect: { message: 'not-retested', data: { last: '2026-10-28T03:00:00.000Z' } },
    },
    {
      name: 'It failed in summer, was in order, and failed again yesterday',
      ...ask(
        [audited('2026-08-01', [missed]), audited('2026-10-30', []), audited('2026-10-31', [missed])],
        action({ opened: at('2026-10-31') }),
      ),
      expect: { message: 'tracked', data: { first: '2026-10-31T03:00:00.000Z' } },
    },
    {
      name: 'Rows of lesser severity, waived ones, and those of this rule need no action',
      ...ask([
        audited(
          '2026-10-31',
          [{ ...missed, severity: 'low' }, earlierRow('corrective-action-tracked', { severity: 'critical' })],
          {},
        ),
      ]),
      expect: { message: 'nothing-open' },
    },
    {
      name: 'The report holds only the first of its failing rows',
      ...ask([audited('2026-10-31', [missed], { failingOmitted: 40 })], action()),
      expect: [
        { message: 'tracked' },
        {
          message: 'rows-omitted',
          data: { audit: 'audit-2026-10-31.json', omitted: 40 },
          evidence: ['audit-2026-10-31.json'],
        },
      ],
    },
    {
      name: 'The only audit was cancelled',
      ...ask([audited('2026-10-31', [], { complete: false })]),
      expect: { message: 'audit-incomplete', data: { audit: 'audit-2026-10-31.json' } },
    },
    {
      name: 'The last audit is older than a month',
      ...ask([audited('2026-09-20', [])]),
      expect: { message: 'audit-old', data: { audit: 'audit-2026-09-20.json', days: 42.4, maxAgeDays: 31 } },
    },
    {
      name: 'The last audit decided nothing',
      ...ask([audited('2026-10-31', [], { rules: [earlierRule('job-not-missed', { unknown: 3 })] })]),
      expect: { message: 'nothing-decided' },
    },
    { name: 'No report of an audit is at hand', ...ask([]), expect: { message: 'no-audits' } },
    {
      name: 'One is dated tomorrow',
      ...ask([audited('2026-10-31', []), audited('2026-11-02', [])]),
      expect: { message: 'in-future', data: { audit: 'audit-2026-11-02.json' } },
    },
  ],
  absent: {
    policy: { message: 'no-action' },
    audits: { message: 'no-audits' },
  },
  boundaries: {
    dueDaysCritical: inFourDays('critical'),
    dueDaysHigh: inFourDays('high'),
    dueDaysMedium: inFourDays('medium'),
    dueDaysLow: inFourDays('low'),
    maxAgeDays: {
      question: { ...ask([audited('2026-10-22', [])]), now: at('2026-11-01T03:00:00Z') },
      limit: 10,
      at: 'nothing-open',
      stricter: 'audit-old',
      laxer: 'nothing-open',
    },
  },
} satisfies RuleTest
