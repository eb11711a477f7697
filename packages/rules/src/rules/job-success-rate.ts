import { choiceOption, defineRule, type Evidence, numberOption } from '@backproof/core/audit'
import { hasEnded, hasSucceeded, jobRuns } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { days, isoTime } from '../time.js'

/** Share of runs that succeeded, over a window. */
export const jobSuccessRate = defineRule({
  id: 'job-success-rate',
  title: 'Backup jobs succeed',
  description: [
    'Rate = successes / finished runs that started within the window. A run that is still going, or was skipped on purpose, is not finished. `warning` is a success; `unknown` is none.',
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
    'too-few': {
      status: 'unknown',
      text: 'only {finished} runs finished in {days} days; at least {needed} are needed for a rate',
    },
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
      init: () => ({ finished: 0, successes: 0, failed: [] as Evidence[], omitted: 0 }),
      step: (state, run, { now, options }) => {
        if (run.start < now - days(options.windowDays) || run.start > now || !hasEnded(run)) return state
        state.finished += 1
        if (hasSucceeded(run) || (run.status === 'partial' && options.countPartialAs === 'success'))
          state.successes += 1
        else if (state.failed.length < 20)
          state.failed.push({ kind: 'job-run', id: run.id, at: isoTime(run.start), data: { status: run.status } })
        else state.omitted += 1
        return state
      },
    }),
  }),
  evaluate: ({ folds: { runs }, options }) => {
    const { finished, successes, failed, omitted } = runs.value
    const data = { finished, successes, days: options.windowDays }
    if (finished < options.minSamples) return { message: 'too-few', data: { ...data, needed: options.minSamples } }
    const rate = (100 * successes) / finished
    const percent = Math.floor(rate * 100) / 100
    if (rate >= options.minPercent) return { message: 'reached', data: { ...data, percent } }
    return {
      message: 'below',
      data: { ...data, percent, limit: options.minPercent },
      evidence: failed,
      evidenceOmitted: omitted,
    }
  },
})
