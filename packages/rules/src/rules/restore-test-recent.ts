import { assetPolicy, defineRule, factValue, numberOption } from '@backproof/core/audit'
import { type Drill, drills } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { drillData, drillEvidence, isDrillAhead, newestMessages, resultOf } from '../drills.js'
import { days, inDays, isoTime } from '../time.js'

/** How long ago an asset was last restored with success. */
export const restoreTestRecent = defineRule({
  id: 'restore-test-recent',
  title: 'Restores are tested often enough',
  description: [
    'Age = the time since the start of the newest restore test that succeeded and whose validation did not fail, run out of time or still go on. It passes where that is young enough now, and fails where it was too old already when the history of restore tests ended; what lies between is `unknown`.',
    'The age that is allowed: `maxDays`; else `restoreEvery` of the asset in the policy; else 31 days for a critical asset and 92 for the others. Where the policy does not say how critical the asset is, an age between the two is `unknown`.',
    'An asset that has to be backed up for a shorter time than that (`since` in the policy), and was never restored, is not due yet.',
  ],
  rationale:
    'Backups that nobody restores fail unnoticed: keys get lost, formats age, scripts rot. The restore test is the only proof that a backup is one.',
  category: 'restore',
  severity: 'critical',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({
    partial: 'CP-4; CP-9(2); CIS 11.5; A1.3; 308(a)(7)(ii)(D); GDPR 32(1)(d); NIS2 4.2.6',
    supporting: 'A.8.13; PCI 12.10.2; DORA 11(6); DORA 12(2)',
  }),
  remediation: {
    action: 'Restore the asset now, check what came back, and schedule restore tests',
    effort: 'medium',
  },
  messages: {
    recent: { status: 'pass', text: 'last restored with success {days} days ago; at most {limit} are allowed' },
    overdue: { status: 'fail', text: 'last restored with success {days} days ago; at most {limit} are allowed' },
    never: {
      status: 'fail',
      text: 'no restore test succeeded, of {tests} in all; one is required within {limit} days',
    },
    'criticality-unknown': {
      status: 'unknown',
      text: 'whether it was restored recently enough depends on how critical it is, which the policy does not say: within {criticalLimit} days for critical assets, {limit} for others',
    },
    undecided: {
      status: 'unknown',
      text: 'nobody can say whether the restore test {drill} of {started} succeeded; apart from it none did within {limit} days',
    },
    'history-short': {
      status: 'unknown',
      text: 'no restore test succeeded since {from}, where the history begins; {limit} days are asked about',
    },
    'not-observed': {
      status: 'unknown',
      text: 'the history of restore tests ends at {until}, when none was overdue; since then one has been due, within {limit} days',
    },
    'in-future': newestMessages['in-future'],
    'not-due': {
      status: 'not-applicable',
      text: 'it has to be backed up since {since}, and has to be restored by {due} for the first time',
    },
  },
  options: {
    maxDays: numberOption({
      default: undefined,
      otherwise: '`restoreEvery` of the asset in the policy; else 31 for critical assets, 92 for others',
      min: 1,
      max: 3_660,
      unit: 'days',
      stricter: 'lower',
      source: 'seed: monthly for critical assets, quarterly for the rest; CIS 11.5 asks for quarterly',
      description: 'The newest restore test that succeeded may be this old.',
    }),
  },
  needs: { asset: assetPolicy },
  folds: (fold) => ({
    tests: fold(drills, {
      init: (): Tests => ({ since: [], omitted: 0 }),
      step: (state, drill, { now }) => {
        const result = resultOf(drill)
        if (isDrillAhead(drill, now)) state.ahead = drill
        else if (result === 'restored') {
          state.restored = drill
          state.since = []
          state.omitted = 0
        } else {
          if (result === 'unknown' || result === 'validating') state.undecided = drill
          state.since.push(drill)
          if (state.since.length > KEPT) {
            state.since.shift()
            state.omitted += 1
          }
        }
        return state
      },
    }),
  }),
  evaluate: ({ now, facts, folds: { tests }, options }) => {
    const asset = factValue(facts.asset)
    const { restored, undecided, ahead, since, omitted } = tests.value
    const until = Math.min(tests.observedAt, now)
    const every = options.maxDays === undefined ? asset?.restoreEvery : days(options.maxDays)
    const certain = every ?? days(asset?.criticality === undefined || asset.criticality === 'critical' ? 31 : 92)
    const most = every ?? days(asset?.criticality === 'critical' ? 31 : 92)
    const limit = inDays(most)
    const evidence = [...(restored === undefined ? [] : [restored]), ...since].map((drill) => drillEvidence(drill))
    const open = { message: 'criticality-unknown', data: { criticalLimit: inDays(certain), limit }, evidence } as const

    const notObserved = {
      message: 'not-observed',
      data: { until: isoTime(until), limit: inDays(certain) },
      evidence,
    } as const

    if (restored !== undefined) {
      const age = Math.max(0, now - restored.started)
      const data = { ...drillData(restored), days: inDays(age), limit: inDays(certain) }
      if (age <= certain) return { message: 'recent', data, evidence: [drillEvidence(restored)] }
      if (until - restored.started <= certain) return notObserved
      if (until - restored.started <= most) return open
    }
    if (undecided !== undefined && until - undecided.started <= most)
      return { message: 'undecided', data: { ...drillData(undecided), limit }, evidence }
    if (ahead !== undefined) return { message: 'in-future', data: drillData(ahead), evidence: [drillEvidence(ahead)] }
    if (restored !== undefined) {
      const data = { ...drillData(restored), days: inDays(until - restored.started), limit }
      return { message: 'overdue', data, evidence, evidenceOmitted: omitted }
    }
    const start = asset?.since
    if (start !== undefined && until - start <= most) {
      if (until - start > certain) return open
      if (now - start > certain) return notObserved
      return { message: 'not-due', data: { since: isoTime(start), due: isoTime(start + certain) } }
    }
    if (tests.from !== undefined && tests.from > until - most)
      return { message: 'history-short', data: { from: isoTime(tests.from), limit }, evidence }
    const read = { kind: 'history', id: drills.name, at: isoTime(tests.observedAt), data: { items: tests.items } }
    return {
      message: 'never',
      data: { tests: tests.items, limit },
      evidence: [read, ...evidence],
      evidenceOmitted: omitted,
    }
  },
})

/** Restore tests without success that are kept as evidence. */
const KEPT = 10

interface Tests {
  restored?: Drill
  undecided?: Drill
  ahead?: Drill
  /** Those since `restored` that did not succeed, the newest {@link KEPT}. */
  since: Drill[]
  omitted: number
}
