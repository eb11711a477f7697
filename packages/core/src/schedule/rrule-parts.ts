/** A part of a rule of RFC 5545 (section 3.3.10): what it takes. */
interface RrulePart {
  readonly list: boolean
  readonly expected: string
  allows(value: string): boolean
}

const number = (min: number, max: number, list = false): RrulePart => ({
  list,
  expected: `a whole number from ${min} to ${max}`,
  allows: (value) => /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max,
})

const signed = (max: number): RrulePart => ({
  list: true,
  expected: `a whole number from 1 to ${max}, or from -${max} to -1 from the end`,
  allows: (value) => /^[+-]?\d{1,3}$/.test(value) && Math.abs(Number(value)) >= 1 && Math.abs(Number(value)) <= max,
})

const words = (known: readonly string[]): RrulePart => ({
  list: false,
  expected: `one of ${known.join(', ')}`,
  allows: (value) => known.includes(value),
})

const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']

export const RRULE_PARTS: Readonly<Record<string, RrulePart>> = {
  FREQ: words(['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY', 'SECONDLY']),
  INTERVAL: number(1, 1_000_000),
  COUNT: number(1, 1_000_000),
  UNTIL: {
    list: false,
    expected: 'a moment in UTC such as 20301231T235959Z, or a local time without the Z',
    allows: (value) => /^\d{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3])[0-5]\d[0-5]\dZ?$/.test(value),
  },
  BYMONTH: number(1, 12, true),
  BYWEEKNO: signed(53),
  BYYEARDAY: signed(366),
  BYMONTHDAY: signed(31),
  BYDAY: {
    list: true,
    expected: `one of ${DAYS.join(', ')}, with a number before it for the n-th, such as -1FR`,
    allows: (value) => /^(?:[+-]?[1-9]\d?)?(?:MO|TU|WE|TH|FR|SA|SU)$/.test(value),
  },
  BYHOUR: number(0, 23, true),
  BYMINUTE: number(0, 59, true),
  BYSECOND: number(0, 59, true),
  BYSETPOS: signed(366),
  WKST: words(DAYS),
}
