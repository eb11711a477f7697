import type { Evidence } from '@backproof/core/audit'
import { type MeasuredRun, measuredEvidence, type RunSeries } from './run-series.js'
import { median, spreadOf } from './statistics/index.js'

/** Newest runs against older ones, by one measure. What is judged is never part of what it is held against. */
export interface Comparison<K extends string> {
  readonly measure: K
  /** Of the last run, or the median of the newest. */
  readonly value: number
  readonly judged: readonly MeasuredRun<K>[]
  /** Of the runs that it is held against. */
  readonly median: number
  readonly baseline: readonly MeasuredRun<K>[]
}

export interface BaselineOptions {
  readonly baselineRuns: number
  readonly minBaselineRuns: number
  readonly recentRuns: number
}

/** The last run against those before it: finds what jumps. `undefined` where too little is known. */
export const lastAgainstBaseline = <K extends string>(
  { last }: RunSeries<K>,
  measure: K,
  { baselineRuns, minBaselineRuns }: BaselineOptions,
): Comparison<K> | undefined => {
  const runs = last.items()
  return comparisonOf(measure, runs.slice(-1), 1, runs.slice(0, -1).slice(-baselineRuns), minBaselineRuns)
}

/** A run that has no end yet against the last ones that have. */
export const runningAgainstBaseline = <K extends string>(
  { last }: RunSeries<K>,
  running: MeasuredRun<K>,
  measure: K,
  { baselineRuns, minBaselineRuns }: BaselineOptions,
): Comparison<K> | undefined => comparisonOf(measure, [running], 1, last.items().slice(-baselineRuns), minBaselineRuns)

/**
 * The newest runs against the oldest of the window: finds what never jumps, but moves a little with each run and takes its baseline
 * along. `undefined` where too little is known.
 */
export const newestAgainstOldest = <K extends string>(
  { first, last }: RunSeries<K>,
  measure: K,
  { minBaselineRuns, recentRuns }: BaselineOptions,
): Comparison<K> | undefined => {
  if (last.pushed <= recentRuns) return undefined
  const newest = last.items().slice(-recentRuns)
  return comparisonOf(measure, newest, recentRuns / 2, first.slice(0, last.pushed - recentRuns), minBaselineRuns)
}

const comparisonOf = <K extends string>(
  measure: K,
  newer: readonly MeasuredRun<K>[],
  needNewer: number,
  older: readonly MeasuredRun<K>[],
  needOlder: number,
): Comparison<K> | undefined => {
  const judged = withMeasure(newer, measure)
  if (judged.length === 0) return undefined
  const baseline = withMeasure(older, measure)
  if (judged.length < needNewer || baseline.length < needOlder) return undefined
  const value = median(valuesOf(judged, measure))
  const middle = median(valuesOf(baseline, measure))
  if (value === undefined || middle === undefined) return undefined
  return { measure, value, judged, median: middle, baseline }
}

/** Runs of which it is known. What is no number, or less than nothing, is not. */
const withMeasure = <K extends string>(runs: readonly MeasuredRun<K>[], measure: K): readonly MeasuredRun<K>[] =>
  runs.filter(({ measures: { [measure]: value } }) => value !== null && Number.isFinite(value) && value >= 0)

const valuesOf = <K extends string>(runs: readonly MeasuredRun<K>[], measure: K): readonly number[] =>
  runs.map(({ measures }) => measures[measure] ?? 0)

/** How far the runs that it is held against scatter: their median absolute deviation, scaled. */
export const deviationOf = <K extends string>({ baseline, measure }: Comparison<K>): number =>
  spreadOf(valuesOf(baseline, measure))?.deviation ?? 0

/** Above `percent` of the median, and above it by more than so many deviations. */
export const isAbove = (compared: Comparison<string>, percent: number, deviations: number): boolean =>
  compared.value * 100 > compared.median * percent &&
  compared.value > compared.median + deviations * deviationOf(compared)

/** Below `percent` of the median, and below it by more than so many deviations. */
export const isBelow = (compared: Comparison<string>, percent: number, deviations: number): boolean =>
  compared.value * 100 < compared.median * percent &&
  compared.value < compared.median - deviations * deviationOf(compared)

/** Runs that were judged, then those that they were held against, so that both numbers can be recomputed. */
export const comparisonEvidence = <K extends string>({ measure, judged, baseline }: Comparison<K>): Evidence[] => [
  ...judged.toReversed().map((run) => measuredEvidence(run, measure, 'judged')),
  ...baseline.toReversed().map((run) => measuredEvidence(run, measure, 'baseline')),
]
