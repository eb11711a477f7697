import { describe, expect, it } from 'vitest'
// The functions that the providers read digests off with, which they do not publish.
import { checksumDigests, etagDigest, offeredDigests } from '../../../../provider-aws/src/object/digests.js'
import { concludedLayout } from '../../../../provider-aws/src/object/parts.js'
import { blobRow } from '../../../../provider-azure/src/listing/listed-blob.js'
import { toldDigests } from '../../../../provider-azure/src/object/digests.js'
import { storedDigests } from '../../../../provider-gcp/src/object/digests.js'
import type { Digest } from '../../../src/digest/digest.js'
import { digestToBase64 } from '../../../src/digest/encoding.js'
import { placeNamed } from './cells.js'
import { createContent, PART_SIZES, SIZE } from './content.js'
import { createPlaces, type Place } from './places.js'

const content = createContent()
const places = await createPlaces(content)
const S3_NAMES: Readonly<Record<string, string>> = { sha1: 'SHA1', sha256: 'SHA256' }

const digestOf = (digests: readonly Digest[] | undefined, algorithm: string): Digest | undefined =>
  digests?.find((digest) => digest.algorithm === algorithm)

/** Without what GetObjectAttributes adds, which needs a server. */
const withoutParts = (digest: Digest): Digest => {
  const { coverage = 'full', ...rest } = digest
  return coverage === 'full' ? rest : { ...rest, coverage: { parts: coverage.parts } }
}

const etagOf = ({ value, coverage = 'full' }: Digest): string =>
  `"${value}${coverage === 'full' ? '' : `-${coverage.parts}`}"`

describe('the facts of the table are those that providers give', () => {
  const s3 = places.filter(({ family }) => family.startsWith('S3'))

  it.each(s3.map((place): [string, Place] => [place.name, place]))('%s', (name, { listed, told }) => {
    const listedEtag = listed.digests![0]!
    const facts = { profile: 'aws', directoryBucket: false } as const
    expect(listed.digests).toEqual([etagDigest(etagOf(listedEtag), { ...facts, encryption: 'unknown' })])
    const offer = listed.offers?.[0]
    const type = offer?.coverage === 'parts' ? 'COMPOSITE' : 'FULL_OBJECT'
    const algorithm = offer?.algorithm
    const row = {
      ETag: etagOf(listedEtag),
      ...(algorithm !== undefined && {
        ChecksumAlgorithm: [S3_NAMES[algorithm] ?? algorithm.toUpperCase()],
        ChecksumType: type,
      }),
    }
    expect(listed.offers ?? []).toEqual(offeredDigests(row, 'aws'))
    const encryption = name.includes('SSE-KMS') ? 'opaque' : 'plain'
    const etag = etagDigest(etagOf(listedEtag), { ...facts, encryption })
    const checksum = algorithm === undefined ? undefined : digestOf(told!.digests, algorithm)!
    const parts = checksum?.coverage === undefined || checksum.coverage === 'full' ? undefined : checksum.coverage.parts
    const headers =
      checksum === undefined
        ? {}
        : {
            [`x-amz-checksum-${algorithm}`]: `${digestToBase64(checksum.value)}${parts === undefined ? '' : `-${parts}`}`,
            'x-amz-checksum-type': type,
          }
    const head = [...(etag === undefined ? [] : [etag]), ...checksumDigests(headers, { ...facts, encryption })]
    expect(told!.digests.map(withoutParts)).toEqual(head)
  })

  it('of parts of which only the first was asked for', () => {
    const [first = 0] = PART_SIZES
    expect(concludedLayout(first, PART_SIZES.length, SIZE)).toMatchObject({ sizes: PART_SIZES, inferred: true })
    const { told } = placeNamed(places, 'S3 parts, ETag only')
    expect(told!.digests[0]!.coverage).toEqual({ parts: 3, sizes: PART_SIZES, inferred: true })
  })

  it.each(['GCS', 'GCS composed'])('%s', (name) => {
    const { listed } = placeNamed(places, name)
    const [crc32c, md5Hash] = ['crc32c', 'md5'].map((algorithm) => {
      const digest = digestOf(listed.digests, algorithm)
      return digest === undefined ? undefined : digestToBase64(digest.value)
    })
    expect(listed.digests).toEqual(storedDigests({ crc32c, md5Hash }))
  })

  it.each(places.filter(({ family }) => family === 'Azure').map((place): [string, Place] => [place.name, place]))(
    '%s',
    (_, { listed, told }) => {
      const md5 = digestOf(listed.digests, 'md5')
      const crc64 = digestOf(listed.digests, 'crc64nvme')
      const texts = {
        md5: md5 && digestToBase64(md5.value),
        crc64: crc64 && digestToBase64(crc64.value, { byteOrder: 'little-endian' }),
      }
      const row = {
        name: 'a',
        written: 'a',
        deleted: false,
        isCurrentVersion: true,
        size: SIZE,
        metadata: {},
        ...texts,
      }
      const { entry } = blobRow('', 'a', row)
      expect({ digests: entry.digests, offers: entry.offers }).toEqual({
        digests: listed.digests,
        offers: listed.offers,
      })
      // Headers have no CRC64.
      expect(told!.digests).toEqual(toldDigests({ md5: texts.md5 }))
    },
  )
})
