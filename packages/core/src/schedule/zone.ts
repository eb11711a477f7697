import { nearest } from '../source/nearest.js'

/** A stretch of time in which the clocks of a zone do not jump. Milliseconds; `offset` is local time less UTC. */
export interface Segment {
  readonly start: number
  readonly end: number
  readonly offset: number
}

const DAY = 86_400_000
const DAYS_KEPT = 20_000

interface Zone {
  readonly format: Intl.DateTimeFormat
  /** Offsets at the beginnings of days (UTC), by day. */
  readonly offsets: Map<number, number>
  /** Offsets that hold on the days around a day, by day; `null` where they change. */
  readonly steady: Map<number, number | null>
  /** When clocks jump, of the days on which they do. */
  readonly jumps: Map<number, number>
}

/** Formatters are dear to make, and what they say never changes: one for each zone that was asked for. */
const zones = new Map<string, Zone>()

/** What is wrong with the name of a time zone. */
export const checkZone = (name: unknown): string | undefined => {
  if (typeof name !== 'string' || name === '')
    return 'there is no time zone; expected an IANA name such as Europe/Berlin'
  try {
    // Offsets know no daylight saving, and not every Node takes them.
    if (!/^[+-]/.test(name) && zoneOf(name) !== undefined) return undefined
  } catch {
    // Said below.
  }
  const near = nearest(name, ['UTC', ...Intl.supportedValuesOf('timeZone')])
  const hint = near === undefined ? 'such as Europe/Berlin' : `; did you mean ${near}?`
  return `the time zone ${JSON.stringify(name)} is not known; expected an IANA name${near === undefined ? ' ' : ''}${hint}`
}

/** The offset of the zone at a moment, milliseconds. */
export const offsetAt = (name: string, time: number): number => {
  const day = Math.floor(time / DAY)
  const before = offsetOfDay(name, day)
  const after = offsetOfDay(name, day + 1)
  return before === after || time < jumpOf(name, day) ? before : after
}

/** The segments of a range, in order, without gaps. Clocks that jump twice within a day of UTC are seen once, which none did since 1900. */
export function* segments(name: string, from: number, to: number): Generator<Segment> {
  let start = from
  let offset = offsetAt(name, from)
  for (let day = Math.floor(from / DAY); day * DAY < to; day++) {
    const after = offsetOfDay(name, day + 1)
    if (after === offset) continue
    const end = jumpOf(name, day)
    if (end >= to) break
    yield { start, end, offset }
    start = end
    offset = after
  }
  yield { start, end: to, offset }
}

/**
 * The moment of a local time (milliseconds as if it were UTC). One that the clocks skip is the moment at which they jump; of one
 * that comes twice, the first or the second.
 */
export const instantOf = (name: string, wall: number, twice: 'first' | 'second'): number => {
  const steady = steadyOffset(name, wall)
  if (steady !== undefined) return wall - steady
  let found: number | undefined
  for (const { start, end, offset } of segments(name, wall - 2 * DAY, wall + 2 * DAY)) {
    const at = wall - offset
    // Skipped: it is over where this segment begins, and was not yet at the end of the one before.
    if (at < start) return found ?? start
    if (at < end) {
      if (twice === 'first') return at
      found = at
    }
  }
  return found ?? wall - offsetAt(name, wall)
}

/** The offset where it is the same on the days around: no zone is a day from UTC. Asked for each end of each window. */
const steadyOffset = (name: string, wall: number): number | undefined => {
  const { steady } = zoneOf(name)
  const day = Math.floor(wall / DAY)
  let offset = steady.get(day)
  if (offset === undefined) {
    if (steady.size >= DAYS_KEPT) steady.clear()
    offset = offsetOfDays(name, day - 1, day + 2)
    steady.set(day, offset)
  }
  return offset ?? undefined
}

/** `null`: not the same at the beginnings of all days from `first` to `last`. */
const offsetOfDays = (name: string, first: number, last: number): number | null => {
  const offset = offsetOfDay(name, first)
  for (let day = first + 1; day <= last; day++) if (offsetOfDay(name, day) !== offset) return null
  return offset
}

/** Local time of a moment, milliseconds as if it were UTC. */
export const wallOf = (name: string, time: number): number => time + offsetAt(name, time)

const zoneOf = (name: string): Zone => {
  const known = zones.get(name)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const zone: Zone = { format, offsets: new Map(), steady: new Map(), jumps: new Map() }
  zones.set(name, zone)
  return zone
}

const offsetOfDay = (name: string, day: number): number => {
  const zone = zoneOf(name)
  const known = zone.offsets.get(day)
  if (known !== undefined) return known
  const offset = readOffset(zone, day * DAY)
  if (zone.offsets.size >= DAYS_KEPT) zone.offsets.clear()
  zone.offsets.set(day, offset)
  return offset
}

const readOffset = ({ format }: Zone, time: number): number => {
  const part = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 }
  for (const { type, value } of format.formatToParts(time))
    if (type in part) part[type as keyof typeof part] = Number(value)
  const second = Math.floor(time / 1000) * 1000
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) - second
}

/** The first second of a day at which clocks show the offset that they have at its end. */
const jumpOf = (name: string, day: number): number => {
  const zone = zoneOf(name)
  const known = zone.jumps.get(day)
  if (known !== undefined) return known
  const before = offsetOfDay(name, day)
  let low = (day * DAY) / 1000
  let high = low + DAY / 1000
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (readOffset(zone, middle * 1000) === before) low = middle
    else high = middle
  }
  zone.jumps.set(day, high * 1000)
  return high * 1000
}
