import { showValue } from '../../source/option-check.js'
import type { PlacePrices } from '../../source/prices.js'
import { checkedPrices, isRecord, refusing, shown } from './check-prices.js'

/**
 * Prices of places by what their URIs begin with: a scheme (`s3:`), a bucket (`s3://backups`), a folder (`s3://backups/shop`).
 * A name ends where the key ends or at a `/`: `s3://backups` is not `s3://backups-2`.
 */
export type PriceTable = Readonly<Record<string, PlacePrices>>

/**
 * The prices of a place: those of the longest key of the host's table that its URI begins with, else its own.
 *
 * @param uri As the source has it (`BackupSource.uri`).
 * @param own What its traits say.
 */
export const pricesFor = (
  uri: string,
  table: PriceTable | undefined,
  own: PlacePrices | undefined,
): PlacePrices | undefined => {
  let longest = ''
  let found = own
  for (const [key, prices] of Object.entries(table ?? {})) {
    const beginning = canonical(key)
    if (beginning.length <= longest.length || !isBelow(uri, beginning)) continue
    longest = beginning
    found = prices
  }
  return found
}

/** A scheme, and what a URI has behind it. */
const KEY = /^[a-z][a-z0-9+.-]*:(?:\/\/.*)?$/is

/** Sources write schemes in small letters, and no slash at the end. */
const canonical = (key: string): string =>
  key.replace(/^[^:]+:/, (scheme) => scheme.toLowerCase()).replace(/([^:/])\/+$/, '$1')

const isBelow = (uri: string, beginning: string): boolean =>
  uri.startsWith(beginning) &&
  (/[:/]$/.test(beginning) || uri.length === beginning.length || uri[beginning.length] === '/')

/** Checks a table that a host gives in code. Throws `invalid-config`, which names the key and the field. */
export const validatePrices = (table: PriceTable): void => {
  parsePrices(table, 'prices')
}

/**
 * The table that a JSON file holds, checked and frozen: `{ "s3://backups": { "currency": "USD", ... } }`.
 *
 * @param json What `JSON.parse` gave.
 * @param where What errors name: the path of the file.
 * @throws BackupError `invalid-config`.
 */
export const parsePrices = (json: unknown, where: string): PriceTable => {
  const refused = refusing()
  if (!isRecord(json)) {
    throw refused(`${where} must be an object of prices by URI, such as {"s3://backups": {...}}, not ${shown(json)}.`)
  }
  const seen = new Map<string, string>()
  const checked = Object.entries(json).map(([key, prices]) => {
    if (!KEY.test(key)) {
      throw refused(`${where}: ${showValue(key)} is no beginning of a URI; write s3: for a scheme, or s3://backups.`)
    }
    const twin = seen.get(canonical(key))
    if (twin !== undefined) throw refused(`${where}: ${showValue(twin)} and ${showValue(key)} are the same; keep one.`)
    seen.set(canonical(key), key)
    return [key, checkedPrices(prices, `${where}: ${showValue(key)}`)] as const
  })
  return Object.freeze(Object.fromEntries(checked))
}
