import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bytesToHex,
  createHasher,
  digestFromBase64,
  digestFromHex,
  digestToBase64,
  hexToBytes,
  type KnownAlgorithm,
} from '../../src/digest/index.js'

const digestOf = async (algorithm: KnownAlgorithm, text: string): Promise<string> => {
  const hasher = await createHasher([algorithm])
  hasher.update(Buffer.from(text))
  return hasher.digest()[algorithm]!
}

const invalid = expect.objectContaining({ code: 'invalid-config' })

describe('encodings', () => {
  it('writes the CRC64 of Azure little-endian and that of S3 big-endian', async () => {
    const value = await digestOf('crc64nvme', 'Hello Azure!')
    expect(digestToBase64(value, { byteOrder: 'little-endian' })).toBe('DtjZpL9/o8c=')
    expect(digestFromBase64('DtjZpL9/o8c=', { byteOrder: 'little-endian', algorithm: 'crc64nvme' })).toBe(value)
    expect(digestToBase64(value)).toBe(Buffer.from('DtjZpL9/o8c=', 'base64').reverse().toString('base64'))
  })

  it('writes the CRC32C of Google Cloud Storage big-endian', async () => {
    // e3069283 is the published check value.
    expect(digestToBase64(await digestOf('crc32c', '123456789'))).toBe('4waSgw==')
    expect(digestFromBase64('4waSgw==', { algorithm: 'crc32c' })).toBe('e3069283')
  })

  it('writes Content-MD5 as RFC 1864 says', async () => {
    expect(digestToBase64(await digestOf('md5', ''))).toBe('1B2M2Y8AsgTpgAmY7PhCfg==')
  })

  it('differs between the alphabets only where it must', () => {
    expect(digestToBase64('fbffbf00')).toBe('+/+/AA==')
    expect(digestToBase64('fbffbf00', { alphabet: 'url' })).toBe('-_-_AA')
    expect(() => digestFromBase64('-_-_AA')).toThrow(invalid)
    expect(() => digestFromBase64('+/+/AA==', { alphabet: 'url' })).toThrow(invalid)
  })

  it('comes back from every form', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 64 }),
        fc.constantFrom('big-endian' as const, 'little-endian' as const),
        fc.constantFrom('standard' as const, 'url' as const),
        (bytes, byteOrder, alphabet) => {
          const value = bytesToHex(bytes)
          expect(hexToBytes(value)).toEqual(Buffer.from(bytes))
          expect(hexToBytes(value.toUpperCase())).toEqual(Buffer.from(bytes))
          const text = digestToBase64(value, { byteOrder, alphabet })
          expect(digestFromBase64(text, { byteOrder, alphabet })).toBe(value)
          expect(digestFromBase64(text.replaceAll('=', ''), { byteOrder, alphabet })).toBe(value)
        },
      ),
    )
  })

  it('takes hexadecimal in either case and checks the length', () => {
    expect(digestFromHex('CBF43926', 'crc32')).toBe('cbf43926')
    expect(digestFromHex('CBF43926', 'an-algorithm-of-tomorrow')).toBe('cbf43926')
    expect(() => digestFromHex('cbf43926', 'md5')).toThrow(/md5 digest: it has 4 bytes instead of 16/)
  })

  it.each(['', 'abc', 'zz', '0x12', ' ab', 'ab\n'])('refuses %j as hexadecimal digest', (text) => {
    expect(() => digestFromHex(text)).toThrow(invalid)
  })

  it.each(['', '=', 'A', 'AAA*', 'AA=A', 'AAAA=', 'AB==', 'AAAA AAAA', 'AAAA\n', 'AA==='])(
    'refuses %j as base64 digest',
    (text) => {
      expect(() => digestFromBase64(text)).toThrow(invalid)
    },
  )

  it('refuses base64 of another length than the algorithm has', () => {
    expect(() => digestFromBase64('4waSgw==', { algorithm: 'crc64nvme' })).toThrow(
      /crc64nvme digest: it has 4 bytes instead of 8/,
    )
  })
})
