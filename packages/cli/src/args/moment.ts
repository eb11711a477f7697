import { readIsoTime } from '@backproof/core/history'
import type { Values } from './parse.js'
import { usageError } from './usage-error.js'
import { text } from './values.js'

/** A moment in ISO 8601 with an offset, seconds or none; a day is its first moment in UTC. */
export const moment = (values: Values, name: string): Date | undefined => {
  const given = text(values, name)
  if (given === undefined) return undefined
  const full = /^\d{4}-\d\d-\d\d$/.test(given)
    ? `${given}T00:00:00Z`
    : given.replace(/T(\d\d:\d\d)(?=Z$|[+-]\d\d:\d\d$)/, 'T$1:00')
  const time = readIsoTime(full)
  if (time !== undefined) return new Date(time)
  throw usageError(
    `--${name} ${JSON.stringify(given)} is no moment`,
    'Write 2026-11-22T20:00Z, with Z or an offset such as +01:00; or a day, which is its first moment in UTC.',
  )
}
