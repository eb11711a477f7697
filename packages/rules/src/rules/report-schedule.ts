import {
  defineRule,
  type Evidence,
  factValue,
  numberOption,
  policyFact,
  type ReportSchedule,
  textsOption,
  type Verdict,
} from '@backproof/core/audit'
import { clauses } from '../clauses.js'
import { channelsOf } from '../governance/channels.js'
import { ageOf, isCurrent } from '../governance/dates.js'
import { listed } from '../governance/names.js'
import { days, inDays, isoTime } from '../time.js'

/** Somebody gets a report, again and again. */
export const reportSchedule = defineRule({
  id: 'report-schedule',
  title: 'Reports are made and arrive',
  description: [
    'The policy has a report (`reports`) that is made at least every `maxDays`, in all of `formats`. That may be one of several: reports for other readers may be rarer and have other formats.',
    'And each report that the policy has keeps its word: it is sent to a contact that the policy has, or to an address such as `mailto:` or `https:`, and the last one arrived (`delivered`) within its own `every` and `toleranceDays`. A delivery that is dated in the future did not happen yet.',
  ],
  rationale:
    'Findings that nobody is sent are found by nobody. A report that is scheduled and has not come for months is worse than none: everybody takes its silence for good news.',
  category: 'governance',
  severity: 'low',
  scope: 'estate',
  since: '0.1.0',
  clauses: clauses({ supporting: 'AU-6; CC4.2; A.5.35' }),
  remediation: {
    action: 'Schedule a report to somebody who reads it, and see that it arrives',
    steps: [
      'Add it under `reports` of the policy, with the contacts or addresses that get it.',
      'Have the host write the report and send it: `backproof audit --report`.',
      'Enter the date of the last one as `delivered`.',
    ],
    effort: 'small',
  },
  messages: {
    delivered: {
      status: 'pass',
      text: 'all {reports} reports arrive: {suiting} at least every {limit} days; the oldest delivery is {age} days old',
    },
    'no-report': { status: 'fail', text: 'no report is scheduled' },
    'none-suits': {
      status: 'fail',
      text: 'none of {reports} reports is made at least every {limit} days in the formats that are required ({formats})',
    },
    'no-recipient': { status: 'fail', text: 'reports that reach nobody: {names}' },
    overdue: { status: 'fail', text: 'reports that did not arrive in time: {names}' },
    'no-policy': { status: 'unknown', text: 'no policy says which reports there are' },
  },
  options: {
    formats: textsOption({
      default: ['json'],
      source: 'audit catalogue',
      description: 'Formats that one of the reports has to have, all of them. None: any format.',
    }),
    maxDays: numberOption({
      default: 92,
      min: 1,
      max: 3_660,
      unit: 'days',
      stricter: 'lower',
      source: 'seed: audits are monthly or quarterly; the longer of the two',
      description: 'One of the reports has to be made at least as often.',
    }),
    toleranceDays: numberOption({
      default: 1,
      max: 366,
      unit: 'days',
      stricter: 'lower',
      source: 'own choice: a day to send it, and to enter that',
      description: 'Days by which a report may be late.',
    }),
  },
  needs: { policy: policyFact },
  evaluate: ({ now, facts, options: { formats, maxDays: limit, toleranceDays } }) => {
    const policy = factValue(facts.policy)
    if (policy === undefined) return { message: 'no-policy' }
    const { reports = [], contacts } = policy
    if (reports.length === 0)
      return { message: 'no-report', evidence: [{ kind: 'policy', id: 'reports', data: { reports: 0 } }] }
    const suiting = reports.filter(
      (report) => report.every <= days(limit) && formats.every((format) => report.formats.includes(format)),
    )
    const unread = reports.filter(({ to }) => channelsOf(to, contacts).size === 0)
    const late = reports.filter(({ every, delivered }) => !isCurrent(delivered, now, every + days(toleranceDays)))

    const fails: Verdict<'none-suits' | 'no-recipient' | 'overdue'>[] = []
    const data = { reports: reports.length, formats: formats.join(', '), limit }
    if (suiting.length === 0) fails.push({ message: 'none-suits', data, evidence: reports.map(reportEvidence) })
    if (unread.length > 0) fails.push({ message: 'no-recipient', ...told(unread, data) })
    if (late.length > 0) fails.push({ message: 'overdue', ...told(late, data) })
    if (fails.length > 0) return fails
    const age = inDays(reports.reduce((oldest, { delivered = now }) => Math.max(oldest, ageOf(delivered, now)), 0))
    return {
      message: 'delivered',
      data: { ...data, suiting: listed(suiting.map(({ id }) => id)), age },
      evidence: reports.map(reportEvidence),
    }
  },
})

const told = (reports: readonly ReportSchedule[], data: NonNullable<Verdict['data']>) => ({
  data: { ...data, count: reports.length, names: listed(reports.map(({ id }) => id)) },
  evidence: reports.map(reportEvidence),
})

const reportEvidence = ({ id, every, formats, to, delivered }: ReportSchedule): Evidence => ({
  kind: 'report-schedule',
  id,
  ...(delivered !== undefined && { at: isoTime(delivered) }),
  data: {
    everyDays: inDays(every),
    formats: formats.join(', '),
    // Not who: addresses can carry secrets.
    recipients: to.length,
    delivered: delivered === undefined ? null : isoTime(delivered),
  },
})
