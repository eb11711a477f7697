import {
  assetPolicy,
  choiceOption,
  defineRule,
  EVIDENCE_LIMIT,
  numberOption,
  type Verdict,
} from '@backproof/core/audit'
import { type JobRun, jobRuns } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { doubtUnnamed, foldByPlan, judgePlans, planMessages, unnamedMessages } from '../plans.js'
import { isRunAhead, newestRunMessages, resultOfRun, runAheadVerdict, runEvidence } from '../runs.js'

/** How the runs ended since the last success. */
interface Strikes {
  /** Runs that failed one after the other, up to the newest. */
  certain: number
  /** With those before them of which nobody can say how they ended, and what failed before those. */
  possible: number
  /** The newest of `certain`. */
  newest: JobRun[]
  hasSuccess: boolean
  ahead?: JobRun
}

/** Runs that fail one after the other. */
export const jobConsecutiveFailures = defineRule({
  id: 'job-consecutive-failures',
  title: 'Backups do not fail again and again',
  description: [
    'Counts the runs that failed since the last success, by their start: more than `maxStrikes` in a row fail. `failed` and `cancelled` are failures, a run that left something out counts as `countPartialAs` says, `success` and `warning` reset the count. A run that is still going, or was skipped on purpose, is passed over.',
    'A run with the status `unknown` may have been either: the rule fails where those after it are too many by themselves, and is `unknown` where they would be too many together with it.',
    'Counted for each plan, as one plan does not repair what another misses, and over all runs of an asset with several. There, runs that name no plan are counted together as `(no plan)`, which can fail and never passes.',
  ],
  rationale:
    'One failed run is bad luck and is made good by the next. Several in a row do not mend by themselves: nobody has looked, or nobody could help.',
  category: 'jobs',
  severity: 'critical',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({ partial: 'CP-9; CIS 11.2', supporting: 'CC7.3' }),
  remediation: {
    action: 'Escalate along the path of the policy until a run has succeeded',
    steps: [
      'Look at the error of the newest run, and at that of the first which failed.',
      'Remove the cause and run the backup by hand.',
      'Keep older recovery points until a new one has been verified.',
    ],
    effort: 'medium',
  },
  messages: {
    within: { status: 'pass', text: 'runs that failed in a row up to the newest: {strikes}; allowed: {limit}' },
    strikes: { status: 'fail', text: 'runs that failed in a row up to the newest: {strikes}; allowed: {limit}' },
    'status-unknown': {
      status: 'unknown',
      text: 'runs that failed in a row up to the newest: at least {strikes}, at most {possible}, as nobody can say how some ended; allowed: {limit}',
    },
    'history-short': {
      status: 'unknown',
      text: 'runs that failed in a row: {strikes}, all that its history tells; allowed: {limit}, and nobody can say how many failed before',
    },
    ...newestRunMessages,
    ...planMessages,
    ...unnamedMessages,
  },
  options: {
    maxStrikes: numberOption({
      default: 2,
      max: 1_000,
      unit: 'runs',
      stricter: 'lower',
      source: 'Commvault shows three strikes: the third fails',
      description: 'Runs that may fail in a row.',
    }),
    countPartialAs: choiceOption({
      default: 'failure',
      choices: ['failure', 'success'],
      source: 'Commvault counts completed-with-errors as unsuccessful',
      description: 'What a run that left something out counts as.',
    }),
  },
  needs: { asset: assetPolicy },
  folds: (fold) => ({
    runs: fold(
      jobRuns,
      foldByPlan({
        init: (): Strikes => ({ certain: 0, possible: 0, newest: [], hasSuccess: false }),
        step: (state, run, { now, options }) => {
          if (isRunAhead(run, now)) state.ahead = run
          else count(state, run, options.countPartialAs === 'success')
        },
      }),
    ),
  }),
  evaluate: ({ facts: { asset }, folds: { runs }, options: { maxStrikes } }) => {
    const judge = (state: Strikes | undefined) => judgeStrikes(state, maxStrikes, runs.from !== undefined)
    const verdicts = judgePlans(asset, runs, (state, group) => doubtUnnamed(judge(state), group, 'within'))
    // One row for a plan, or for runs without any, is the row of the asset already.
    const { plans, unnamed, all } = runs.value
    const isSeveral = plans.size + (unnamed === undefined ? 0 : 1) > 1 && verdicts.length > 1
    return isSeveral ? [...verdicts, judge(all)] : verdicts
  },
})

const count = (state: Strikes, run: JobRun, passPartial: boolean): void => {
  const result = run.status === 'partial' && passPartial ? 'success' : resultOfRun(run)
  if (result === 'none') return
  if (result === 'success') {
    state.hasSuccess = true
    state.possible = 0
  } else state.possible += 1
  if (result === 'failure') {
    state.certain += 1
    state.newest.push(run)
    if (state.newest.length > EVIDENCE_LIMIT) state.newest.shift()
  } else {
    state.certain = 0
    state.newest = []
  }
}

const judgeStrikes = (
  state: Strikes | undefined,
  limit: number,
  hasBegin: boolean,
): Verdict<'within' | 'strikes' | 'status-unknown' | 'history-short' | keyof typeof newestRunMessages> => {
  if (state === undefined) return { message: 'no-runs' }
  const { certain, possible, newest, hasSuccess, ahead } = state
  const data = { strikes: certain, limit }
  const evidence = {
    evidence: newest.map((run) => runEvidence(run)),
    evidenceOmitted: certain - newest.length,
  }
  if (certain > limit) return { message: 'strikes', data, ...evidence }
  if (ahead !== undefined) return runAheadVerdict(ahead)
  if (!hasSuccess && possible === 0) return { message: 'no-runs' }
  if (possible > limit || (!hasSuccess && possible > certain))
    return { message: 'status-unknown', data: { ...data, possible }, ...evidence }
  if (!hasSuccess && hasBegin) return { message: 'history-short', data, ...evidence }
  return { message: 'within', data, ...evidence }
}
