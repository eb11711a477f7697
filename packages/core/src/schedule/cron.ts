import { CronDate, CronPattern } from 'croner'
import type { Walls } from './walls.js'

const NAMES = ['second', 'minute', 'hour', 'day of the month', 'month', 'day of the week']

/**
 * Cron as `croner` reads it, over local times: what happens where clocks jump is decided in one place, for all kinds of schedules
 * (`starts.ts`), as vixie cron does. croner's own `nextRun` looks at the clock even where it is told from when; this does not.
 */
export const cronWalls = (cron: string): Walls => {
  const pattern = parsePattern(cron)
  return {
    fixed: pattern.isFixedTime,
    moved: pattern.isFixedTime,
    *between(from, to) {
      // Numbers are offsets in minutes to croner: local times here are written as if they were UTC.
      const at = new CronDate(new Date(Math.ceil(from / 1000) * 1000 - 1000), 0)
      while (at.increment(pattern, {}, false) !== null) {
        const wall = Date.UTC(at.year, at.month, at.day, at.hour, at.minute, at.second)
        if (wall >= to) return
        yield wall
      }
    },
  }
}

/** What is wrong with the syntax. */
export const checkCron = (cron: string): string | undefined => {
  const fields = cron.trim().split(/\s+/)
  if (!cron.includes('@') && fields.length !== 5 && fields.length !== 6) {
    const count = cron.trim() === '' ? 0 : fields.length
    return `the cron expression ${JSON.stringify(cron)} has ${count} fields; expected five (minute, hour, day of the month, month, day of the week), or six with seconds first`
  }
  try {
    parsePattern(cron)
    return undefined
  } catch (error) {
    return `the cron expression ${JSON.stringify(cron)} cannot be read: ${reason(error)}; expected five fields as in "30 2 * * 1-5", six with seconds first, or @hourly, @daily, @weekly, @monthly, @yearly`
  }
}

const parsePattern = (cron: string): CronPattern =>
  new CronPattern(cron, undefined, { mode: '5-or-6-parts', fixedTimeRule: 'no-wildcard' })

/** croner speaks of entries by number, counted from seconds. */
const reason = (error: unknown): string => {
  const message = error instanceof Error ? error.message : String(error)
  return message
    .replace(/^CronPattern: /, '')
    .replace(
      /^configuration entry (\d) \((.*?)\)/,
      (_, index: string, text: string) => `the ${NAMES[Number(index)]} ${JSON.stringify(text)}`,
    )
    .replace(/\.$/, '')
}
