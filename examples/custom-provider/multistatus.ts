/**
 * What a WebDAV server answers to PROPFIND (RFC 4918, section 14.16), as far as a listing needs it: flat elements, in
 * any namespace prefix. A real provider would take an XML parser.
 */

import { type JsonValue, keyFromBytes, type ObjectEntry } from '@backproof/core/source'
import { fault } from './errors.js'

/** What an entry is pinned to: its percent-encoded path, and its state when it was listed. */
export type Ref = { readonly path: string; readonly etag: string; readonly size: number }

/** The `response` elements of a multistatus. */
export const responses = (xml: string): string[] => xml.split(/<(?:\w+:)?response[\s>]/).slice(1)

/** The text of an element; `undefined` when it is not there. */
const property = (xml: string, name: string): string | undefined => {
  const text = new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?(?:/>|>([^<]*)<)`).exec(xml)
  return text === null ? undefined : (text[1] ?? '').trim().replace(ENTITY, character)
}

const ENTITY = /&(?:#(x?[\da-f]+)|(\w+));/gi
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }

const character = (entity: string, code: string | undefined, name: string): string =>
  code === undefined ? (NAMED[name] ?? entity) : String.fromCodePoint(Number(code.replace(/^x/i, '0x')))

/** The entry of one `response` of a multistatus; of kind `special` for a folder. */
export const entryOf = (xml: string, base: URL, uri: string): ObjectEntry => {
  const isFolder = property(xml, 'collection') !== undefined
  const { pathname: given } = new URL(property(xml, 'href') ?? '', base)
  // Some servers leave the slash of a folder out.
  const pathname = isFolder ? given.replace(/\/*$/, '/') : given
  if (!pathname.startsWith(base.pathname)) throw fault('contract', uri, `the server listed ${pathname} in it.`)
  const ref = { path: pathname.slice(base.pathname.length), etag: property(xml, 'getetag') ?? '', size: 0 }
  const named = nameOf(ref.path)
  if (isFolder) return { ...named, ref, kind: 'special' }
  const size = Number(property(xml, 'getcontentlength') ?? Number.NaN)
  if (!ref.etag.startsWith('"') || !(size >= 0))
    throw fault('unsupported', uri + ref.path, 'the server tells no strong ETag or no size, so nothing pins a read.')
  return { ...named, ref: { ...ref, size }, kind: 'object', size }
}

/** The key of a percent-encoded path; bytes that are not UTF-8 are kept. */
export const nameOf = (path: string): Pick<ObjectEntry, 'key' | 'keyBytes'> => {
  const text = path.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  const keyBytes = Buffer.from(text, 'latin1')
  const key = keyFromBytes(keyBytes)
  return Buffer.from(key).equals(keyBytes) ? { key } : { key, keyBytes }
}

export const readRef = (ref: JsonValue): Ref => {
  const { path, etag, size } = (typeof ref === 'object' ? (ref ?? {}) : {}) as Partial<Ref>
  if (typeof path === 'string' && typeof etag === 'string' && typeof size === 'number') return { path, etag, size }
  throw fault('invalid-config', 'ref', 'it is none that this source gave out.')
}
