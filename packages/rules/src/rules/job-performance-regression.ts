import { defineRule, durationOption, numberOption, type Verdict } from '@backproof/core/audit'
import { jobRuns } from '@backproof/core/history'
import { type Comparison, comparisonEvidence, deviationOf, isAbove, isBelow } from '../baseline.js'
import { BASELINE_DESCRIPTION, baselineOptions } from '../baseline-options.js'
import { clauses } from '../clauses.js'
import { foldSeries, judgeSeries, seriesMessages } from '../run-series.js'
import {
  type Compare,
  comparableThroughput,
  lastRun,
  newestRuns,
  runningSoFar,
  type Speed,
  speedOf,
} from '../run-speed.js'
import { inMinutes, isoTime, minutes } from '../time.js'

/** Backups do not become slower. */
export const jobPerformanceRegression = defineRule({
  id: 'job-performance-regression',
  title: 'Backups do not become slower',
  description: [
    BASELINE_DESCRIPTION,
    'It fails where a duration is more than `maxDurationIncreasePercent` longer than the median of the runs that it is held against, and where throughput is below `minThroughputPercent` of it. A run that is still going counts with the time that it has taken so far. Throughput = bytes read from the source (where that is not told: bytes sent to the store) / duration; runs that moved less than half of the usual bytes are left out of it, as they are busy with looking around. What takes less than `ignoreBelow` is never too slow.',
  ],
  rationale:
    'A backup that takes a little longer every night leaves its window one day, and a restore over the same path takes as long. Slowness is the first sign of failing disks, full networks and tables without an index.',
  category: 'jobs',
  severity: 'medium',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({ supporting: 'A1.1; CP-2(2); A.8.6' }),
  remediation: {
    action: 'Find out what became slower: look at the source, then the network, then the target',
    effort: 'medium',
  },
  messages: {
    steady: {
      status: 'pass',
      text: 'the last run, {run} of {at}, took {minutes} minutes, the {baseline} runs before it {median} (median), and no trend shows',
    },
    'slower-run': {
      status: 'fail',
      text: 'the last run, {run} of {at}, took {minutes} minutes; the {baseline} runs before it took {median} (median), and up to {percent} % more is allowed',
    },
    'running-long': {
      status: 'fail',
      text: 'the run {run} of {at} has been going for {minutes} minutes; the {baseline} runs before it took {median} (median), and up to {percent} % more is allowed',
    },
    'slower-trend': {
      status: 'fail',
      text: 'the last {recent} runs took {minutes} minutes (median); {baseline} runs from {from} to {to} took {median}, and up to {percent} % more is allowed',
    },
    'low-throughput-run': {
      status: 'fail',
      text: 'the last run, {run} of {at}, moved {rate} bytes a second; the {baseline} runs before it moved {median} (median), and at least {percent} % of that is required',
    },
    'low-throughput-trend': {
      status: 'fail',
      text: 'the last {recent} runs moved {rate} bytes a second (median); {baseline} runs from {from} to {to} moved {median}, and at least {percent} % of that is required',
    },
    'duration-unknown': {
      status: 'unknown',
      text: 'of the last of {runs} runs, or of too many of those before it, nobody says how long they took',
    },
    'throughput-unknown': {
      status: 'unknown',
      text: 'durations are steady, but of the last of {runs} runs, or of too many of those before it, nobody says how much they moved',
    },
    ...seriesMessages,
  },
  options: {
    maxDurationIncreasePercent: numberOption({
      default: 50,
      max: 10_000,
      unit: 'percent',
      stricter: 'lower',
      source: 'audit catalogue',
      description: 'A run may take this much longer than usual.',
    }),
    minThroughputPercent: numberOption({
      default: 60,
      max: 100,
      unit: 'percent',
      stricter: 'higher',
      source: 'audit catalogue',
      description: 'This share of the usual throughput is required. 0: throughput is not asked for.',
    }),
    ignoreBelow: durationOption({
      default: minutes(1),
      stricter: 'lower',
      source: 'own choice: in a minute, starting up counts for more than the backup',
      description: 'What takes less time is never too slow.',
    }),
    ...baselineOptions,
  },
  folds: (fold) => ({ runs: fold(jobRuns, foldSeries(speedOf)) }),
  evaluate: ({ now, folds: { runs }, options }) => {
    const { maxDurationIncreasePercent, minThroughputPercent, ignoreBelow, maxDeviations } = options
    const minBaselineRuns = Math.min(options.minBaselineRuns, options.baselineRuns)
    const baseline = { ...options, minBaselineRuns }
    const { observedAt } = runs

    const isSlow = (compared: Comparison<Speed>): boolean =>
      compared.value >= ignoreBelow && isAbove(compared, 100 + maxDurationIncreasePercent, maxDeviations)
    const slow = (message: Slow, compared: Comparison<Speed> | undefined): Verdict<Slow>[] =>
      compared === undefined || !isSlow(compared)
        ? []
        : [
            {
              message,
              data: {
                ...durationData(compared),
                deviation: deviationOf(compared),
                percent: maxDurationIncreasePercent,
              },
              evidence: comparisonEvidence(compared),
            },
          ]
    const lagging = (message: Lagging, compare: Compare): Verdict<Lagging>[] => {
      const { rate } = comparableThroughput(compare)
      const duration = compare('duration')
      if (rate === undefined || duration === undefined || duration.value < ignoreBelow) return []
      if (!isBelow(rate, minThroughputPercent, maxDeviations)) return []
      const data = { ...runData(rate), rate: Math.floor(rate.value), median: Math.floor(rate.median) }
      return [
        {
          message,
          data: { ...data, deviation: deviationOf(rate), percent: minThroughputPercent },
          evidence: comparisonEvidence(rate),
        },
      ]
    }

    const asked = { now, windowDays: options.windowDays, needed: minBaselineRuns + 1, good: 'steady' as const }
    return judgeSeries(runs, asked, (series): readonly Verdict<Judged>[] => {
      const [last, newest] = [lastRun(series, baseline), newestRuns(series, baseline)]
      const duration = last('duration')
      const failing = [
        ...slow('running-long', runningSoFar(series, baseline, { now, observedAt })),
        ...slow('slower-run', duration),
        ...slow('slower-trend', newest('duration')),
        ...lagging('low-throughput-run', last),
        ...lagging('low-throughput-trend', newest),
      ]
      if (failing.length > 0) return failing
      const counted = { data: { runs: series.last.pushed } }
      if (duration === undefined) return [{ message: 'duration-unknown', ...counted }]
      if (minThroughputPercent > 0 && !comparableThroughput(last).known)
        return [{ message: 'throughput-unknown', ...counted }]
      return [{ message: 'steady', data: durationData(duration) }]
    })
  },
})

const runData = ({ judged, baseline }: Comparison<Speed>) => ({
  run: judged.at(-1)!.id,
  at: isoTime(judged.at(-1)!.start),
  recent: judged.length,
  baseline: baseline.length,
  from: isoTime(baseline[0]!.start),
  to: isoTime(baseline.at(-1)!.start),
})

const durationData = (compared: Comparison<Speed>) => ({
  ...runData(compared),
  minutes: inMinutes(compared.value),
  median: inMinutes(compared.median),
})

type Slow = 'slower-run' | 'slower-trend' | 'running-long'
type Lagging = 'low-throughput-run' | 'low-throughput-trend'
type Judged = Slow | Lagging | 'steady' | 'duration-unknown' | 'throughput-unknown'
