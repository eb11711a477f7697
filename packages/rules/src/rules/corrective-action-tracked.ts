import {
  choiceOption,
  defineRule,
  type Evidence,
  factValue,
  numberOption,
  policyFact,
  SEVERITIES,
  type Severity,
  type Verdict,
} from '@backproof/core/audit'
import { auditReports } from '@backproof/core/history'
import { type JudgedRow, judgeRow } from '../audits/actions.js'
import { aheadData, aheadMessage, auditEvidence, coverageOf, earlierAudits } from '../audits/earlier.js'
import { type OpenRow, openRows } from '../audits/open-rows.js'
import { clauses } from '../clauses.js'
import { days, inDays, isoTime } from '../time.js'

const ID = 'corrective-action-tracked'

const daysOption = (severity: Severity, value: number, also = '') =>
  numberOption({
    default: value,
    min: 0,
    max: 3_660,
    unit: 'days',
    stricter: 'lower',
    source: 'audit catalogue',
    description: `A failing row of severity ${severity}${also} may be due so many days after it was first seen.`,
  })

/** What an audit found has an owner and a date, and is closed only once it was checked. */
export const correctiveActionTracked = defineRule({
  id: ID,
  title: 'What audits find is put right in time',
  description: [
    "From the reports of earlier audits: each failing row without a waiver, of `minSeverity` or worse, that is still open has a corrective action in the policy, with an owner and a due date. The action names the row's fingerprint, or its rule and the id of its target (of the estate, the rule alone). It is due no later than so many days after the row was first seen, by the severity of the row, to the end of that day in UTC. First seen: the oldest report in which it fails without having been in order since, or when the action was opened, whichever is earlier.",
    'Open is what failed in the last audit that could say so: a later audit closes a row only where it came to its end, asked the rule, and has neither the row nor an undecided one in its place. An action that is closed counts only where it was re-tested: by such an audit, or on the date `retested`, after the row failed last. Until then it counts as open, and fails once its due date is over. A row that fails again in an audit after its action was closed is reopened.',
    'A row that was waived is accepted, and needs no action. One of this rule itself needs none either. A report that left rows out, did not come to its end, or is too old for `maxAgeDays`, never lets the rule pass on what it does not show.',
  ],
  rationale:
    'An audit that finds the same each month has changed nothing. Findings are mended by people who know that they have to, and by when; and half of what is called mended is not, until somebody looks again.',
  category: 'governance',
  severity: 'high',
  scope: 'estate',
  since: '0.1.0',
  clauses: clauses({
    partial: 'CA-5; ISO 10.2; CC4.2',
    supporting: 'CC7.5; 308(a)(1)(ii)(B); NIS2 4.2.6',
  }),
  remediation: {
    action:
      'Give the failing row an owner and a due date under `correctiveActions` of the policy, mend it, and audit again before closing it',
    effort: 'medium',
  },
  messages: {
    tracked: {
      status: 'pass',
      text: '{rule} fails for {target}: the action {action} of {owner} is due on {due}',
    },
    retested: {
      status: 'pass',
      text: '{rule} failed for {target}: the action {action} of {owner} was closed, and checked again on {retested}',
    },
    'nothing-open': {
      status: 'pass',
      text: 'no failing row of severity {minSeverity} or worse is open after {audits} earlier audits, the last of {at}',
    },
    'no-action': {
      status: 'fail',
      text: '{rule} has failed for {target} since {first}, and no corrective action is about it; it has to be mended until {latest}',
    },
    'no-owner': { status: 'fail', text: '{rule} fails for {target}, and the action {action} has no owner' },
    overdue: {
      status: 'fail',
      text: '{rule} fails for {target}: the action {action} of {owner} was due on {due}',
    },
    'not-retested': {
      status: 'fail',
      text: '{rule} failed for {target}: the action {action} of {owner} was due on {due}; it was closed on {closed}, and nothing shows that it helped',
    },
    reopened: {
      status: 'fail',
      text: '{rule} failed for {target} on {last}, after the action {action} of {owner} was closed on {closed}',
    },
    'due-late': {
      status: 'fail',
      text: '{rule} has failed for {target} since {first}: the action {action} of {owner} is due on {due}, later than {latest}',
    },
    'rows-omitted': {
      status: 'unknown',
      text: 'the report {audit} leaves out {omitted} failing rows; give one that has all, with --ndjson',
    },
    'audit-incomplete': {
      status: 'unknown',
      text: 'the last audit, {audit} of {at}, did not come to its end, and none before it did',
    },
    'audit-old': {
      status: 'unknown',
      text: 'the last whole audit, {audit} of {at}, is {days} days old, more than {maxAgeDays}; what has failed since is not known',
    },
    'nothing-decided': { status: 'unknown', text: 'the last whole audit, {audit} of {at}, decided nothing' },
    'no-audits': { status: 'unknown', text: 'no report of an earlier audit is at hand' },
    'in-future': aheadMessage,
  },
  options: {
    minSeverity: choiceOption({
      default: 'medium',
      choices: SEVERITIES,
      source: 'audit catalogue',
      description: 'Failing rows of a lesser severity need no action.',
    }),
    dueDaysCritical: daysOption('critical', 1),
    dueDaysHigh: daysOption('high', 7),
    dueDaysMedium: daysOption('medium', 30),
    dueDaysLow: daysOption('low', 90, ' or info'),
    maxAgeDays: numberOption({
      default: 31,
      min: 1,
      max: 3_660,
      unit: 'days',
      stricter: 'lower',
      source: 'as `audit-cadence`',
      description: 'An older audit does not show that nothing is open: `unknown`.',
    }),
  },
  needs: { policy: policyFact, audits: auditReports },
  evaluate: ({ now, options, facts }) => {
    const { past, ahead } = earlierAudits(factValue(facts.audits) ?? [], now)
    const actions = factValue(facts.policy)?.correctiveActions ?? []
    const allowed = {
      critical: options.dueDaysCritical,
      high: options.dueDaysHigh,
      medium: options.dueDaysMedium,
      low: options.dueDaysLow,
      info: options.dueDaysLow,
    }
    const least = SEVERITIES.indexOf(options.minSeverity)
    const open = openRows(past).filter(({ row, id }) => SEVERITIES.indexOf(row.severity) <= least && id !== ID)
    const rows = open.map((one) => verdictOf(one, judgeRow(one, actions, { now, allowed })))

    const doubt = ((): Verdict<Doubt> | undefined => {
      if (ahead !== undefined) {
        return { message: 'in-future', data: aheadData(ahead), evidence: [auditEvidence(ahead)] }
      }
      const [newest] = past
      if (newest === undefined) return { message: 'no-audits' }
      const whole = past.find(({ audit }) => audit.result.complete)
      const { audit, at } = whole ?? newest
      const data = { audit: audit.source, at: isoTime(at) }
      const evidence = [auditEvidence(whole ?? newest)]
      if (whole === undefined) return { message: 'audit-incomplete', data, evidence }
      const { maxAgeDays } = options
      if (now - at > days(maxAgeDays))
        return { message: 'audit-old', data: { ...data, days: inDays(now - at), maxAgeDays }, evidence }
      const cut = past.find((one) => one.at >= at && one.audit.failingOmitted > 0)
      if (cut !== undefined) {
        const { source, failingOmitted } = cut.audit
        return {
          message: 'rows-omitted',
          data: { audit: source, omitted: failingOmitted },
          evidence: [auditEvidence(cut)],
        }
      }
      return coverageOf(audit).decided === 0 ? { message: 'nothing-decided', data, evidence } : undefined
    })()

    if (doubt !== undefined) return [...rows, doubt]
    const [newest] = past
    if (rows.length > 0 || newest === undefined) return rows
    const data = { minSeverity: options.minSeverity, audits: past.length, at: isoTime(newest.at) }
    return { message: 'nothing-open', data, evidence: past.map(auditEvidence) }
  },
})

