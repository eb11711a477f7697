import { RRuleTemporal } from 'rrule-temporal'
import { RRULE_PARTS } from './rrule-parts.js'
import type { Walls } from './walls.js'

const DAY = 86_400_000
const FIRST_CHUNK = 32 * DAY
const MANY = 2_000
/** Steps of the calendar that the search for one start may take. */
const STEPS = 100_000

/**
 * RFC 5545 as `rrule-temporal` reads it, over local times: with a time zone it looks at the clock, to guess how far the rules of
 * daylight saving are known. `UNTIL` is taken out, as it is a moment and no local time.
 *
 * @throws Error where the rule cannot be read.
 */
export const rruleWalls = (rrule: string, start: string): Walls => {
  const { rest, until } = splitUntil(rrule)
  const rule = new RRuleTemporal({
    rruleString: `DTSTART:${start.replace(/[-:]/g, '').padEnd(15, '0')}Z\nRRULE:${rest}`,
    maxIterations: STEPS,
    strict: true,
    cache: false,
  })
  const first = readLocal(start)!
  const local = until === undefined || until.endsWith('Z') ? undefined : readLocal(until)
  return {
    fixed: true,
    moved: false,
    ...(until?.endsWith('Z') && { until: readLocal(until.slice(0, -1)) }),
    *between(from, to) {
      const end = local === undefined ? to : Math.min(to, local + 1)
      let length = FIRST_CHUNK
      for (let at = Math.max(from, first); at < end; ) {
        const next = Math.min(at + length, end)
        // Its ends are inclusive; starts are whole seconds.
        const found = rule.between(new Date(Math.ceil(at)), new Date(Math.ceil(next) - 1), true)
        for (const one of found) yield one.epochMilliseconds
        at = next
        if (found.length < MANY) length *= 2
        else length = Math.max(1000, length / 4)
      }
    },
  }
}

/** What is wrong with the syntax of the rule, or of its first start. */
export const checkRrule = (rrule: string, start: string): string | undefined => {
  if (readLocal(start) === undefined)
    return `the start ${JSON.stringify(start)} is no local time; expected one such as 2026-01-05T03:00:00, without zone`
  const wrong = checkParts(rrule)
  if (wrong !== undefined) return `the rule ${JSON.stringify(rrule)} cannot be read: ${wrong}`
  try {
    rruleWalls(rrule, start)
    return undefined
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return `the rule ${JSON.stringify(rrule)} cannot be read: ${reason}; expected RFC 5545, such as FREQ=WEEKLY;BYDAY=MO,TH`
  }
}

/** The library ignores what it does not know, and drops values that are out of range. */
const checkParts = (rrule: string): string | undefined => {
  const seen = new Set<string>()
  for (const part of rrule.split(';')) {
    const [, name, value] = /^([^=]*)=(.+)$/.exec(part) ?? []
    if (name === undefined || value === undefined) return `${JSON.stringify(part)} is no NAME=VALUE, such as FREQ=DAILY`
    const known = RRULE_PARTS[name]
    if (known === undefined)
      return `${JSON.stringify(name)} is not known; expected ${Object.keys(RRULE_PARTS).join(', ')}`
    if (seen.has(name)) return `${name} is there twice`
    seen.add(name)
    const wrong = known.list
      ? value.split(',').find((one) => !known.allows(one))
      : known.allows(value)
        ? undefined
        : value
    if (wrong !== undefined) return `${name} is ${JSON.stringify(wrong)}; expected ${known.expected}`
  }
  if (!seen.has('FREQ')) return 'there is no FREQ; expected for example FREQ=DAILY'
  if (seen.has('COUNT') && seen.has('UNTIL')) return 'COUNT and UNTIL exclude each other'
  return undefined
}

const splitUntil = (rrule: string): { readonly rest: string; readonly until?: string } => {
  const parts = rrule.split(';')
  const until = parts.find((part) => part.startsWith('UNTIL='))
  if (until === undefined) return { rest: rrule }
  return { rest: parts.filter((part) => part !== until).join(';'), until: until.slice('UNTIL='.length) }
}

const LOCAL = /^(\d{4})-?(\d{2})-?(\d{2})T(\d{2}):?(\d{2})(?::?(\d{2}))?$/

/** Milliseconds as if it were UTC; `undefined` where there is no such date or time. */
const readLocal = (text: string): number | undefined => {
  const [year, month, day, hour, minute, second] = (LOCAL.exec(text) ?? [])
    .slice(1)
    .map((digits) => Number(digits ?? 0))
  if (year === undefined) return undefined
  const time = Date.UTC(year, month! - 1, day, hour, minute, second)
  const iso = new Date(time).toISOString()
  const digits = (value: number): string => String(value).padStart(2, '0')
  return iso.startsWith(
    `${String(year).padStart(4, '0')}-${digits(month!)}-${digits(day!)}T${digits(hour!)}:${digits(minute!)}:${digits(second!)}`,
  )
    ? time
    : undefined
}
