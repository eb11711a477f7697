import { BackupError } from '../../errors.js'
import { redact } from '../../redact.js'
import { showValue } from '../../source/option-check.js'
import type { ClassPrices, PlacePrices } from '../../source/prices.js'

const FIELDS: readonly string[] = [
  'currency',
  'asOf',
  'source',
  'list',
  'pageSize',
  'stat',
  'read',
  'egressByte',
  'classes',
] satisfies (keyof PlacePrices)[]

const CLASS_FIELDS: readonly string[] = ['stat', 'read', 'retrievalByte'] satisfies (keyof ClassPrices)[]

/** A million of any currency for a GiB: who writes more gave the price of a gigabyte for that of a byte. */
const HIGHEST_BYTE = 1e-3

type Fields = Readonly<Record<string, unknown>>

/**
 * Checks prices that may come from plain JavaScript or a file, and gives a frozen copy. Everything but `classes` is required:
 * what is left out would read as free.
 *
 * @param where What the error names: `s3Source: prices`, `prices.json: s3://backups`.
 * @param provider Short name of the provider, for the error.
 * @throws BackupError `invalid-config`.
 */
export const checkedPrices = (value: unknown, where: string, provider?: string): PlacePrices => {
  const refused = refusing(provider)
  const given = fieldsOf(value, FIELDS, where, refused)
  const text = (name: string, form: RegExp, what: string): string => {
    const one = given[name]
    if (typeof one === 'string' && form.test(one)) return one
    throw refused(`${where}: ${name} is ${showValue(one)}; it must be ${what}.`)
  }
  const pageSize = given['pageSize']
  if (!Number.isSafeInteger(pageSize) || (pageSize as number) < 1) {
    throw refused(`${where}: pageSize is ${showValue(pageSize)}; it must be the entries of a page, from 1.`)
  }
  const { classes } = given
  return Object.freeze({
    currency: text('currency', /^[A-Z]{3}$/, 'a currency of ISO 4217, such as USD'),
    asOf: text('asOf', /^\d{4}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?$/, 'a month or day, such as 2026-11'),
    source: redact(text('source', /\S/, 'where the prices stand, such as the address of a page')),
    list: price(given, 'list', where, refused),
    pageSize: pageSize as number,
    stat: price(given, 'stat', where, refused),
    read: price(given, 'read', where, refused),
    egressByte: price(given, 'egressByte', where, refused),
    ...(classes !== undefined && { classes: checkedClasses(classes, where, refused) }),
  })
}

type Refuse = (message: string) => BackupError

export const refusing =
  (provider?: string): Refuse =>
  (message) =>
    new BackupError({ code: 'invalid-config', message, provider })

const checkedClasses = (value: unknown, where: string, refused: Refuse): Readonly<Record<string, ClassPrices>> => {
  if (!isRecord(value)) throw refused(`${where}: classes is ${shown(value)}; it must be prices by storage class.`)
  const checked = Object.entries(value).map(([name, one]) => {
    const place = `${where}: classes[${showValue(name)}]`
    const given = fieldsOf(one, CLASS_FIELDS, place, refused)
    const prices = CLASS_FIELDS.flatMap((field) =>
      given[field] === undefined ? [] : [[field, price(given, field, place, refused)]],
    )
    return [name, Object.freeze(Object.fromEntries(prices) as ClassPrices)] as const
  })
  return Object.freeze(Object.fromEntries(checked))
}

const price = (given: Fields, name: string, where: string, refused: Refuse): number => {
  const value = given[name]
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw refused(`${where}: ${name} is ${showValue(value)}; it must be a price, from 0.`)
  }
  if (name.endsWith('Byte') && value > HIGHEST_BYTE) {
    const byte = (value / 2 ** 30).toPrecision(4)
    throw refused(`${where}: ${name} is ${value} for a single byte. If that is for a GiB, write ${byte}.`)
  }
  return value
}

const fieldsOf = (value: unknown, known: readonly string[], where: string, refused: Refuse): Fields => {
  if (!isRecord(value)) throw refused(`${where} must be an object of prices, not ${shown(value)}.`)
  const unknown = Object.keys(value).filter((name) => !known.includes(name))
  if (unknown.length === 0) return value
  throw refused(`${where} has no price ${unknown.map(showValue).join(', ')}; it knows ${known.join(', ')}.`)
}

export const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** An array is an object too, which would explain nothing. */
export const shown = (value: unknown): string => (Array.isArray(value) ? 'a list' : showValue(value))
