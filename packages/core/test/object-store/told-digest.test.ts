import { hexOfBase64, malformedDigest } from '@backproof/core/object-store'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

describe('digests as services tell them', () => {
  it('are read from base64, in either order of bytes', () => {
    // CRC-32C of "123456789" (RFC 3720, B.4); CRC64 of "Hello Azure!" as Azure writes it.
    expect(hexOfBase64('4waSgw==', 'crc32c')).toBe('e3069283')
    expect(hexOfBase64('DtjZpL9/o8c=', 'crc64nvme', 'little-endian')).toBe('c7a37fbfa4d9d80e')
    expect(hexOfBase64('AQI=', 'newhash')).toBe('0102')
  })

  it.each([
    ['AAAA', 'crc32c'],
    ['not base64!', 'md5'],
    ['', 'newhash'],
  ])('are none where %j is said to be a %s, and are reported as that', (text, algorithm) => {
    expect(hexOfBase64(text, algorithm)).toBeUndefined()
    expect(malformedDigest(algorithm, text, 'service')).toEqual({
      algorithm: `malformed:${algorithm}`,
      value: Buffer.from(text).toString('hex'),
      provenance: 'service',
      equalityOnly: true,
    })
  })

  it('never fail, whatever is told', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.base64String()),
        fc.constantFrom('md5', 'crc32c', 'new'),
        (text, algorithm) => {
          expect(hexOfBase64(text, algorithm) ?? '').toMatch(/^[0-9a-f]*$/)
        },
      ),
    )
  })
})
