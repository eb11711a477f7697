import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { headerDigests, storedDigests } from '../../src/object/digests.js'

// The CRC-32C of "123456789" is e3069283 (RFC 3720, B.4); the MD5 is that of nothing (RFC 1321, A.5).
const CRC32C = '4waSgw=='
const MD5 = '1B2M2Y8AsgTpgAmY7PhCfg=='
const CRC = { algorithm: 'crc32c', value: 'e3069283', provenance: 'service' }
const SUM = { algorithm: 'md5', value: 'd41d8cd98f00b204e9800998ecf8427e', provenance: 'service' }

describe('stored digests', () => {
  it("are the service's own, in hexadecimal, the CRC big-endian", () => {
    expect(storedDigests({ crc32c: CRC32C, md5Hash: MD5 })).toEqual([CRC, SUM])
  })

  it('have no MD5 for composed objects, and none at all without the key of a customer', () => {
    expect(storedDigests({ crc32c: CRC32C })).toEqual([CRC])
    expect(storedDigests({})).toEqual([])
  })

  it.each([
    ['crc32c', { crc32c: 'AAAA' }],
    ['crc32c', { crc32c: 'not base64!' }],
    ['crc32c', { crc32c: 7 }],
    ['md5', { md5Hash: CRC32C }],
  ])('say of %s that it is malformed, and let it prove nothing', (algorithm, resource) => {
    const [digest, ...others] = storedDigests(resource)
    expect(others).toEqual([])
    expect(digest).toMatchObject({ algorithm: `malformed:${algorithm}`, equalityOnly: true })
  })

  it('never fail, whatever a service sends', () => {
    const value = fc.oneof(fc.string(), fc.base64String(), fc.integer(), fc.constant(null), fc.object())
    fc.assert(
      fc.property(value, value, (crc32c, md5Hash) => {
        for (const digest of storedDigests({ crc32c, md5Hash })) expect(digest.value).toMatch(/^[0-9a-f]+$/)
      }),
    )
  })
})

describe('digests of a header', () => {
  it('are read in one or several headers, known or not', () => {
    expect(headerDigests(`crc32c=${CRC32C},md5=${MD5}`)).toEqual([CRC, SUM])
    // Node joins headers that come twice.
    expect(headerDigests(`crc32c=${CRC32C}, md5=${MD5}`)).toEqual([CRC, SUM])
    expect(headerDigests('newhash=AQI=')).toEqual([{ algorithm: 'newhash', value: '0102', provenance: 'service' }])
    expect(headerDigests(undefined)).toEqual([])
    expect(headerDigests('nonsense')).toEqual([])
  })

  it('never fail, whatever a service sends', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        for (const digest of headerDigests(`crc32c=${header}`)) expect(digest.value).toMatch(/^[0-9a-f]*$/)
      }),
    )
  })
})
