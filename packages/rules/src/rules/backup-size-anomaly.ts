import { defineRule, numberOption, type Verdict } from '@backproof/core/audit'
import { jobRuns } from '@backproof/core/history'
import {
  type BaselineOptions,
  type Comparison,
  comparisonEvidence,
  deviationOf,
  isAbove,
  isBelow,
  lastAgainstBaseline,
  newestAgainstOldest,
} from '../baseline.js'
import { BASELINE_DESCRIPTION, baselineOptions } from '../baseline-options.js'
import { clauses } from '../clauses.js'
import { foldSeries, judgeSeries, type RunSeries, seriesMessages } from '../run-series.js'
import {
  holdsEverything,
  isSizeable,
  noLongerTold,
  SIZE_WORDS,
  SIZES,
  type Size,
  sizesOf,
  WHOLE_SIZES,
} from '../run-sizes.js'
import { isoTime } from '../time.js'

/** Backups keep their usual size. */
export const backupSizeAnomaly = defineRule({
  id: 'backup-size-anomaly',
  title: 'Backups keep their usual size',
  description: [
    BASELINE_DESCRIPTION,
    'What is compared, as far as runs tell it: bytes read from the source, bytes sent to the store, items, the share of items that changed, entropy. It fails where one of the first four grows beyond `maxGrowthFactor` times the median, where bytes read or items (where neither is told: bytes sent) shrink by more than `maxShrinkPercent` of it, and where entropy rises by more than `entropyJump`.',
    'Incremental, differential and log backups, and copies, are small when little changed: shrinking counts there only for the newest runs together. Growth to less than 10 MB, 100 items or 10 % of changed items is none. A run that does not tell a size that those before it told is `unknown`.',
  ],
  rationale:
    'Malware that encrypts files makes nearly all of them change, and nothing compress. A source that was unmounted, renamed or denied makes the backup small, and the job still succeeds. Both show in the size before anybody misses the data.',
  category: 'jobs',
  severity: 'high',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({ supporting: 'SI-4; CC7.2; CIS 11.3; DORA 12' }),
  remediation: {
    action: 'Stop the expiry of older recovery points, and find out what changed in the source before the next run',
    steps: [
      'Stop retention and pruning for the asset: the last good recovery point must not expire',
      'Where it grew, scan the source for malware and for files that were renamed in bulk',
      'Where it shrank, see whether all volumes, shares and databases are still part of the job',
      'Compare the recovery point with the one before it',
    ],
    effort: 'medium',
  },
  messages: {
    usual: {
      status: 'pass',
      text: 'the last run, {run} of {at}, had {value} {words}, the {baseline} runs before it {median} (median), and no trend shows',
    },
    grew: {
      status: 'fail',
      text: 'the last run, {run} of {at}, had {value} {words}; the {baseline} runs before it had {median} (median), and up to {limit} times that is usual',
    },
    shrank: {
      status: 'fail',
      text: 'the last run, {run} of {at}, had {value} {words}; the {baseline} runs before it had {median} (median), and up to {limit} % less is usual',
    },
    'grew-over-time': {
      status: 'fail',
      text: 'the last {recent} runs had {value} {words} (median); {baseline} runs from {from} to {to} had {median}, and up to {limit} times that is usual',
    },
    'shrank-over-time': {
      status: 'fail',
      text: 'the last {recent} runs had {value} {words} (median); {baseline} runs from {from} to {to} had {median}, and up to {limit} % less is usual',
    },
    'entropy-rose': {
      status: 'fail',
      text: 'the last run, {run} of {at}, had {value} {words}; the {baseline} runs before it had {median} (median), and up to {limit} more is usual',
    },
    'entropy-rose-over-time': {
      status: 'fail',
      text: 'the last {recent} runs had {value} {words} (median); {baseline} runs from {from} to {to} had {median}, and up to {limit} more is usual',
    },
    'size-unknown': {
      status: 'unknown',
      text: 'of the last of {runs} runs, or of too many of those before it, nobody says: {words}',
    },
    'nothing-backed-up': {
      status: 'unknown',
      text: 'the last run and the {baseline} runs before it had nothing to back up: there is no size to compare',
    },
    ...seriesMessages,
  },
  options: {
    maxGrowthFactor: numberOption({
      default: 3,
      min: 1,
      max: 1_000,
      step: 0.1,
      unit: 'times',
      stricter: 'lower',
      source: 'audit catalogue',
      description: 'Up to this many times the median is usual.',
    }),
    maxShrinkPercent: numberOption({
      default: 30,
      max: 100,
      unit: 'percent',
      stricter: 'lower',
      source: 'audit catalogue',
      description: 'Up to this much less than the median is usual.',
    }),
    entropyJump: numberOption({
      default: 0.2,
      max: 8,
      step: 0.01,
      unit: 'bits per byte',
      stricter: 'lower',
      source: 'audit catalogue',
      description: 'Up to this much more entropy than the median is usual.',
    }),
    ...baselineOptions,
  },
  folds: (fold) => ({ runs: fold(jobRuns, foldSeries(sizesOf)) }),
  evaluate: ({ now, folds: { runs }, options }) => {
    const minBaselineRuns = Math.min(options.minBaselineRuns, options.baselineRuns)
    const asked = { now, windowDays: options.windowDays, needed: minBaselineRuns + 1, good: 'usual' } as const
    return judgeSeries<Size, Judged>(runs, asked, (series) => judge(series, { ...options, minBaselineRuns }))
  },
})

