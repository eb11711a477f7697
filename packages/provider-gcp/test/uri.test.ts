import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { provider } from '../src/index.js'
import { gcsUri, placeFromUri } from '../src/uri.js'

describe('URIs of buckets', () => {
  it.each([
    ['gs://backups', 'backups', ''],
    ['gs://backups/', 'backups', ''],
    ['gs://backups/shop', 'backups', 'shop/'],
    ['gs://backups/shop/', 'backups', 'shop/'],
    ['GS://backups.example.org/a%20b%3F+c', 'backups.example.org', 'a b?+c/'],
    ['gs://backups/a/../b', 'backups', 'a/../b/'],
  ])('reads %s', (uri, bucket, prefix) => {
    expect(placeFromUri(uri)).toEqual({ bucket, prefix })
  })

  it.each([
    'gs://',
    'gs:///shop',
    's3://backups/shop',
    'gs://backups/shop?generation=1',
    'gs://backups/shop#123',
    'gs://key:topsecret@backups/shop',
    'gs://backups:4443/shop',
    'gs://backups/100%',
  ])('refuses %s without showing what may be a secret', (uri) => {
    expect(() => placeFromUri(uri)).toThrow(expect.objectContaining({ code: 'invalid-config' }) as Error)
    try {
      placeFromUri(uri)
    } catch (error) {
      expect(String(error)).not.toContain('topsecret')
    }
  })

  it('are canonical, and name the same place again', () => {
    const prefix = fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed())
    fc.assert(
      fc.property(prefix, (text) => {
        const folder = text === '' ? '' : `${text}/`
        const uri = gcsUri({ bucket: 'backups', prefix: folder })
        expect(new URL(uri).href).toBe(uri)
        expect(placeFromUri(uri)).toEqual({ bucket: 'backups', prefix: folder })
      }),
    )
    expect(gcsUri({ bucket: 'backups', prefix: 'a/../b/' })).toBe('gs://backups/a%2F..%2Fb%2F')
  })

  it('are opened with the options of the source, and no others', async () => {
    const context = { options: { anonymous: true, endpoint: 'https://storage.example.org', userProject: 123456789012 } }
    const source = await provider.fromUri('gs://backups/shop', context)
    expect(source.uri).toBe('gs://backups/shop/')
    await source[Symbol.asyncDispose]?.()
    expect(() => provider.fromUri('gs://backups', { options: { projct: 'x' } })).toThrow('"projct"')
  })
})
