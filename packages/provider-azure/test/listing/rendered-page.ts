import fc from 'fast-check'
import type { RawRow } from '../../src/listing/raw-page.js'

const escaped = (text: string): string =>
  text.replace(/[&<>"'\r]/g, (character) => `&#x${character.codePointAt(0)!.toString(16)};`)

/** Every character that a name can have, and those that markup is made of more often than others. */
export const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }),
      fc.constantFrom(...'&<>"\'\r\n%;]-', '</Name>', '<!--', '&amp;'),
    ),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((parts) => parts.join(''))
  .filter((text) => text.isWellFormed())

/** `undefined` now and then. */
export const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined })
const time = fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true })
const seconds = time.map((date) => new Date(Math.floor(date.getTime() / 1_000) * 1_000))

export const blob: fc.Arbitrary<RawRow> = fc
  .record({
    name: hostile,
    deleted: fc.boolean(),
    snapshot: optional(hostile),
    versionId: optional(hostile),
    isCurrentVersion: fc.boolean(),
    lastModified: optional(seconds),
    etag: optional(hostile),
    size: optional(fc.maxSafeNat()),
    resourceType: optional(hostile),
    md5: optional(hostile),
    crc64: optional(hostile),
    accessTier: optional(hostile),
    archiveStatus: optional(hostile),
    deletedTime: optional(seconds),
    keySha256: optional(hostile),
    metadata: fc.dictionary(
      fc.oneof(fc.constantFrom('Name', 'Blob', 'Etag'), fc.stringMatching(/^[A-Za-z_]\w{0,8}$/)),
      hostile,
      {
        maxKeys: 3,
        noNullPrototype: true,
      },
    ),
  })
  .map((row) => ({ ...row, written: row.name }))

/** How a page is written: between its elements, in which order, and a text in one of the ways that XML has for it. */
interface Style {
  readonly fillers: readonly string[]
  readonly keys: readonly number[]
  readonly ways: readonly ('escaped' | 'cdata' | 'encoded')[]
}

export const styleWith = (...fillers: readonly string[]): fc.Arbitrary<Style> =>
  fc.record({
    fillers: fc.array(fc.constantFrom('', ...fillers), { minLength: 1, maxLength: 5 }),
    keys: fc.array(fc.nat(), { minLength: 1, maxLength: 11 }),
    ways: fc.array(
      fc.constantFrom('escaped', 'escaped', ...(fillers.length > 2 ? (['cdata', 'encoded'] as const) : [])),
      {
        minLength: 1,
        maxLength: 5,
      },
    ),
  })

export const style = styleWith(' ', '\r\n\t', '<!-- <Blob><Name>no</Name></Blob> -->', '<?x <Blob/>?>')

export const rendered = (rows: readonly RawRow[], next: string | undefined, { fillers, keys, ways }: Style): string => {
  let count = 0
  const pick = <T>(from: readonly T[]): T => from[count++ % from.length]!
  const joined = (parts: readonly string[]): string => {
    const ordered = parts.map((part) => ({ part, key: pick(keys) })).sort((a, b) => a.key - b.key)
    return ordered.map(({ part }) => `${pick(fillers)}${part}`).join('') + pick(fillers)
  }
  const element = (tag: string, inner: string, attributes = ''): string =>
    inner === '' && count++ % 2 === 0 ? `<${tag}${attributes} />` : `<${tag}${attributes}>${inner}</${tag} >`
  const written = (text: string): string =>
    pick(ways) === 'cdata' && !/\r|\]\]>/.test(text) ? `<![CDATA[${text}]]>` : escaped(text)
  const field = (tag: string, value: string | number | boolean | Date | undefined): readonly string[] => {
    if (value === undefined || value === false) return pick([true, false]) ? [] : [element(tag, '')]
    return [element(tag, written(value instanceof Date ? value.toUTCString() : `${value}`))]
  }
  const named = (name: string): string =>
    pick(ways) === 'encoded'
      ? element('Name', encodeURIComponent(name), ` Encoded = 'true'`)
      : element('Name', written(name))
  const rowOf = (row: RawRow): string =>
    element(
      'Blob',
      joined([
        named(row.name!),
        ...field('Deleted', row.deleted),
        ...field('Snapshot', row.snapshot),
        ...field('VersionId', row.versionId),
        ...field('IsCurrentVersion', row.isCurrentVersion),
        element('Metadata', joined(Object.entries(row.metadata).map(([key, value]) => element(key, written(value))))),
        element('Tags', element('TagSet', '')),
        element(
          'Properties',
          joined([
            ...field('Last-Modified', row.lastModified),
            ...field('Etag', row.etag),
            ...field('Content-Length', row.size),
            ...field('BlobType', 'BlockBlob'),
            ...field('ResourceType', row.resourceType),
            ...field('Content-MD5', row.md5),
            ...field('Content-CRC64', row.crc64),
            ...field('AccessTier', row.accessTier),
            ...field('ArchiveStatus', row.archiveStatus),
            ...field('DeletedTime', row.deletedTime),
            ...field('CustomerProvidedKeySha256', row.keySha256),
          ]),
        ),
      ]),
    )
  // The order of rows is that of their blobs.
  const blobs = rows.map((row) => `${pick(fillers)}${rowOf(row)}`).join('') + pick(fillers)
  const marker = element('NextMarker', next === undefined ? '' : written(next))
  const root = joined([element('Blobs', blobs), marker, ...field('Prefix', 'x'), ...field('MaxResults', 5_000)])
  return `<?xml version="1.0" encoding="utf-8"?>${element('EnumerationResults', root, ' ServiceEndpoint="http://x/" ContainerName="c"')}`
}
