import { compareKeys, keyFromBytes, keyToBytes } from '@backproof/core/source'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeListedKey, startAfterOf } from '../src/keys.js'

/** As Amazon writes a key: form encoding, with `/` as it is. */
const amazon = (key: string): string =>
  Buffer.from(key, 'utf8')
    .toString('latin1')
    .replace(/[^A-Za-z0-9\-_.~/*]/g, (byte) =>
      byte === ' ' ? '+' : `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    )

const keys = fc.string({ unit: 'binary', minLength: 1 }).filter((key) => key.isWellFormed())

describe('decoding keys of a listing', () => {
  it.each([
    ['a+b%2Bc', 'a b+c'],
    ['a%20b%2Bc', 'a b+c'],
    ['test_file%283%29.png', 'test_file(3).png'],
    ['%01%0D%0A', '\u0001\r\n'],
    ['%ED%95%9C/%F0%9F%98%80', '\ud55c/\u{1f600}'],
    ['plain/key.txt', 'plain/key.txt'],
  ])('reads %s', (encoded, key) => {
    expect(decodeListedKey(encoded)).toBe(key)
  })

  it.each(['%', 'a%2', '100%zz'])('tells that %s is no encoded key', (encoded) => {
    expect(decodeListedKey(encoded)).toBeUndefined()
  })

  it('gives every key back as it was', () => {
    fc.assert(
      fc.property(keys, (key) => {
        expect(decodeListedKey(amazon(key))).toBe(key)
        expect(decodeListedKey(encodeURIComponent(key))).toBe(key)
      }),
    )
  })

  it('keeps bytes that are not UTF-8', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
        const encoded = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
        const key = decodeListedKey(encoded)
        expect(key).toBe(keyFromBytes(bytes))
        expect(Buffer.from(keyToBytes(key!))).toEqual(Buffer.from(bytes))
      }),
    )
  })
})

describe('where a listing starts', () => {
  const relative = fc.string({ unit: 'binary', maxLength: 8 })
  const prefixes = fc.constantFrom('', 'shop/')

  it('misses no key that is wanted', () => {
    fc.assert(
      fc.property(prefixes, fc.option(relative), fc.option(relative), relative, (prefix, after, from, key) => {
        const wanted =
          (after === null || compareKeys(key, after) > 0) &&
          (from === null || compareKeys(key, from) >= 0) &&
          key !== ''
        const start = startAfterOf(prefix, after ?? undefined, from ?? undefined)
        if (wanted && start !== undefined) expect(compareKeys(prefix + key, start)).toBeGreaterThan(0)
      }),
      { numRuns: 2_000 },
    )
  })

  it('begins close to the first key of a range', () => {
    expect(startAfterOf('shop/', undefined, 'b')).toBe('shop/a\u{10ffff}')
    expect(startAfterOf('shop/', 'c', 'b')).toBe('shop/c')
    expect(startAfterOf('shop/', undefined, undefined)).toBeUndefined()
  })

  it('can always be sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (from) => {
        const start = startAfterOf('', undefined, from)
        if (start === undefined) return
        expect(start.isWellFormed()).toBe(true)
        expect(Buffer.byteLength(start)).toBeLessThanOrEqual(1_024)
      }),
    )
    expect(startAfterOf('', 'a\udcffb', undefined)).toBe('a')
  })
})
