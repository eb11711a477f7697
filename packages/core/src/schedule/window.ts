import type { TimeWindow, Weekday } from '../audit/policy.js'
import { BackupError } from '../errors.js'
import type { TimeRange } from './starts.js'
import { checkZone, instantOf, wallOf } from './zone.js'

/** One occurrence of a window: milliseconds since 1970, `start` inclusive, `end` exclusive. */
export interface WindowSpan {
  readonly start: number
  readonly end: number
}

const MINUTE = 60_000
const DAY = 86_400_000
/** From Sunday, as `getUTCDay` counts. */
const WEEKDAYS: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

/**
 * The occurrence of a window that a moment lies in. Windows are times of the wall clock: one from 22:00 to 06:00 lasts 7 or 9 hours
 * in a night in which clocks jump. An end that is skipped is the moment of the jump, one that comes twice the second; a start that
 * comes twice is the first.
 *
 * @throws BackupError `invalid-config` where the window cannot be read ({@link checkWindow}).
 */
export const windowAt = (window: TimeWindow, time: number): WindowSpan | undefined => {
  const clock = clockOf(window)
  const today = dayOf(wallOf(clock.timezone, time))
  // The day after, too: where clocks fall back over midnight it has begun and is still to come.
  for (let day = today - DAY; day <= today + DAY; day += DAY) {
    const span = spanOn(clock, day)
    if (span !== undefined && span.start <= time && time < span.end) return span
  }
  return undefined
}

/**
 * The occurrences of a window that overlap a range, lazily, by start. One that clocks skip as a whole is left out.
 *
 * @throws BackupError `invalid-config` where the window cannot be read ({@link checkWindow}).
 */
export function* windowsBetween(window: TimeWindow, range: TimeRange): Generator<WindowSpan> {
  const clock = clockOf(window)
  if (!(range.from < range.to)) return
  // It may begin the day before, and lasts up to a day and a jump.
  for (let day = dayOf(wallOf(clock.timezone, range.from)) - 2 * DAY; ; day += DAY) {
    const span = spanOn(clock, day)
    if (span === undefined) continue
    if (span.start >= range.to) return
    if (span.end > range.from && span.start < span.end) yield span
  }
}

/** What is wrong with a window, in words that begin a sentence and have no full stop. `undefined`: nothing. */
export const checkWindow = ({ from, to, timezone, days }: TimeWindow): string | undefined => {
  for (const text of [from, to])
    if (minutesOf(text) === undefined)
      return `the time ${JSON.stringify(text)} is none; expected HH:MM from "00:00" to "23:59", in quotes`
  if (days !== undefined) {
    if (days.length === 0) return 'the window has no days and never is; leave out days for every day'
    const unknown = days.find((day) => !WEEKDAYS.includes(day))
    if (unknown !== undefined)
      return `the day ${JSON.stringify(unknown)} is not known; expected mon, tue, wed, thu, fri, sat, sun`
  }
  return checkZone(timezone)
}

const minutesOf = (text: unknown): number | undefined => {
  const [, hours, minutes] = (typeof text === 'string' && /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text)) || []
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes)
}

const dayOf = (wall: number): number => Math.floor(wall / DAY) * DAY

/** A window as it is asked again and again: times of day in milliseconds. */
interface Clock {
  readonly first: number
  /** After `first`: of the next day, where it has to be. */
  readonly last: number
  readonly timezone: string
  /** By number of the day, from Sunday. */
  readonly days: readonly boolean[]
}

const clocks = new WeakMap<TimeWindow, Clock>()

const clockOf = (window: TimeWindow): Clock => {
  const known = clocks.get(window)
  if (known !== undefined) return known
  const wrong = checkWindow(window)
  if (wrong !== undefined)
    throw new BackupError({ code: 'invalid-config', message: `A window cannot be read: ${wrong}.` })
  const first = minutesOf(window.from)! * MINUTE
  const last = minutesOf(window.to)! * MINUTE
  const days = WEEKDAYS.map((day) => window.days?.includes(day) ?? true)
  const clock = { first, last: last <= first ? last + DAY : last, timezone: window.timezone, days }
  clocks.set(window, clock)
  return clock
}

const spanOn = ({ first, last, timezone, days }: Clock, day: number): WindowSpan | undefined => {
  if (days[new Date(day).getUTCDay()] === false) return undefined
  const start = instantOf(timezone, day + first, 'first')
  // A whole day ends where the next one begins.
  return { start, end: instantOf(timezone, day + last, last === first + DAY ? 'first' : 'second') }
}
