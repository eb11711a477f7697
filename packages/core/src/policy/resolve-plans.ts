import type { BackupPlan, Schedule, TimeWindow } from '../audit/policy.js'
import { checkSchedule, checkWindow } from '../schedule/index.js'
import type { ManifestPlan, ManifestSchedule, ManifestWindow } from './manifest-types.js'
import { type Reading, reportAt } from './problem.js'

/** A plan whose schedules and windows have their time zones, and can be. `zone`: of those that name none. */
export const resolvePlan = (plan: ManifestPlan, zone: string | undefined, reading: Reading): BackupPlan => {
  const { schedules, window, blackouts, ...rest } = plan
  return {
    ...rest,
    schedules: schedules.flatMap((schedule, i) =>
      resolveSchedule(schedule, zone, (message) => reportAt(reading, schedules, i, message)),
    ),
    ...(window !== undefined &&
      resolveWindow(window, zone, (message) => reportAt(reading, plan, 'window', message)).map((one) => ({
        window: one,
      }))[0]),
    ...(blackouts.length > 0 && {
      blackouts: blackouts.flatMap((one, i) =>
        resolveWindow(one, zone, (message) => reportAt(reading, blackouts, i, message)),
      ),
    }),
  }
}

const NO_ZONE = 'there is no time zone; give it one, for example timezone: Europe/Berlin, or give the file one'

const resolveSchedule = (
  given: ManifestSchedule,
  zone: string | undefined,
  wrong: (message: string) => void,
): readonly Schedule[] => {
  const timezone = given.timezone ?? zone
  if (timezone === undefined) {
    wrong(NO_ZONE)
    return []
  }
  // Members that are missing are reported already.
  if ('rrule' in given ? given.start === undefined : given.cron === undefined) return []
  const schedule: Schedule = { ...given, timezone }
  const message = checkSchedule(schedule)
  if (message !== undefined) wrong(message)
  return message === undefined ? [schedule] : []
}

const resolveWindow = (
  given: ManifestWindow,
  zone: string | undefined,
  wrong: (message: string) => void,
): readonly TimeWindow[] => {
  const timezone = given.timezone ?? zone
  if (timezone === undefined) {
    wrong(NO_ZONE)
    return []
  }
  if (given.from === undefined || given.to === undefined) return []
  const window: TimeWindow = { ...given, timezone }
  const message = checkWindow(window)
  if (message !== undefined) wrong(message)
  return message === undefined ? [window] : []
}
