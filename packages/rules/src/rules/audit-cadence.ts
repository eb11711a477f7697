import { defineRule, factValue, numberOption, type Verdict } from '@backproof/core/audit'
import { auditReports } from '@backproof/core/history'
import {
  aheadData,
  aheadMessage,
  auditEvidence,
  coverageOf,
  earlierAudits,
  type TimedAudit,
} from '../audits/earlier.js'
import { clauses } from '../clauses.js'
import { days, inDays, isoTime } from '../time.js'

/** Audits are made again and again, and now and then one that leaves little open. */
export const auditCadence = defineRule({
  id: 'audit-cadence',
  title: 'Audits are made regularly',
  description: [
    'From the reports of earlier audits: the last whole one is at most `maxDays` old, and the last deep one at most `deepMaxDays`. Whole: it came to its end, asked at least `minRules` rules, and decided something. Deep: it is whole, and at least `minCoveragePercent` of its rows were decided. Decided are rows that pass or fail, waived ones too; `unknown`, `review` and `error` are not; what is not applicable was not asked.',
    'The audit that asks this is none of them: it is at hand only once it is over. Reports that nobody keeps, or that the policy does not name, do not count.',
  ],
  rationale:
    'A control that nobody looks at for a year is not known to work. An audit that leaves half of its questions open looks regular, and says little.',
  category: 'governance',
  severity: 'medium',
  scope: 'estate',
  since: '0.1.0',
  clauses: clauses({ partial: 'CA-2; CA-7; ISO 9.2; CC4.1; 308(a)(8); GDPR 32(1)(d)' }),
  remediation: {
    action: 'Run the audit on a schedule, keep its reports, and name them in the policy',
    steps: [
      'Let a scheduler run `backproof audit policy.yaml --json > audits/DATE.json` each month at least',
      'Name these files under `histories.reports` of the policy',
      'For a deep one, give the facts that the report says are missing',
    ],
    effort: 'small',
  },
  messages: {
    'in-time': {
      status: 'pass',
      text: 'the last whole audit was made {days} days ago, at {at}; one in {maxDays} days is required',
    },
    overdue: {
      status: 'fail',
      text: 'the last whole audit that is at hand was made {days} days ago, at {at}; one in {maxDays} days is required',
    },
    'none-whole': {
      status: 'fail',
      text: 'none of {audits} earlier audits was whole: complete, of at least {minRules} rules, with something decided; the last one is of {at}',
    },
    'deep-in-time': {
      status: 'pass',
      text: 'the last deep audit was made {days} days ago, at {at}, and decided {percent} % of its rows; one in {maxDays} days is required',
    },
    'deep-overdue': {
      status: 'fail',
      text: 'the last deep audit that is at hand was made {days} days ago, at {at}; one in {maxDays} days is required',
    },
    'none-deep': {
      status: 'fail',
      text: 'none of {audits} earlier audits was deep; the last one, of {at}, decided {percent} % of its rows, and {minPercent} % are needed',
    },
    'no-audits': { status: 'unknown', text: 'no report of an earlier audit is at hand' },
    'in-future': aheadMessage,
  },
  options: {
    maxDays: numberOption({
      default: 31,
      min: 1,
      max: 3_660,
      unit: 'days',
      stricter: 'lower',
      source: 'seed: routine audits monthly or quarterly; the stricter of both',
      description: 'So old the last whole audit may be.',
    }),
    deepMaxDays: numberOption({
      default: 92,
      min: 1,
      max: 3_660,
      unit: 'days',
      stricter: 'lower',
      source: 'seed: routine audits monthly or quarterly',
      description: 'So old the last deep audit may be.',
    }),
    minCoveragePercent: numberOption({
      default: 90,
      max: 100,
      step: 0.1,
      unit: 'percent',
      stricter: 'higher',
      source: 'own choice',
      description: 'The share of its rows that a deep audit has to decide.',
    }),
    minRules: numberOption({
      default: 10,
      min: 1,
      max: 1_000,
      unit: 'rules',
      stricter: 'higher',
      source: 'own choice: a check of single rules is no audit',
      description: 'An audit that asked fewer rules is not whole.',
    }),
  },
  needs: { audits: auditReports },
  evaluate: ({ now, options, facts }) => {
    const { maxDays, deepMaxDays, minCoveragePercent, minRules } = options
    const audits = earlierAudits(factValue(facts.audits) ?? [], now)
    const isWhole = ({ audit }: TimedAudit): boolean =>
      audit.result.complete && audit.result.rules.length >= minRules && coverageOf(audit).decided > 0
    const isDeep = (one: TimedAudit): boolean => isWhole(one) && coverageOf(one.audit).percent >= minCoveragePercent
    if (audits.ahead !== undefined) {
      // It was made before now, whatever its clock says: how long ago nobody knows.
      return { message: 'in-future', data: aheadData(audits.ahead), evidence: [auditEvidence(audits.ahead)] }
    }
    const [newest] = audits.past
    if (newest === undefined) return { message: 'no-audits' }
    const { rules } = newest.audit.result
    const { percent } = coverageOf(newest.audit)
    const data = { audits: audits.past.length, at: isoTime(newest.at), rules: rules.length, percent }
    const needed = { minRules, minPercent: minCoveragePercent }
    const evidence = audits.past.map(auditEvidence)
    const whole = audits.past.find(isWhole)
    const deep = audits.past.find(isDeep)
    const verdicts: readonly Verdict<Message>[] = [
      whole === undefined
        ? { message: 'none-whole', data: { ...data, ...needed }, evidence }
        : ageOf(whole, { now, maxDays }, ['in-time', 'overdue']),
      deep === undefined
        ? { message: 'none-deep', data: { ...data, ...needed }, evidence }
        : ageOf(deep, { now, maxDays: deepMaxDays }, ['deep-in-time', 'deep-overdue']),
    ]
    return verdicts
  },
})

type Message = 'in-time' | 'overdue' | 'none-whole' | 'deep-in-time' | 'deep-overdue' | 'none-deep'

const ageOf = (
  one: TimedAudit,
  { now, maxDays }: { readonly now: number; readonly maxDays: number },
  [inTime, overdue]: readonly [Message, Message],
): Verdict<Message> => {
  const { percent } = coverageOf(one.audit)
  const age = Math.max(0, now - one.at)
  return {
    message: age <= days(maxDays) ? inTime : overdue,
    data: { days: inDays(age), at: isoTime(one.at), percent, maxDays },
    evidence: [auditEvidence(one)],
  }
}
