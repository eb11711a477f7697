import type { BackupPlan, Timetable } from '@backproof/core/audit'
import { mergedStarts } from '@backproof/core/schedule'

/** When plans are expected to start, as the engine tells it. */
export const timetableOf = (plans: readonly BackupPlan[]): Timetable => ({
  starts: (id, range) => mergedStarts(plans.find((plan) => plan.id === id)?.schedules ?? [], range),
})
