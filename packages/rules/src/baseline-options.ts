import { type NumberOption, numberOption } from '@backproof/core/audit'

/** Options of rules that compare new runs with old ones. */
export const baselineOptions: {
  readonly baselineRuns: NumberOption<number>
  readonly minBaselineRuns: NumberOption<number>
  readonly recentRuns: NumberOption<number>
  readonly maxDeviations: NumberOption<number>
  readonly windowDays: NumberOption<number>
} = {
  baselineRuns: numberOption({
    default: 14,
    min: 3,
    max: 365,
    unit: 'runs',
    stricter: 'higher',
    source: 'audit catalogue: two weeks of daily runs',
    description: 'Runs that the newest are held against: those just before the last one, and the oldest of the window.',
  }),
  minBaselineRuns: numberOption({
    default: 7,
    min: 3,
    max: 365,
    unit: 'runs',
    stricter: 'higher',
    source: 'own choice: a week of daily runs',
    description:
      'Fewer runs to compare with, or fewer than `baselineRuns` where that is less, give no baseline: `unknown`.',
  }),
  recentRuns: numberOption({
    default: 5,
    min: 1,
    max: 365,
    unit: 'runs',
    stricter: 'lower',
    source: 'own choice: of five days in a row at most two are of a weekend',
    description: 'The median of so many newest runs is held against the oldest of the window.',
  }),
  maxDeviations: numberOption({
    default: 3,
    max: 100,
    step: 0.1,
    unit: 'scaled median absolute deviations',
    stricter: 'lower',
    source: 'Leys and others (2013), "Detecting outliers": three, where one wants to be very careful',
    description: 'What lies closer to the median of the runs that it is held against is noise.',
  }),
  windowDays: numberOption({
    default: 90,
    min: 1,
    max: 3_660,
    unit: 'days',
    stricter: 'higher',
    source: 'own choice: a quarter, twelve weekly full backups',
    description: 'Runs that started in the last days count.',
  }),
}

/** Paragraph of the description that says how. */
export const BASELINE_DESCRIPTION =
  'Runs that succeeded in the last `windowDays` are compared within their plan, job and kind: an incremental run is no measure for a full one. Two comparisons are made. The last run is held against the `baselineRuns` runs before it: that finds what jumps. The median of the newest `recentRuns` is held against the `baselineRuns` oldest of the window: that finds what never jumps, but moves a little with each run and takes its baseline along. Both use the median and the median absolute deviation (MAD, times 1.4826), which single odd runs do not move. What is within `maxDeviations` of those is noise, whatever the percentage. Where there are fewer than `minBaselineRuns` to compare with it is `unknown`. A history that begins within the window can fail as far as it goes, and does not pass.'
