import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareKeys, escapeKey, keyFromBytes, keyToBytes } from '../../src/source/key.js'

const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 8 }).map((text) => new Uint8Array(Buffer.from(text, 'utf8'))),
  // Ends of sequences and beginnings of others: where escaping can go wrong.
  fc
    .array(fc.constantFrom(0x41, 0x80, 0xbf, 0xc2, 0xe0, 0xa0, 0xed, 0xef, 0xf0, 0x90, 0xf4, 0xff), { maxLength: 8 })
    .map((a) => Uint8Array.from(a)),
)

describe('keys', () => {
  it('keep any bytes', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(Buffer.from(keyToBytes(keyFromBytes(bytes))).equals(Buffer.from(bytes))).toBe(true)
      }),
      { numRuns: 5_000 },
    )
  })

  it('are ordered by their bytes', () => {
    fc.assert(
      fc.property(anyBytes, anyBytes, (a, b) => {
        expect(Math.sign(compareKeys(keyFromBytes(a), keyFromBytes(b)))).toBe(Buffer.compare(a, b))
      }),
      { numRuns: 20_000 },
    )
  })

  it('escape what is not UTF-8 as Python does', () => {
    expect(keyFromBytes(Uint8Array.of(0x61, 0xff, 0x62))).toBe('a\udcffb')
    expect(keyFromBytes(Buffer.from('é😀'))).toBe('é😀')
    // An encoded surrogate is not UTF-8: each of its bytes is escaped.
    expect(keyFromBytes(Uint8Array.of(0xed, 0xa0, 0x80))).toBe('\udced\udca0\udc80')
  })

  it('puts U+E000-U+FFFF before astral characters, as UTF-8 does and UTF-16 does not', () => {
    expect(compareKeys('\uffee', '😀')).toBe(-1)
    expect('\uffee' < '😀').toBe(false)
  })

  it('are shown without control of the terminal', () => {
    expect(escapeKey('a\u001b[31mb\nc\\d\udcff\u202ee\u200b')).toBe('a\\x1b[31mb\\nc\\\\d\\xff\\u202ee\\u200b')
    expect(escapeKey('Grüße 😀/x.txt')).toBe('Grüße 😀/x.txt')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (key) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: looks for them
        expect(escapeKey(key)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
      }),
    )
  })
})
