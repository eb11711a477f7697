import type { Schedule } from '../audit/policy.js'
import { BackupError } from '../errors.js'
import { cronWalls } from './cron.js'
import { rruleWalls } from './rrule.js'
import type { Walls } from './walls.js'
import { type Segment, segments } from './zone.js'

/** Times in milliseconds since 1970, `from` inclusive, `to` exclusive. */
export interface TimeRange {
  readonly from: number
  readonly to: number
}

const DAY = 86_400_000
/** Schedules end here: 1 January of the year 3000, UTC. */
const END = 32_503_680_000_000
/** And begin here: 1 January 1900. */
const BEGIN = -2_208_988_800_000

const compiled = new WeakMap<Schedule, Walls>()

/**
 * When a schedule is expected to start, lazily, ascending, milliseconds since 1970.
 *
 * Where clocks jump, cron does as vixie cron: a start at a time of day that is skipped happens at the moment at which they have
 * jumped, one that comes twice happens the first time. A schedule with `*` or `/` in seconds, minutes or hours runs every so often
 * instead: whatever the clock shows, shows it once or twice. A rule of RFC 5545 has no start in what is skipped (section 3.3.10), and
 * one, the first time, in what comes twice.
 *
 * @throws BackupError `invalid-config` where the schedule cannot be read (`checkSchedule`), or the range is none.
 */
export function* expectedStarts(schedule: Schedule, range: TimeRange): Generator<number> {
  if (Number.isNaN(range.from) || Number.isNaN(range.to))
    throw new BackupError({ code: 'invalid-config', message: 'A range of time needs two numbers: from and to.' })
  const walls = wallsOf(schedule)
  const from = Math.max(range.from, BEGIN)
  const to = Math.min(range.to, END, (walls.until ?? END) + 1)
  if (from >= to) return
  // Two days before, so that what a jump did just before is known.
  let before: Segment | undefined
  for (const segment of segments(schedule.timezone, from - 2 * DAY, to)) {
    for (const at of startsOf(walls, segment, before, from)) if (at >= from) yield at
    before = segment
  }
}

/** The largest time between two starts of all schedules together, milliseconds; `undefined` where there are not two in the range. */
export const largestGap = (schedules: readonly Schedule[], range: TimeRange): number | undefined => {
  let last: number | undefined
  let gap: number | undefined
  for (const at of mergedStarts(schedules, range)) {
    if (last !== undefined) gap = Math.max(gap ?? 0, at - last)
    last = at
  }
  return gap
}

/** When any of several schedules is expected to start, lazily, ascending, each moment once. Throws as {@link expectedStarts}. */
export function* mergedStarts(schedules: readonly Schedule[], range: TimeRange): Generator<number> {
  const heads = schedules.flatMap((schedule) => {
    const starts = expectedStarts(schedule, range)[Symbol.iterator]()
    const { value, done } = starts.next()
    return done === true ? [] : [{ starts, at: value }]
  })
  while (heads.length > 0) {
    const at = Math.min(...heads.map((head) => head.at))
    yield at
    for (let i = heads.length - 1; i >= 0; i--) {
      const head = heads[i]!
      if (head.at !== at) continue
      const { value, done } = head.starts.next()
      if (done === true) heads.splice(i, 1)
      else head.at = value
    }
  }
}

function* startsOf(walls: Walls, segment: Segment, before: Segment | undefined, from: number): Generator<number> {
  const { start, end, offset } = segment
  const shown = before === undefined ? -Infinity : before.end + before.offset
  const first = start + offset
  let last = -Infinity
  if (walls.moved && before !== undefined && shown < first && start >= from && !isEmpty(walls.between(shown, first))) {
    last = start
    yield start
  }
  const begin = Math.max(first, from + offset, walls.fixed ? shown : -Infinity)
  for (const wall of walls.between(begin, end + offset)) if (wall - offset !== last) yield wall - offset
}

const isEmpty = (walls: Iterable<number>): boolean => {
  for (const _ of walls) return false
  return true
}

/** Policies hand out the same schedules again and again. */
const wallsOf = (schedule: Schedule): Walls => {
  const known = compiled.get(schedule)
  if (known !== undefined) return known
  const walls = readSchedule(schedule)
  compiled.set(schedule, walls)
  return walls
}

const readSchedule = (schedule: Schedule): Walls => {
  try {
    return 'cron' in schedule ? cronWalls(schedule.cron) : rruleWalls(schedule.rrule, schedule.start)
  } catch (error) {
    const message = `A schedule cannot be read: ${error instanceof Error ? error.message : String(error)}`
    throw new BackupError({ code: 'invalid-config', message, cause: error })
  }
}
