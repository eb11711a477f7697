import { defineRule, EVIDENCE_LIMIT, type Evidence, numberOption } from '@backproof/core/audit'
import { type JobRun, jobRuns } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { errorClass } from '../error-class.js'
import {
  isRunAhead,
  isShort,
  resultOfRun,
  runAheadVerdict,
  runEvidence,
  shortVerdict,
  windowMessages,
  windowStart,
} from '../runs.js'
import { days } from '../time.js'

/** Classes of one asset that are told apart; an asset with more of them has texts that nothing makes alike. */
const CLASS_LIMIT = 200

interface ErrorClass {
  count: number
  /** The newest. */
  runs: Evidence[]
}

interface Errors {
  ended: number
  failures: number
  readonly classes: Map<string, ErrorClass>
  /** Failures without any error, and runs of which nobody can say whether they failed. */
  untold: number
  /** Failures of classes beyond {@link CLASS_LIMIT}. */
  beyond: number
  ahead?: JobRun
}

/** Errors that come back. */
export const jobRecurringErrors = defineRule({
  id: 'job-recurring-errors',
  title: 'Errors of backups do not come back',
  description: [
    'Groups the runs that failed, were cancelled or left something out, and started within the window, by the class of their error: each class with `minOccurrences` or more fails, as a row of its own. Successes in between do not matter.',
    'The class is the code that the system gives. Without a code, or with a plain number such as an exit code, it is the message, in which what differs from run to run has become a placeholder: addresses, paths, names in quotes, ids, numbers and times. Secrets and times are thus in no class. A run that was cancelled without an error is of the class `cancelled`.',
    `Failures without any error could be of any class. Where they would make one that is too large, the rule is \`unknown\`. So are failures of classes beyond the first ${CLASS_LIMIT} of an asset.`,
  ],
  rationale:
    'Re-running a failed backup repairs the day, not the cause. An error that comes back is a problem that nobody owns, and the next time it may come at the wrong moment.',
  category: 'jobs',
  severity: 'medium',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({ supporting: 'SI-2; CC7.3; A.8.15; ISO 10.2' }),
  remediation: {
    action: 'Open a problem record for each class of error, with an owner and a root cause',
    effort: 'medium',
  },
  messages: {
    none: {
      status: 'pass',
      text: 'no error happened {limit} times in {days} days; runs that failed: {failures} of {ended}, most with one error: {most}',
    },
    recurring: { status: 'fail', text: 'the error "{error}" happened {count} times in {days} days' },
    untold: {
      status: 'unknown',
      text: 'no error is known to have happened {limit} times in {days} days; failures of the largest class: {most}, runs that may have failed and are of no class: {untold}',
    },
    'no-runs': { status: 'unknown', text: 'no run came to an end in {days} days' },
    ...windowMessages,
  },
  options: {
    minOccurrences: numberOption({
      default: 3,
      min: 1,
      max: 100_000,
      unit: 'runs',
      stricter: 'lower',
      source: 'own choice: once is chance, twice may be',
      description: 'Failures of one class from which on it is recurring.',
    }),
    windowDays: numberOption({
      default: 30,
      min: 1,
      max: 3_660,
      unit: 'days',
      stricter: 'higher',
      source: 'own choice: a month',
      description: 'Runs that started in the last days count.',
    }),
  },
  folds: (fold) => ({
    runs: fold(jobRuns, {
      init: (): Errors => ({ ended: 0, failures: 0, classes: new Map(), untold: 0, beyond: 0 }),
      step: (state, run, context) => {
        if (isRunAhead(run, context.now)) state.ahead = run
        else if (run.start >= windowStart(context, days(context.options.windowDays))) count(state, run)
        return state
      },
    }),
  }),
  evaluate: ({ now, folds: { runs }, options: { minOccurrences: limit, windowDays } }) => {
    const { ended, failures, classes, untold, beyond, ahead } = runs.value
    const recurring = [...classes].filter(([, { count }]) => count >= limit)
    if (recurring.length > 0)
      return recurring.map(([error, { count, runs }]) => ({
        message: 'recurring' as const,
        subject: error,
        data: { error, count, days: windowDays, limit },
        evidence: runs,
        evidenceOmitted: count - runs.length,
      }))
    if (ahead !== undefined) return runAheadVerdict(ahead)
    if (ended === 0) return { message: 'no-runs', data: { days: windowDays } }
    const most = Math.max(0, ...[...classes.values()].map(({ count }) => count))
    const data = { limit, days: windowDays, ended, failures, most, classes: classes.size }
    const loose = untold + beyond
    if (loose > 0 && most + loose >= limit) return { message: 'untold', data: { ...data, untold: loose } }
    const begin = windowStart({ now, observedAt: runs.observedAt }, days(windowDays))
    if (isShort(runs, begin)) return shortVerdict(runs.from ?? begin, begin)
    return { message: 'none', data }
  },
})

const count = (state: Errors, run: JobRun): void => {
  const result = resultOfRun(run)
  if (result === 'none') return
  // Of one with the status `unknown` nobody can say whether it has ended.
  if (result !== 'unknown') state.ended += 1
  if (result === 'success') return
  if (result === 'failure') state.failures += 1
  const name = errorClass(run.error) ?? (run.status === 'cancelled' ? 'cancelled' : undefined)
  if (name === undefined) {
    state.untold += 1
    return
  }
  let known = state.classes.get(name)
  if (known === undefined) {
    if (state.classes.size >= CLASS_LIMIT) {
      state.beyond += 1
      return
    }
    known = { count: 0, runs: [] }
    state.classes.set(name, known)
  }
  known.count += 1
  known.runs.push(runEvidence(run))
  if (known.runs.length > EVIDENCE_LIMIT) known.runs.shift()
}
