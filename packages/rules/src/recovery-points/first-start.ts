import type { BackupPlan, Timetable } from '@backproof/core/audit'

/** The first expected start in a range, `from` inclusive, `to` exclusive; milliseconds since 1970. */
export type FirstStart = (range: { readonly from: number; readonly to: number }) => number | undefined

/** The first expected start of any of some plans. Nothing without plans, or where one runs on demand: nobody knows when it should. */
export const firstStartOf = (plans: readonly BackupPlan[], timetable: Timetable): FirstStart | undefined => {
  if (plans.length === 0 || plans.some(({ schedules }) => schedules.length === 0)) return undefined
  return (range) => {
    let first: number | undefined
    for (const { id } of plans)
      for (const start of timetable.starts(id, range)) {
        if (first === undefined || start < first) first = start
        break
      }
    return first
  }
}
