import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checksumDigests, type DigestFacts, etagDigest, offeredDigests } from '../../src/object/digests.js'

const HEX = '9e107d9d372bb6826bd81d3542a419d6'
const known: DigestFacts = { profile: 'aws', directoryBucket: false, encryption: 'plain' }

describe('the digest that an ETag is', () => {
  it('is the MD5 that the service vouches for, where the encryption is known', () => {
    for (const profile of ['aws', 'ceph', 'minio'] as const) {
      expect(etagDigest(`"${HEX}"`, { ...known, profile })).toEqual({
        algorithm: 'md5',
        value: HEX,
        provenance: 'service',
      })
    }
  })

  it('proves by being equal only, where the encryption is not known', () => {
    const digest = etagDigest(`"${HEX}"`, { ...known, encryption: 'unknown' })
    expect(digest).toEqual({ algorithm: 'md5', value: HEX, provenance: 'service', equalityOnly: true })
  })

  it('is a claim of a service that is not known, and no more than equality', () => {
    const digest = etagDigest(HEX.toUpperCase(), { ...known, profile: 'other' })
    expect(digest).toEqual({ algorithm: 'md5', value: HEX, provenance: 'claimed', equalityOnly: true })
  })

  it('is one of parts for a multipart upload', () => {
    expect(etagDigest(`"${HEX}-10000"`, known)).toEqual({
      algorithm: 'md5',
      value: HEX,
      coverage: { parts: 10_000 },
      provenance: 'service',
    })
  })

  it.each([
    ['under KMS and SSE-C', `"${HEX}"`, { encryption: 'opaque' }],
    ['in a directory bucket', `"${HEX}"`, { directoryBucket: true }],
    ['that is no MD5', '"abc"', {}],
    ['with no number of parts', `"${HEX}-0"`, {}],
    ['that is weak', `W/"${HEX}"`, {}],
    ['that is not there', undefined, {}],
  ] as const)('is none %s', (_, etag, facts) => {
    expect(etagDigest(etag, { ...known, ...facts })).toBeUndefined()
  })
})

describe('additional checksums', () => {
  it('are those of the whole object, in hexadecimal', () => {
    const headers = {
      etag: '"x"',
      'x-amz-checksum-type': 'FULL_OBJECT',
      'x-amz-checksum-crc64nvme': 'rosUhgp5mIg=',
      'x-amz-checksum-xxhash128': Buffer.alloc(16, 1).toString('base64'),
      'x-amz-checksum-xxhash3': Buffer.alloc(8, 2).toString('base64'),
    }
    expect(checksumDigests(headers, known)).toEqual([
      { algorithm: 'crc64nvme', value: 'ae8b14860a799888', provenance: 'service' },
      { algorithm: 'xxh3-128', value: '01'.repeat(16), provenance: 'service' },
      { algorithm: 'xxh3-64', value: '02'.repeat(8), provenance: 'service' },
    ])
  })

  it('are digests of digests with their number of parts', () => {
    const value = createHash('sha256').update('parts').digest()
    const headers = {
      'x-amz-checksum-sha256': `${value.toString('base64')}-3`,
      'x-amz-checksum-type': 'COMPOSITE',
      'x-amz-checksum-algorithm': 'SHA256',
    }
    expect(checksumDigests(headers, { ...known, profile: 'other' })).toEqual([
      { algorithm: 'sha256', value: value.toString('hex'), coverage: { parts: 3 }, provenance: 'claimed' },
    ])
  })

  it('are reported by their own names where they are not known', () => {
    const headers = { 'x-amz-checksum-xxhash64': 'AAAAAAAAAAE=', 'x-amz-checksum-newhash': 'AQI=' }
    expect(checksumDigests(headers, known)).toEqual([
      { algorithm: 'xxhash64', value: '0000000000000001', provenance: 'service' },
      { algorithm: 'newhash', value: '0102', provenance: 'service' },
    ])
  })

  it('take the MD5 that rclone keeps in metadata for a claim', () => {
    const headers = { 'x-amz-meta-md5chksum': Buffer.from(HEX, 'hex').toString('base64') }
    expect(checksumDigests(headers, known)).toEqual([{ algorithm: 'md5', value: HEX, provenance: 'claimed' }])
  })

  it('say which value is malformed, and let it prove nothing', () => {
    const headers = { 'x-amz-checksum-crc32c': 'AAAA', 'x-amz-meta-md5chksum': 'not base64!' }
    const found = checksumDigests(headers, known)
    expect(found.map(({ algorithm }) => algorithm)).toEqual(['malformed:crc32c', 'malformed:md5'])
    expect(found.every(({ equalityOnly }) => equalityOnly === true)).toBe(true)
  })

  it('never fail, whatever a service sends', () => {
    const name = fc.constantFrom('crc32', 'crc32c', 'sha1', 'sha256', 'md5', 'new', 'type', 'xxhash3', 'mode')
    const value = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.string().map((text) => `${text}-12`),
    )
    fc.assert(
      fc.property(fc.dictionary(name, value), fc.boolean(), (entries, composite) => {
        const headers = Object.fromEntries(
          Object.entries(entries).map(([key, text]) => [`x-amz-checksum-${key}`, text]),
        )
        const found = checksumDigests({ ...headers, ...(composite && { 'x-amz-checksum-type': 'COMPOSITE' }) }, known)
        for (const digest of found) expect(digest.value).toMatch(/^[0-9a-f]*$/)
      }),
    )
  })
})

describe('the checksums that a listing names', () => {
  const offered = (ChecksumAlgorithm: readonly string[], ChecksumType?: string, ETag = `"${HEX}"`) =>
    offeredDigests({ ChecksumAlgorithm, ChecksumType, ETag }, 'aws')

  it('are of the whole or of parts, as their type says', () => {
    expect(offered(['CRC64NVME'], 'FULL_OBJECT', `"${HEX}-3"`)).toEqual([
      { algorithm: 'crc64nvme', coverage: 'full', provenance: 'service' },
    ])
    expect(offered(['CRC32C'], 'COMPOSITE')).toEqual([
      { algorithm: 'crc32c', coverage: 'parts', provenance: 'service' },
    ])
  })

  it('are of parts where no type is told and the upload was in parts', () => {
    const coverages = (etag: string) => offered(['SHA256'], undefined, etag).map(({ coverage }) => coverage)
    expect(coverages(`"${HEX}-12"`)).toEqual(['parts'])
    expect(coverages(`"${HEX}"`)).toEqual(['full'])
  })

  it("have core's names, and their own where core has none", () => {
    const names = offered(['XXHASH3', 'XXHASH128', 'XXHASH64', 'NewHash', ''], 'FULL_OBJECT')
    expect(names.map(({ algorithm }) => algorithm)).toEqual(['xxh3-64', 'xxh3-128', 'xxhash64', 'newhash'])
  })

  it('are claims of a service that is not known, and none where none are named', () => {
    expect(offeredDigests({ ChecksumAlgorithm: ['SHA1'], ChecksumType: 'FULL_OBJECT' }, 'other')).toEqual([
      { algorithm: 'sha1', coverage: 'full', provenance: 'claimed' },
    ])
    expect(offeredDigests({ ETag: `"${HEX}-2"` }, 'aws')).toEqual([])
  })
})
