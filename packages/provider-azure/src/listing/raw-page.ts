import { type XmlReader, xmlReader } from './xml.js'

/** What a row of a page says of a blob, as far as it is of use here. An element without a text says nothing. */
export interface RawRow {
  /** `undefined` where there is none, and where it cannot be decoded. */
  readonly name: string | undefined
  /** As it stands in the page, for messages. */
  readonly written: string
  readonly deleted: boolean
  /** Time when it was taken. */
  readonly snapshot?: string | undefined
  readonly versionId?: string | undefined
  readonly isCurrentVersion: boolean
  readonly lastModified?: Date | undefined
  /** With its quotes, if it has any. */
  readonly etag?: string | undefined
  /** In bytes. */
  readonly size?: number | undefined
  /** `directory` or `file`, in hierarchical namespaces. */
  readonly resourceType?: string | undefined
  /** Base64. */
  readonly md5?: string | undefined
  /** Base64, least significant byte first. */
  readonly crc64?: string | undefined
  readonly accessTier?: string | undefined
  readonly archiveStatus?: string | undefined
  /** When it was deleted softly. */
  readonly deletedTime?: Date | undefined
  /** Base64 of the SHA-256 of the key that a reader has to bring. */
  readonly keySha256?: string | undefined
  /** By name, in the case in which it was set. */
  readonly metadata: Readonly<Record<string, string>>
}

/**
 * Reads a page of List Blobs, row by row, and returns where the next page begins (`undefined`: it is the last one). Nothing
 * of it is worth anything before it is read to its end. It takes the place of the SDK's parser, which takes the
 * better part of a second for 5,000 rows, in one piece, leaves character references as they are, and has no place for
 * `Content-CRC64` and `ResourceType`.
 *
 * Throws a `SyntaxError` where the text is no such page, or was cut or damaged: rows must not be lost.
 *
 * Source: "List Blobs", REST reference.
 */
export function* readPage(page: string): Generator<RawRow, string | undefined, void> {
  const xml = xmlReader(page)
  if (xml.child() !== 'EnumerationResults') throw noPage('its root is another element')
  const found = new Map<string, string>()
  for (let tag = xml.child(); tag !== undefined; tag = xml.child()) {
    if (found.has(tag)) throw noPage(`it has ${tag} twice`)
    // No other element has elements of its own: what is one of another place or time must not pass for a page without blobs.
    if (tag !== 'Blobs') found.set(tag, xml.text())
    else {
      yield* rowsOf(xml)
      found.set(tag, '')
    }
  }
  xml.child()
  const next = found.get('NextMarker')
  if (next === undefined || !found.has('Blobs'))
    throw noPage('it does not say which blobs there are, or whether more follow')
  return own(given(next))
}

function* rowsOf(xml: XmlReader): Generator<RawRow, void, void> {
  for (let tag = xml.child(); tag !== undefined; tag = xml.child()) {
    if (tag !== 'Blob') throw noPage(`it has ${tag} among its blobs`)
    yield rowOf(xml)
  }
}

const rowOf = (xml: XmlReader): RawRow => {
  const fields = new Map<string, string>()
  let properties = NONE
  let metadata = NONE
  let name: string | undefined
  for (let tag = xml.child(); tag !== undefined; tag = xml.child()) {
    if (!OF_BLOB.has(tag)) {
      xml.skip()
      continue
    }
    if (fields.has(tag)) throw noPage(`it has ${tag} twice in a row`)
    if (tag === 'Properties') properties = textsOf(xml, OF_PROPERTIES)
    else if (tag === 'Metadata') metadata = textsOf(xml)
    else if (tag === 'Name') {
      const encoded = xml.attribute('Encoded')
      const text = xml.text()
      fields.set(tag, text)
      name = flagOf('Encoded', encoded) ? decoded(text) : text
      continue
    }
    fields.set(tag, tag === 'Properties' || tag === 'Metadata' ? '' : xml.text())
  }
  const property = (tag: string): string | undefined => given(properties.get(tag))
  return {
    name: own(given(name)),
    written: fields.get('Name') ?? '',
    deleted: flagOf('Deleted', fields.get('Deleted')),
    snapshot: own(given(fields.get('Snapshot'))),
    versionId: own(given(fields.get('VersionId'))),
    isCurrentVersion: flagOf('IsCurrentVersion', fields.get('IsCurrentVersion')),
    lastModified: dateOf('Last-Modified', property('Last-Modified')),
    etag: own(property('Etag')),
    size: sizeOf(property('Content-Length')),
    resourceType: property('ResourceType'),
    md5: property('Content-MD5'),
    crc64: property('Content-CRC64'),
    accessTier: own(property('AccessTier')),
    archiveStatus: property('ArchiveStatus'),
    deletedTime: dateOf('DeletedTime', property('DeletedTime')),
    keySha256: property('CustomerProvidedKeySha256'),
    metadata: metadata.size === 0 ? NO_METADATA : Object.fromEntries(metadata),
  }
}

const NONE: ReadonlyMap<string, string> = new Map()
const NO_METADATA: RawRow['metadata'] = {}

const OF_BLOB: ReadonlySet<string> = new Set([
  'Name',
  'Deleted',
  'Snapshot',
  'VersionId',
  'IsCurrentVersion',
  'Properties',
  'Metadata',
])

const OF_PROPERTIES: ReadonlySet<string> = new Set([
  'Last-Modified',
  'Etag',
  'Content-Length',
  'ResourceType',
  'Content-MD5',
  'Content-CRC64',
  'AccessTier',
  'ArchiveStatus',
  'DeletedTime',
  'CustomerProvidedKeySha256',
])

/** The texts of the children with these names; of all without `wanted`. */
const textsOf = (xml: XmlReader, wanted?: ReadonlySet<string>): ReadonlyMap<string, string> => {
  const texts = new Map<string, string>()
  for (let tag = xml.child(); tag !== undefined; tag = xml.child()) {
    if (wanted?.has(tag) === false) xml.skip()
    else if (texts.has(tag)) throw noPage(`it has ${tag} twice in a row`)
    else texts.set(tag, xml.text())
  }
  return texts
}

const given = (text: string | undefined): string | undefined => (text === '' ? undefined : text)

/** A copy: a part of a text keeps the whole page in memory, as long as a report holds one key of it. */
const own = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : Buffer.from(text).toString()

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

const flagOf = (tag: string, text = ''): boolean => {
  const word = text.trim().toLowerCase()
  if (word !== 'true' && word !== 'false' && word !== '') throw noPage(`its ${tag} is neither true nor false`)
  return word === 'true'
}

const sizeOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined
  const size = /^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(size)) throw noPage('its Content-Length is no number of bytes')
  return size
}

const dateOf = (tag: string, text: string | undefined): Date | undefined => {
  if (text === undefined) return undefined
  const date = new Date(text)
  if (Number.isNaN(date.getTime())) throw noPage(`its ${tag} is no time`)
  return date
}

const noPage = (why: string): SyntaxError => new SyntaxError(`The document is no page of a listing: ${why}.`)
