import { digestToBase64 } from '@backproof/core/digest'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toldDigests } from '../../src/object/digests.js'

const HEX = '9e107d9d372bb6826bd81d3542a419d6'
const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((raw) => Buffer.from(raw).toString('hex'))

describe('the digests that a blob tells', () => {
  it('are claims', () => {
    const told = { md5: Buffer.from(HEX, 'hex').toString('base64'), crc64: 'DtjZpL9/o8c=' }
    expect(toldDigests(told)).toEqual([
      { algorithm: 'md5', value: HEX, provenance: 'claimed' },
      { algorithm: 'crc64nvme', value: 'c7a37fbfa4d9d80e', provenance: 'claimed' },
    ])
  })

  it('are those of S3 with the bytes of the CRC the other way round', () => {
    fc.assert(
      fc.property(hex(16), hex(8), (md5, crc64) => {
        const told = { md5: digestToBase64(md5), crc64: digestToBase64(crc64, { byteOrder: 'little-endian' }) }
        expect(toldDigests(told).map(({ value }) => value)).toEqual([md5, crc64])
      }),
    )
  })

  it('are none where there is no text', () => {
    expect(toldDigests({})).toEqual([])
    expect(toldDigests({ md5: '', crc64: ' ' })).toEqual([])
  })

  it('say which value is malformed, and let it prove nothing', () => {
    const found = toldDigests({ md5: 'AAAA', crc64: 'not base64!' })
    expect(found.map(({ algorithm }) => algorithm)).toEqual(['malformed:md5', 'malformed:crc64nvme'])
    expect(found.every(({ equalityOnly, provenance }) => equalityOnly === true && provenance === 'claimed')).toBe(true)
  })

  it('never fail, whatever a service sends', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String()), fc.oneof(fc.string(), fc.base64String()), (md5, crc64) => {
        for (const digest of toldDigests({ md5, crc64 })) expect(digest.value).toMatch(/^[0-9a-f]*$/)
      }),
    )
  })
})
