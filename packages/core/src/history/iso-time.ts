/** Times of rows: RFC 3339, with seconds and an offset. Digits beyond milliseconds are read and dropped. */
export const ISO_TIME: RegExp =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/

/** Milliseconds since 1970; `undefined` for what is no such time, also a day that its month does not have. */
export const readIsoTime = (text: string): number | undefined => {
  if (!ISO_TIME.test(text)) return undefined
  const day = Number(text.slice(8, 10))
  if (day > 28 && day > daysIn(Number(text.slice(0, 4)), Number(text.slice(5, 7)))) return undefined
  return Date.parse(text)
}

/** In UTC; `undefined` for what is no whole millisecond of a year that has four digits. */
export const writeIsoTime = (time: number): string | undefined =>
  Number.isInteger(time) && time >= FIRST && time <= LAST ? new Date(time).toISOString() : undefined

const FIRST = Date.parse('0000-01-01T00:00:00Z')
const LAST = Date.parse('9999-12-31T23:59:59.999Z')

/** Days of a month, from 1. */
export const daysIn = (year: number, month: number): number =>
  month === 2 ? (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28) : DAYS[month - 1]!

const DAYS: readonly number[] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
