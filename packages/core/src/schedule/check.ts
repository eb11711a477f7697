import type { Schedule } from '../audit/policy.js'
import { checkCron, cronWalls } from './cron.js'
import { checkRrule, rruleWalls } from './rrule.js'
import type { Walls } from './walls.js'
import { checkZone } from './zone.js'

/** Local times in which a schedule has to start once: the years 2000 to 2428, a cycle of the calendar and more. */
const FROM = 946_684_800_000
const TO = 14_453_164_800_000

/**
 * What is wrong with a schedule, in words that begin a sentence and have no full stop: syntax, a time zone that is not known, one
 * that never starts anything. `undefined`: nothing.
 */
export const checkSchedule = (schedule: Schedule): string | undefined => {
  if ('cron' in schedule) {
    const { cron } = schedule
    return (
      checkCron(cron) ??
      checkZone(schedule.timezone) ??
      (starts(cronWalls(cron), FROM)
        ? undefined
        : `the cron expression ${JSON.stringify(cron)} never starts anything: there is no such day`)
    )
  }
  const { rrule, start } = schedule
  return (
    checkRrule(rrule, start) ??
    checkZone(schedule.timezone) ??
    (starts(rruleWalls(rrule, start), -Infinity)
      ? undefined
      : `the rule ${JSON.stringify(rrule)} with the start ${start} never starts anything; expected days that exist, and an UNTIL after the start`)
  )
}

const starts = (walls: Walls, from: number): boolean => {
  for (const wall of walls.between(from, TO)) return walls.until === undefined || wall <= walls.until + ZONES
  return false
}

/** A local time may be this much ahead of UTC. */
const ZONES = 86_400_000
