import { choiceOption, defineRule, EVIDENCE_LIMIT, type Evidence, numberOption } from '@backproof/core/audit'
import { type JobRun, jobRuns } from '@backproof/core/history'
import { clauses } from '../clauses.js'
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

interface Rate {
  finished: number
  successes: number
  /** Runs of which nobody can say how they ended. */
  untold: number
  /** The first that did not succeed. */
  readonly failed: Evidence[]
  omitted: number
  /** The newest that lies after the clock of the audit, and how many do. */
  ahead?: JobRun
  beyond: number
}

/** Share of runs that succeeded, over a window. */
export const jobSuccessRate = defineRule({
  id: 'job-success-rate',
  title: 'Backup jobs succeed',
  description: [
    'Rate = successes / finished runs that started within the window. A run that is still going, or was skipped on purpose, is not finished. `warning` is a success.',
    'A run of which nobody can say how it ended counts as finished, and as no success. Where such runs alone keep the rate below the limit, the rule is `unknown`. The window ends where the history does.',
  ],
  rationale:
    'A single failed run is repaired by the next. A rate that sinks shows a cause that nobody removed, and means fewer recovery points than were promised.',
  category: 'jobs',
  severity: 'high',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({ partial: 'CP-9; A1.2; A.8.13', supporting: 'CA-7; CC4.1' }),
  remediation: {
    action: 'Open a corrective action with a root cause for each class of error among the failed runs',
    effort: 'medium',
  },
  messages: {
    reached: { status: 'pass', text: '{successes} of {finished} runs succeeded, {percent} %, in {days} days' },
    below: {
      status: 'fail',
      text: 'only {successes} of {finished} runs succeeded, {percent} %, in {days} days; at least {limit} % are required',
    },
    untold: {
      status: 'unknown',
      text: 'of {finished} runs in {days} days {successes} succeeded, and nobody can say how {untold} ended: the rate is {percent} % or more, and at least {limit} % are required',
    },
    'too-few': {
      status: 'unknown',
      text: 'runs that finished in {days} days: {finished}; a rate needs at least {needed}',
    },
    ...windowMessages,
  },
  options: {
    minPercent: numberOption({
      default: 98,
      min: 0,
      max: 100,
      step: 0.1,
      unit: 'percent',
      stricter: 'higher',
      source: 'seed: success rates below 98 % lead to action',
      description: 'Lowest share of finished runs that have to succeed.',
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
    minSamples: numberOption({
      default: 10,
      min: 1,
      unit: 'runs',
      stricter: 'higher',
      source: 'own choice: below it one failure is a tenth or more',
      description: 'Fewer finished runs give no rate: `unknown`.',
    }),
    countPartialAs: choiceOption({
      default: 'failure',
      choices: ['failure', 'success'],
      source: 'Commvault counts completed-with-errors as unsuccessful',
      description: 'What a run that left something out counts as.',
    }),
  },
  folds: (fold) => ({
    runs: fold(jobRuns, {
      init: (): Rate => ({ finished: 0, successes: 0, untold: 0, failed: [], omitted: 0, beyond: 0 }),
      step: (state, run, context) => {
        if (isRunAhead(run, context.now)) {
          state.ahead = run
          state.beyond += 1
        } else if (run.start >= windowStart(context, days(context.options.windowDays)))
          count(state, run, context.options.countPartialAs)
        return state
      },
    }),
  }),
  evaluate: ({ now, folds: { runs }, options: { minPercent: limit, minSamples, windowDays } }) => {
    const { finished, successes, untold, failed, omitted, ahead, beyond } = runs.value
    const counts = { finished, successes, days: windowDays }
    if (ahead === undefined && finished < minSamples)
      return { message: 'too-few', data: { ...counts, needed: minSamples } }
    const data = { ...counts, percent: percentOf(successes, finished), limit }
    const reaches = (count: number, of = finished): boolean => (100 * count) / of >= limit
    // Runs whose time cannot be may be of the window, and may all have succeeded.
    if (finished >= minSamples && !reaches(successes + untold + beyond, finished + beyond))
      return { message: 'below', data, evidence: failed, evidenceOmitted: omitted }
    if (ahead !== undefined) return runAheadVerdict(ahead)
    if (!reaches(successes))
      return { message: 'untold', data: { ...data, untold }, evidence: failed, evidenceOmitted: omitted }
    const begin = windowStart({ now, observedAt: runs.observedAt }, days(windowDays))
    if (isShort(runs, begin)) return shortVerdict(runs.from ?? begin, begin)
    return { message: 'reached', data }
  },
})

const count = (state: Rate, run: JobRun, countPartialAs: 'failure' | 'success'): void => {
  const result = run.status === 'partial' ? countPartialAs : resultOfRun(run)
  if (result === 'none') return
  state.finished += 1
  if (result === 'success') {
    state.successes += 1
    return
  }
  if (result === 'unknown') state.untold += 1
  if (state.failed.length < EVIDENCE_LIMIT) state.failed.push(runEvidence(run))
  else state.omitted += 1
}

/** Rounded down: 97.999 % is not 98 %. */
const percentOf = (part: number, whole: number): number => Math.floor((10_000 * part) / whole) / 100
