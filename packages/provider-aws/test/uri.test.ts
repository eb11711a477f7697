import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { provider } from '../src/index.js'
import { placeFromUri, s3Uri } from '../src/uri.js'

describe('URIs of buckets', () => {
  it.each([
    ['s3://backups', 'backups', ''],
    ['s3://backups/', 'backups', ''],
    ['s3://backups/shop', 'backups', 'shop/'],
    ['s3://backups/shop/', 'backups', 'shop/'],
    ['S3://backups/a%20b%3F+c', 'backups', 'a b?+c/'],
    ['s3://backups/a/../b', 'backups', 'a/../b/'],
  ])('reads %s', (uri, bucket, prefix) => {
    expect(placeFromUri(uri)).toEqual({ bucket, prefix })
  })

  it.each([
    's3://',
    's3:///shop',
    'https://backups/shop',
    's3://backups/shop?versionId=1',
    's3://backups/shop#top',
    's3://key:topsecret@backups/shop',
    's3://backups:9000/shop',
    's3://backups/100%',
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
        const uri = s3Uri({ bucket: 'backups', prefix: folder })
        expect(new URL(uri).href).toBe(uri)
        expect(placeFromUri(uri)).toEqual({ bucket: 'backups', prefix: folder })
      }),
    )
    expect(s3Uri({ bucket: 'backups', prefix: 'a/../b/' })).toBe('s3://backups/a%2F..%2Fb%2F')
  })

  it('are opened with the options of the source, and no others', async () => {
    const context = { options: { region: 'eu-central-1', endpoint: 'https://s3.example.org' } }
    const source = await provider.fromUri('s3://backups/shop', context)
    expect(source.uri).toBe('s3://backups/shop/')
    await source[Symbol.asyncDispose]?.()
    expect(() => provider.fromUri('s3://backups', { options: { regoin: 'x' } })).toThrow('"regoin"')
  })
})