interface Limits extends BaselineOptions {
  readonly maxGrowthFactor: number
  readonly maxShrinkPercent: number
  readonly entropyJump: number
  readonly maxDeviations: number
}

const judge = (series: RunSeries<Size>, limits: Limits): readonly Verdict<Judged>[] => {
  const { maxGrowthFactor, maxShrinkPercent, entropyJump, maxDeviations } = limits
  const grew = (compared: Comparison<Size>): boolean =>
    isSizeable(compared) && isAbove(compared, 100 * maxGrowthFactor, maxDeviations)
  const shrank = (compared: Comparison<Size>): boolean => isBelow(compared, 100 - maxShrinkPercent, maxDeviations)
  const rose = (compared: Comparison<Size>): boolean =>
    compared.value > compared.median + entropyJump &&
    compared.value > compared.median + maxDeviations * deviationOf(compared)

  const last = SIZES.flatMap((size) => lastAgainstBaseline(series, size, limits) ?? [])
  const newest = SIZES.flatMap((size) => newestAgainstOldest(series, size, limits) ?? [])
  const whole = last.filter(({ measure }) => WHOLE_SIZES.includes(measure))
  // What is sent shrinks with better compression, too: it counts where nothing better is told.
  const shrinking: readonly Size[] = whole.some(({ measure }) => measure !== 'sent') ? ['read', 'items'] : ['sent']
  const ofGrowth = ({ measure }: Comparison<Size>): boolean => measure !== 'entropy'
  const ofShrink = ({ measure }: Comparison<Size>): boolean => shrinking.includes(measure)
  const ofEntropy = ({ measure }: Comparison<Size>): boolean => measure === 'entropy'
  const failing: readonly Verdict<Judged>[] = [
    ...verdictOf('grew', last.filter(ofGrowth).filter(grew), maxGrowthFactor),
    ...verdictOf('shrank', holdsEverything(series) ? last.filter(ofShrink).filter(shrank) : [], maxShrinkPercent),
    ...verdictOf('entropy-rose', last.filter(ofEntropy).filter(rose), entropyJump),
    ...verdictOf('grew-over-time', newest.filter(ofGrowth).filter(grew), maxGrowthFactor),
    ...verdictOf('shrank-over-time', newest.filter(ofShrink).filter(shrank), maxShrinkPercent),
    ...verdictOf('entropy-rose-over-time', newest.filter(ofEntropy).filter(rose), entropyJump),
  ]
  if (failing.length > 0) return failing

  const silent = noLongerTold(series)
  const [first] = whole
  if (first === undefined || silent.length > 0) {
    const words = (silent.length > 0 ? silent : WHOLE_SIZES).map((size) => SIZE_WORDS[size]).join(', ')
    return [{ message: 'size-unknown', data: { runs: series.last.pushed, words } }]
  }
  const nothing = whole.every(({ value, median }) => value === 0 && median === 0)
  return [{ message: nothing ? 'nothing-backed-up' : 'usual', data: comparisonData(first) }]
}

/** One verdict for all measures of which it is true: the first in words, the others in evidence. */
const verdictOf = <M extends string>(
  message: M,
  [first, ...others]: readonly Comparison<Size>[],
  limit: number,
): readonly Verdict<M>[] => {
  if (first === undefined) return []
  const beside = others.map((compared) => {
    const { measure, value, median } = compared
    return { kind: 'measure', id: measure, data: { value, median, deviation: deviationOf(compared) } }
  })
  const evidence = [...beside, ...comparisonEvidence(first)]
  return [{ message, data: { ...comparisonData(first), deviation: deviationOf(first), limit }, evidence }]
}

const comparisonData = ({ measure, value, judged, median, baseline }: Comparison<Size>) => ({
  measure,
  words: SIZE_WORDS[measure],
  run: judged.at(-1)!.id,
  at: isoTime(judged.at(-1)!.start),
  recent: judged.length,
  value: rounded(value),
  median: rounded(median),
  baseline: baseline.length,
  from: isoTime(baseline[0]!.start),
  to: isoTime(baseline.at(-1)!.start),
})

const rounded = (value: number): number => Math.round(value * 100) / 100

type Judged =
  | 'usual'
  | 'grew'
  | 'shrank'
  | 'grew-over-time'
  | 'shrank-over-time'
  | 'entropy-rose'
  | 'entropy-rose-over-time'
  | 'size-unknown'
  | 'nothing-backed-up'
