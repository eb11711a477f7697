import type { TimeWindow, Weekday } from '@backproof/core/audit'
import { checkWindow, type WindowSpan, windowAt, windowsBetween } from '@backproof/core/schedule'

const DAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const DAY = `(?:${DAYS.join('|')})`
const TIME = '(?:[01][0-9]|2[0-3]):[0-5][0-9]'

/** Windows as options have them: `22:00-06:00 Europe/Berlin`, `mon-fri 09:00-17:00 UTC`, `sat+sun 00:00-00:00 UTC`. */
export const WINDOW_PATTERN = `^(?:${DAY}(?:-${DAY})?(?:\\+${DAY}(?:-${DAY})?)* )?${TIME}-${TIME} [A-Za-z][A-Za-z0-9_+/-]*$`

export const WINDOW_FORM = 'such as 22:00-06:00 Europe/Berlin or mon-fri 09:00-17:00 UTC'

/** @param text matches {@link WINDOW_PATTERN}. */
export const parseWindow = (text: string): TimeWindow => {
  const parts = text.split(' ')
  const timezone = parts.at(-1)!
  const [from, to] = parts.at(-2)!.split('-') as [string, string]
  if (parts.length === 2) return { from, to, timezone }
  return { from, to, timezone, days: parts[0]!.split('+').flatMap(daysOf) }
}

const daysOf = (text: string): readonly Weekday[] => {
  const [first, last = first] = text.split('-').map((day) => DAYS.indexOf(day as Weekday)) as [number, number?]
  // From Friday to Monday is over the weekend.
  const count = ((last - first + DAYS.length) % DAYS.length) + 1
  return Array.from({ length: count }, (_, at) => DAYS[(first + at) % DAYS.length]!)
}

/** Windows of an option; in their place what is wrong with the first that cannot be, for example its time zone. */
export const windowsOf = (texts: readonly string[]): readonly TimeWindow[] | { readonly wrong: string } => {
  const windows = texts.map(parseWindow)
  for (const [at, window] of windows.entries()) {
    const wrong = checkWindow(window)
    if (wrong !== undefined) return { wrong: `${texts[at]}: ${wrong}` }
  }
  return windows
}

/**
 * When the windows that are open at a moment close. Where another opens as one closes, or before, it goes on; it is followed no
 * further than beyond `until`. `undefined`: none is open.
 */
export const openUntil = (windows: readonly TimeWindow[], moment: number, until: number): number | undefined => {
  let reach: number | undefined
  for (let at = moment; reach === undefined || reach <= until; at = reach) {
    const end = windows.reduce((latest, window) => Math.max(latest, windowAt(window, at)?.end ?? at), at)
    if (end === at) return reach
    reach = end
  }
  return reach
}

/** The first occurrence of one of the windows that overlaps a stretch of time, `to` exclusive. A moment is a stretch of a millisecond. */
export const firstOverlap = (windows: readonly TimeWindow[], from: number, to: number): WindowSpan | undefined => {
  const range = { from, to: Math.max(to, from + 1) }
  let first: WindowSpan | undefined
  for (const window of windows)
    for (const span of windowsBetween(window, range)) {
      if (first === undefined || span.start < first.start) first = span
      break
    }
  return first
}
