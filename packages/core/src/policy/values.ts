import { firstMoment, lastMoment } from '../audit/engine/waiver-form.js'
import { DURATIONS, parseDuration, parseSize, SIZES } from '../run/quantity.js'
import { type Shape, scalar } from './shape.js'

const TEXT = { type: 'string', minLength: 1 }
const DATE_PATTERN = '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?(Z|[+-]\\d{2}:\\d{2}))?$'

const asText = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value : undefined

export const text: Shape<string> = scalar('a text', TEXT, asText)

/** What other parts of the policy, histories and reports name something by. */
export const id: Shape<string> = scalar('a text without spaces at its ends, such as shop-database', TEXT, (value) => {
  const given = asText(value)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what no id has
  return given === undefined || given !== given.trim() || /[\u0000-\u001f\u007f]/.test(given) ? undefined : given
})

export const flag: Shape<boolean> = scalar('true or false', { type: 'boolean' }, (value) =>
  typeof value === 'boolean' ? value : undefined,
)

export const choice = <const C extends string>(choices: readonly C[]): Shape<C> =>
  scalar(`one of ${choices.join(', ')}`, { enum: choices }, (value) => choices.find((one) => one === value))

export const whole = (min: number, max: number): Shape<number> =>
  scalar(`a whole number from ${min} to ${max}`, { type: 'integer', minimum: min, maximum: max }, (value) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max ? (value as number) : undefined,
  )

/** The first moment of a date, or an instant: milliseconds since 1970. */
export const from: Shape<number> = scalar(
  'a date such as 2026-01-31, or a moment with its zone such as 2026-01-31T12:00:00Z',
  { type: 'string', pattern: DATE_PATTERN },
  firstMoment,
)

/** The last moment of a date, or an instant: milliseconds since 1970. */
export const until: Shape<number> = scalar(
  'a date such as 2026-12-31, which is meant to its end in UTC, or a moment with its zone such as 2026-12-31T12:00:00Z',
  { type: 'string', pattern: DATE_PATTERN },
  lastMoment,
)

/** A date or instant that stays a text. */
export const dateText: Shape<string> = scalar(until.expected, until.schema, (value) =>
  lastMoment(value) === undefined ? undefined : (value as string),
)

/** A clause of a framework, as `FRAMEWORK CLAUSE`. */
export const clause: Shape<string> = scalar(
  'a framework and its clause, such as pci-dss 12.10.4',
  { type: 'string', pattern: '^[a-z0-9.-]+ \\S+$' },
  (value) => (typeof value === 'string' && /^[a-z0-9.-]+ \S+$/.test(value) ? value : undefined),
)

/** A time span above zero, milliseconds. */
export const span: Shape<number> = scalar(
  `a time span above zero such as 4h or 1d12h. ${DURATIONS.replace(/\.$/, '')}`,
  { type: 'string', pattern: '^([0-9.]+[dD])?([0-9.]+[hH])?([0-9.]+[mM])?([0-9.]+[sS])?$', minLength: 2 },
  (value) => {
    const read = typeof value === 'string' ? parseDuration(value) : undefined
    return read === undefined || read <= 0 ? undefined : read
  },
)

/** A size in bytes. */
export const size: Shape<number> = scalar(
  `a size such as 500GB. ${SIZES.replace(/\.$/, '')}`,
  {
    anyOf: [
      { type: 'integer', minimum: 0 },
      { type: 'string', pattern: '^[0-9.]+ ?[A-Za-z]*$' },
    ],
  },
  (value) =>
    typeof value === 'string'
      ? parseSize(value)
      : Number.isSafeInteger(value) && (value as number) >= 0
        ? (value as number)
        : undefined,
)

/** What `scheme:rest` is: URIs of places and channels. */
export const uri: Shape<string> = scalar(
  'a URI such as s3://bucket/prefix or file:///srv/backup',
  { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9+.-]*:.+$' },
  (value) => (typeof value === 'string' && /^[a-z][a-z0-9+.-]*:\S+$/i.test(value) ? value : undefined),
)

/** An option of a rule, or a value of an attribute: the rule says which it takes. */
export const plain: Shape<string | number | boolean> = scalar(
  'a text, a number, true or false',
  { type: ['string', 'number', 'boolean'] },
  (value) => (typeof value === 'number' && !Number.isFinite(value) ? undefined : value),
)
