import { assetPolicy, defineRule, durationOption, factValue } from '@backproof/core/audit'
import { drills } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { aheadVerdict, drillData, drillEvidence, measurable, measuredMessages, newestDrills } from '../drills.js'
import { CLOCK_SKEW, inMinutes, isoTime } from '../time.js'

/** Whether a restore loses no more data than it may. */
export const restoreMeetsRpo = defineRule({
  id: 'restore-meets-rpo',
  title: 'Restores meet the recovery point objective',
  description: [
    'Age = the moment that was to be restored (`lostAt`, else the start of the restore test) - the newest change that was found in the restored data (`dataAsOf`), in the newest restore test that is over. What the schedule promises does not count. In an asset that nobody changes, write a heartbeat.',
    'Where nobody looked for the newest change, the recovery point tells the least that the age can be: enough to fail, never to pass.',
    'The age that is allowed: `maxAge`; else `rpo` of the asset in the policy. Without both nothing is promised, and there is nothing to hold it against.',
  ],
  rationale:
    'A job that runs each hour may back up a replica that lags for a day. Only what came back tells how much would have been lost.',
  category: 'restore',
  severity: 'high',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({ partial: 'CP-6(2)', supporting: 'CP-10(2); A.5.30; A1.2' }),
  remediation: {
    action: 'Back up more often, and find out why the restored data was older than its recovery point objective',
    effort: 'medium',
  },
  messages: {
    met: {
      status: 'pass',
      text: 'the data that the newest restore test, {drill} of {started}, brought back was {minutes} min old; {limit} are allowed',
    },
    exceeded: {
      status: 'fail',
      text: 'the data that the newest restore test, {drill} of {started}, brought back was {minutes} min old; {limit} are allowed',
    },
    'point-too-old': {
      status: 'fail',
      text: 'the newest restore test, {drill} of {started}, brought back a recovery point that was {minutes} min old; {limit} are allowed',
    },
    'age-unknown': {
      status: 'unknown',
      text: 'nobody can say how old the data was that the newest restore test, {drill} of {started}, brought back; {limit} min are allowed',
    },
    'after-loss': {
      status: 'unknown',
      text: 'the newest restore test, {drill} of {started}, found data of {dataAsOf}, newer than what was to be restored: a clock is wrong',
    },
    'no-objective': { status: 'not-applicable', text: 'nothing is promised: neither `rpo` in the policy nor `maxAge`' },
    ...measuredMessages,
  },
  options: {
    maxAge: durationOption({
      default: undefined,
      otherwise: '`rpo` of the asset in the policy; without it the rule does not apply',
      min: 60_000,
      step: 60_000,
      stricter: 'lower',
      source: 'audit catalogue: the objective that the policy promises; no number would fit all',
      description: 'How old restored data may be.',
    }),
  },
  needs: { asset: assetPolicy },
  folds: (fold) => ({ tests: fold(drills, newestDrills) }),
  evaluate: ({ facts, folds: { tests }, options }) => {
    const limit = options.maxAge ?? factValue(facts.asset)?.rpo
    if (limit === undefined) return { message: 'no-objective' }
    const { ahead } = tests.value
    const drill = measurable(tests.value)
    if ('message' in drill) return ahead === undefined ? drill : aheadVerdict(ahead)
    const lostAt = drill.lostAt ?? drill.started
    const dataAsOf = drill.dataAsOf ?? undefined
    const created = drill.recoveryPointCreated ?? undefined
    const asOf = dataAsOf ?? created
    const age = asOf === undefined ? undefined : Math.max(0, lostAt - asOf)
    const verdict = {
      data: {
        ...drillData(drill),
        limit: inMinutes(limit),
        minutes: age === undefined ? null : inMinutes(age),
        dataAsOf: dataAsOf === undefined ? null : isoTime(dataAsOf),
      },
      evidence: [
        drillEvidence(drill, {
          lostAt: isoTime(lostAt),
          dataAsOf: dataAsOf === undefined ? null : isoTime(dataAsOf),
          recoveryPoint: drill.recoveryPoint ?? null,
          recoveryPointCreated: created === undefined ? null : isoTime(created),
        }),
      ],
    }
    if (age !== undefined && age > limit)
      return { message: dataAsOf === undefined ? 'point-too-old' : 'exceeded', ...verdict }
    if (ahead !== undefined) return aheadVerdict(ahead)
    if (dataAsOf === undefined) return { message: 'age-unknown', ...verdict }
    return { message: dataAsOf > lostAt + CLOCK_SKEW ? 'after-loss' : 'met', ...verdict }
  },
})
