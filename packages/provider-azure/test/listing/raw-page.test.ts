import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rawRows } from '../../src/listing/raw-page.js'

const page = (rows: string): string =>
  `<?xml version="1.0"?><EnumerationResults><Prefix>&lt;Blobs&gt;</Prefix><Blobs>${rows}</Blobs><NextMarker /></EnumerationResults>`

const escaped = (text: string): string =>
  text.replace(/[&<>"'\r]/g, (character) => `&#x${character.codePointAt(0)!.toString(16)};`)

describe('a page of List Blobs', () => {
  it('tells what the SDK leaves out, and nothing that stands in metadata', () => {
    const properties =
      '<Properties><ResourceType>directory</ResourceType><Content-CRC64>AA==</Content-CRC64><Content-MD5 /><CustomerProvidedKeySha256>BB==</CustomerProvidedKeySha256></Properties>'
    const metadata = '<Metadata><Content-MD5>not this</Content-MD5><Name>nor this</Name></Metadata>'
    const [one, two] = rawRows(
      page(`<Blob><Name>a</Name>${properties}${metadata}</Blob><Blob><Name>b</Name><Properties /></Blob>`),
    )!
    expect(one).toEqual({
      name: 'a',
      written: 'a',
      resourceType: 'directory',
      crc64: 'AA==',
      keySha256: 'BB==',
      md5: undefined,
    })
    expect(two?.name).toBe('b')
    expect(two?.resourceType).toBeUndefined()
  })

  it('has every name as it was, escaped or encoded', () => {
    const name = fc.string({ unit: 'binary', minLength: 1 }).filter((text) => text.isWellFormed())
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.boolean())), (names) => {
        const rows = names.map(([text, encoded]) =>
          encoded
            ? `<Blob><Name Encoded="true">${encodeURIComponent(text)}</Name></Blob>`
            : `<Blob><Name>${escaped(text)}</Name></Blob>`,
        )
        expect(rawRows(page(rows.join('')))?.map((row) => row.name)).toEqual(names.map(([text]) => text))
      }),
    )
  })

  it('has no name where none can be decoded', () => {
    const rows = rawRows(page('<Blob><Name Encoded="true">%zz</Name></Blob><Blob><Name></Name></Blob><Blob></Blob>'))
    expect(rows?.map((row) => row.name)).toEqual([undefined, undefined, undefined])
  })

  it.each(['', '<html></html>', '<Blobs><Blob><Name>a</Name></Blob></Blobs>', '<Blobs><NextMarker/><Blob><Name>a'])(
    'is not %j',
    (text) => {
      expect(rawRows(text)).toBeUndefined()
    },
  )

  it('is read in time that grows with its length only', () => {
    const rows = Array.from({ length: 5_000 }, (_, i) => `<Blob><Name>${'a/'.repeat(200)}${i}</Name></Blob>`)
    const started = performance.now()
    expect(rawRows(page(rows.join('')))).toHaveLength(5_000)
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})
