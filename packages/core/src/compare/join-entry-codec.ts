import { compareKeys } from '../source/key.js'
import type { JoinEntry, ListedEntry } from './row.js'

/** Order of a spilled side: by mapped key, colliding ones by their own key, so that results do not depend on listing order. */
export const compareJoinEntries = (a: JoinEntry, b: JoinEntry): number =>
  compareKeys(a.key, b.key) || compareKeys(a.entry.key, b.entry.key)

/** One line of JSON; lone surrogates survive because `JSON.stringify` escapes them. */
export const encodeJoinEntry = (item: JoinEntry): string => {
  const { keyBytes, ...entry } = item.entry
  return JSON.stringify({
    entry,
    ...(item.key !== entry.key && { key: item.key }),
    ...(keyBytes !== undefined && { keyBytes: Buffer.from(keyBytes).toString('hex') }),
    ...(item.silent === true && { silent: true }),
  })
}

export const decodeJoinEntry = (line: string): JoinEntry => {
  const plain = JSON.parse(line) as { entry: ListedEntry; key?: string; keyBytes?: string; silent?: boolean }
  const entry =
    plain.keyBytes === undefined ? plain.entry : { ...plain.entry, keyBytes: Buffer.from(plain.keyBytes, 'hex') }
  return { key: plain.key ?? entry.key, entry, ...(plain.silent === true && { silent: true }) }
}

/** Estimated bytes of memory: object headers and properties, strings, digests. */
export const weighJoinEntry = (item: JoinEntry): number =>
  300 + 2 * item.key.length + (item.entry.digests?.length ?? 0) * 250
