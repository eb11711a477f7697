import { type AuditMeasure, defineMeasure } from '@backproof/core/audit'
import { hasEnded, hasSucceeded, jobRuns } from '@backproof/core/history'
import { DAYS, dayOf, isShown } from './days.js'
import { addFigure, createMedian, type Median, medianOf } from './median.js'
import type { JobDays } from './shapes.js'

interface Day {
  ended: number
  succeeded: number
  readonly minutes: Median
  bytes: number | null
}

/** How jobs ran, day by day of their ends, over the last 400 days: `job-days`, a {@link JobDays}. */
export const jobDays = (): AuditMeasure =>
  defineMeasure({
    name: 'job-days',
    description: `how jobs ran on each of the last ${DAYS} days`,
    folds: (fold) => ({
      runs: fold(jobRuns, {
        init: () => new Map<string, Day>(),
        step: (days, run, { now }) => {
          const { start, end, bytesProcessed } = run
          const at = end ?? start
          if (!hasEnded(run) || !isShown(at, now)) return days
          const name = dayOf(at)
          const day = days.get(name) ?? { ended: 0, succeeded: 0, minutes: createMedian(), bytes: null }
          days.set(name, day)
          day.ended += 1
          if (!hasSucceeded(run)) return days
          day.succeeded += 1
          if (end !== undefined && end !== null) addFigure(day.minutes, (end - start) / 60_000)
          if (bytesProcessed !== undefined && bytesProcessed !== null) day.bytes = (day.bytes ?? 0) + bytesProcessed
          return days
        },
      }),
    }),
    measure: ({ folds }) => {
      const days = [...folds.runs.value].sort(([a], [b]) => (a < b ? -1 : 1))
      return {
        days: days.map(([day, { ended, succeeded, minutes, bytes }]) => ({
          day,
          ended,
          succeeded,
          medianMinutes: medianOf(minutes),
          bytes,
        })),
      } satisfies JobDays
    },
  })
