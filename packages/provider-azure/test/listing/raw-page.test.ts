import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type RawRow, readPage } from '../../src/listing/raw-page.js'
import { blob, hostile, optional, rendered, style, styleWith } from './rendered-page.js'

interface Page {
  readonly rows: readonly RawRow[]
  readonly next: string | undefined
}

const pageOf = (text: string): Page => {
  const page = readPage(text)
  const rows: RawRow[] = []
  for (let step = page.next(); ; step = page.next()) {
    if (step.done === true) return { rows, next: step.value }
    rows.push(step.value)
  }
}

const page = (rows: string): string =>
  `<?xml version="1.0"?><EnumerationResults><Prefix>&lt;Blobs&gt;</Prefix><Blobs>${rows}</Blobs><NextMarker /></EnumerationResults>`

const EMPTY = { written: '', deleted: false, isCurrentVersion: false, metadata: {} }

describe('a page of List Blobs', () => {
  it('tells all that is told of a blob, and nothing that stands in metadata', () => {
    const properties = `<Properties><Creation-Time>Sun, 22 Nov 2026 09:00:00 GMT</Creation-Time>
      <Last-Modified>Sun, 22 Nov 2026 10:00:00 GMT</Last-Modified><Etag>0x8D&quot;</Etag><ResourceType>directory</ResourceType>
      <Content-Length> 9007199254740991 </Content-Length><Content-CRC64>AA==</Content-CRC64><Content-MD5>CC==</Content-MD5>
      <AccessTier>Archive</AccessTier><ArchiveStatus>rehydrate-pending-to-hot</ArchiveStatus><Unknown><Etag>no</Etag></Unknown>
      <DeletedTime>Sun, 22 Nov 2026 11:00:00 GMT</DeletedTime><CustomerProvidedKeySha256>BB==</CustomerProvidedKeySha256></Properties>`
    const metadata = '<Metadata><Content-MD5>not this</Content-MD5><Name>nor this</Name><Blob></Blob></Metadata>'
    const state =
      '<Deleted>true</Deleted><Snapshot>2026-11-22T10:00:00.0000001Z</Snapshot><VersionId>v1</VersionId><IsCurrentVersion>True</IsCurrentVersion>'
    const tags = '<Tags><TagSet><Tag><Key>Name</Key><Value>no</Value></Tag></TagSet></Tags><OrMetadata />'
    const { rows, next } = pageOf(
      page(
        `<Blob>${tags}<Name>a</Name>${state}${properties}${metadata}</Blob><Blob><Name>b</Name><Properties /></Blob>`,
      ),
    )
    expect(next).toBeUndefined()
    expect(rows).toEqual([
      {
        name: 'a',
        written: 'a',
        deleted: true,
        snapshot: '2026-11-22T10:00:00.0000001Z',
        versionId: 'v1',
        isCurrentVersion: true,
        lastModified: new Date('2026-11-22T10:00:00Z'),
        etag: '0x8D"',
        size: Number.MAX_SAFE_INTEGER,
        resourceType: 'directory',
        md5: 'CC==',
        crc64: 'AA==',
        accessTier: 'Archive',
        archiveStatus: 'rehydrate-pending-to-hot',
        deletedTime: new Date('2026-11-22T11:00:00Z'),
        keySha256: 'BB==',
        metadata: { 'Content-MD5': 'not this', Name: 'nor this', Blob: '' },
      },
      { ...EMPTY, name: 'b', written: 'b' },
    ])
  })

  it('has no name where none is, or can be decoded', () => {
    const { rows } = pageOf(
      page('<Blob><Name Encoded="true">%zz</Name></Blob><Blob><Name></Name></Blob><Blob></Blob><Blob/>'),
    )
    expect(rows.map(({ name, written }) => [name, written])).toEqual([
      [undefined, '%zz'],
      [undefined, ''],
      [undefined, ''],
      [undefined, ''],
    ])
  })

  it('is read in time that grows with its length only', () => {
    const rows = Array.from({ length: 5_000 }, (_, i) => `<Blob><Name>${'a/'.repeat(200)}${i}</Name></Blob>`)
    const started = performance.now()
    expect(pageOf(page(rows.join(''))).rows).toHaveLength(5_000)
    expect(() => pageOf(`<EnumerationResults ${' '.repeat(1_000_000)}`)).toThrow(SyntaxError)
    expect(() => pageOf(page(`<Blob${' a'.repeat(500_000)}></Blob>`))).toThrow(SyntaxError)
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})

describe('not a page of List Blobs', () => {
  const end = '<NextMarker /></EnumerationResults>'
  it.each([
    ['nothing', ''],
    ['a login page', '<!DOCTYPE html><html><body>Please log in</body></html>'],
    ['other XML', '<html></html>'],
    ['a part of one', '<Blobs><Blob><Name>a</Name></Blob></Blobs>'],
    ['one that does not say whether more follows', '<EnumerationResults><Blobs /></EnumerationResults>'],
    ['one that does not say which blobs there are', `<EnumerationResults>${end}`],
    ['one with blobs elsewhere', `<EnumerationResults><Blobs /><Blob><Name>a</Name></Blob>${end}`],
    ['one with more blobs elsewhere', `<EnumerationResults><Blobs /><More><Blob><Name>a</Name></Blob></More>${end}`],
    ['one with blobs twice', `<EnumerationResults><Blobs /><Blobs><Blob><Name>a</Name></Blob></Blobs>${end}`],
    ['one with two markers', `<EnumerationResults><Blobs /><NextMarker>a</NextMarker>${end}`],
    ['a listing by directories', page('<BlobPrefix><Name>a/</Name></BlobPrefix>')],
    ['another namespace', page('<x:Blob><Name>a</Name></x:Blob>')],
    ['a row with two names', page('<Blob><Name>a</Name><Name>b</Name></Blob>')],
    ['a row with two lengths', page('<Blob><Properties><Etag>a</Etag><Etag>b</Etag></Properties></Blob>')],
    ['two rows in one', page('<Blob><Name>a</Name><Blob><Name>b</Name></Blob>')],
    ['a length that is none', page('<Blob><Properties><Content-Length>1e3</Content-Length></Properties></Blob>')],
    ['a length beyond all', page(`<Blob><Properties><Content-Length>${2 ** 53}</Content-Length></Properties></Blob>`)],
    ['a time that is none', page('<Blob><Properties><Last-Modified>now</Last-Modified></Properties></Blob>')],
    ['a flag that is none', page('<Blob><Deleted>yes</Deleted></Blob>')],
    ['a name in an encoding that is not known', page('<Blob><Name Encoded="base64">YQ==</Name></Blob>')],
    ['something behind it', `${page('')}<html/>`],
  ])('is %s', (_, text) => {
    expect(() => pageOf(text)).toThrow(SyntaxError)
  })
})

const content = { rows: fc.array(blob, { maxLength: 4 }), next: optional(hostile) }

describe('a page with any blobs', () => {
  it('gives them as they are, however it is written', () => {
    fc.assert(
      fc.property(fc.record({ ...content, style }), ({ rows, next, style: how }) => {
        const read = pageOf(rendered(rows, next, how))
        expect(read.next).toBe(next)
        // Of encoded names, what is written is the encoding.
        expect(read.rows.map((row) => ({ ...row, written: row.name }))).toEqual(rows)
      }),
      { numRuns: 300 },
    )
  })

  it('is refused wherever it is cut', () => {
    fc.assert(
      fc.property(
        fc.record({ ...content, style }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (given, at) => {
          const text = rendered(given.rows, given.next, given.style)
          expect(() => pageOf(text.slice(0, Math.floor(text.length * at)))).toThrow(SyntaxError)
        },
      ),
      { numRuns: 300 },
    )
    const text = rendered([], 'next', { fillers: [' '], keys: [1], ways: ['escaped'] })
    for (let at = 0; at < text.length; at++) expect(() => pageOf(text.slice(0, at))).toThrow(SyntaxError)
  })

  it('loses no row where one character of it is damaged', () => {
    const plain = styleWith(' ', '<!-- x -->')
    const where = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    const damage = fc.constantFrom(...'<>/&"\'!-?[] a=;', '')
    fc.assert(
      fc.property(
        fc.record({ ...content, style: plain }),
        where,
        damage,
        ({ rows, next, style: how }, part, character) => {
          const text = rendered(rows, next, how)
          const at = Math.floor(text.length * part)
          const damaged = text.slice(0, at) + character + text.slice(at + 1)
          let read: Page | undefined
          try {
            read = pageOf(damaged)
          } catch (error) {
            expect(error).toBeInstanceOf(SyntaxError)
          }
          if (read !== undefined) expect(read.rows).toHaveLength(rows.length)
        },
      ),
      { numRuns: 2_000 },
    )
  })
})