type Doubt = 'rows-omitted' | 'audit-incomplete' | 'audit-old' | 'nothing-decided' | 'no-audits' | 'in-future'

const verdictOf = (
  { row, last, first }: OpenRow,
  { standing, action, latest }: JudgedRow,
): Verdict<JudgedRow['standing']> => {
  const { rule, target, subject, severity, message, fingerprint } = row
  const told = {
    rule,
    target: subject === undefined ? target.id : `${target.id} (${subject})`,
    severity,
    message,
    first: isoTime(first),
    last: isoTime(last.at),
    latest: isoTime(latest),
  }
  const seen: Evidence = { kind: 'audit', id: last.audit.source, at: isoTime(last.at), data: { fingerprint, message } }
  if (action === undefined) return { message: standing, subject: fingerprint, data: told, evidence: [seen] }
  const { id, owner, opened, due, closed, retested } = action
  const dates = {
    due: isoTime(due),
    ...(closed !== undefined && { closed: isoTime(closed) }),
    ...(retested !== undefined && { retested: isoTime(retested) }),
  }
  const evidence = [{ kind: 'corrective-action', id, at: isoTime(opened), data: { owner, ...dates } }, seen]
  return { message: standing, subject: fingerprint, data: { ...told, action: id, owner, ...dates }, evidence }
}
