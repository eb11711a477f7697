import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { compare } from '@backproof/core/compare'
import { localDirectory } from '@backproof/provider-local'
import { bytesOf, told } from '@backproof/test-servers/suites'
import { afterAll, describe, expect, it } from 'vitest'
import { rclone } from '../rgw/rclone.js'
import { evenParts } from './kinds-in-parts.js'
import { costOf, outcomeOf } from './outcome.js'
import { MIB, openPlace } from './place.js'

const place = await openPlace()
const hasRclone = spawnSync('rclone', ['version']).status === 0
const { url: endpoint, region, credentials } = place.server

/** Compares a directory with a bucket at `stored`: nothing of the bucket may be read. */
const compared = async (path: string, bucket: string) => {
  const run = compare({ source: localDirectory({ path }), replicas: [place.source(bucket)] })
  const { findings, report, requests } = await outcomeOf(place.server, run)
  expect(report.result.replicas[0]!.bytesRead).toBe(0)
  return {
    told: Object.fromEntries(findings.map((finding) => [finding.key, told(finding)])),
    cost: costOf(requests),
    read: report.result.source.bytesRead,
  }
}

/** How clients send checksums: those of today a CRC32 of each part (COMPOSITE), older ones none. */
describe.each(['WHEN_SUPPORTED', 'WHEN_REQUIRED'] as const)('uploads of the SDK, checksums %s', (checksums) => {
  const requestChecksumCalculation = checksums
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true, requestChecksumCalculation })
  afterAll(() => client.destroy())

  const uploadInParts = async (Bucket: string, Key: string, bytes: Buffer, size: number): Promise<void> => {
    const object = { Bucket, Key }
    const algorithm = checksums === 'WHEN_SUPPORTED' ? ({ ChecksumAlgorithm: 'CRC32' } as const) : {}
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...object, ...algorithm }))
    const Parts: { ETag: string | undefined; PartNumber: number; ChecksumCRC32: string | undefined }[] = []
    for (let at = 0; at < bytes.length; at += size) {
      const PartNumber = Parts.length + 1
      const part = { ...object, UploadId, PartNumber, Body: bytes.subarray(at, at + size), ...algorithm }
      const { ETag, ChecksumCRC32 } = await client.send(new UploadPartCommand(part))
      Parts.push({ ETag, PartNumber, ChecksumCRC32 })
    }
    const MultipartUpload = { Parts }
    await client.send(new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload }))
  }

  it.each([
    ['5 MiB: the least there is, rclone and the SDKs', 5, 16],
    ['8 MiB: aws-cli and boto3', 8, 17],
    ['15 MiB: s3cmd', 15, 31],
    ['16 MiB: aws-cli after doubling, minio', 16, 33],
  ])('in parts of %s', async (_, part, size) => {
    const bytes = bytesOf(size * MIB + 7, part)
    const bucket = await place.bucket({})
    await uploadInParts(bucket, 'k', bytes, part * MIB)
    const path = await place.directory({ k: bytes })
    expect(await compared(path, bucket)).toEqual({
      told: { k: `match stored one-sided-read md5/${Math.ceil((size * MIB + 7) / (part * MIB))}` },
      cost: 'nothing',
      read: bytes.length,
    })
  })

  it('in one request: empty, a byte, and more', async () => {
    const files = { empty: Buffer.alloc(0), one: bytesOf(1), 'a/ü+%20 &': bytesOf(70_000) }
    const bucket = await place.bucket({})
    for (const [Key, Body] of Object.entries(files)) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body }))
    }
    const outcome = await compared(await place.directory(files), bucket)
    for (const key of Object.keys(files)) expect(outcome.told[key]).toBe('match stored one-sided-read md5')
    expect(outcome).toMatchObject({ cost: 'nothing', read: 70_001 })
  })
})

it('in parts that aws-cli makes of files above 156 GiB: 8 MiB doubled until 10,000 are enough', async () => {
  const part = 32 * MIB
  const bytes = bytesOf(part + 11)
  const bucket = await place.bucket({ k: [bytes, { partSizes: evenParts(bytes.length, part), checksum: 'none' }] })
  const outcome = await compared(await place.directory({ k: bytes }), bucket)
  expect(outcome).toMatchObject({ told: { k: 'match stored one-sided-read md5/2' }, cost: 'nothing' })
})

describe.skipIf(!hasRclone)('uploads of rclone (Debian package rclone)', () => {
  const files = {
    empty: Buffer.alloc(0),
    one: bytesOf(1),
    'sub dir/ü&<>"\'+%20': bytesOf(1_000),
    'edge of 5 MiB': bytesOf(5 * MIB),
    'in parts': bytesOf(12 * MIB + 3),
  }
  const size = Object.values(files).reduce((sum, { length }) => sum + length, 0)
  const upload = async (...flags: string[]) => {
    const [path, bucket] = [await place.directory(files), await place.bucket({})]
    await rclone(place.server, ['copy', path, `rgw:${bucket}`, '--s3-upload-cutoff=6M', '--s3-chunk-size=5M', ...flags])
    return { path, bucket }
  }

  it('are proven by their ETags', async () => {
    const { path, bucket } = await upload()
    const outcome = await compared(path, bucket)
    expect(outcome.told['in parts']).toBe('match stored one-sided-read md5/3')
    expect(Object.values(outcome.told).filter((words) => words === 'match stored one-sided-read md5')).toHaveLength(4)
    expect(outcome).toMatchObject({ cost: 'nothing', read: size })
  })

  it('keep their MD5 beside the parts: the claim of a client, which tells the truth', async () => {
    const { bucket } = await upload()
    const { digests = [] } = await place.source(bucket).stat({ key: 'in parts' }, { want: ['digests'] })
    const value = createHash('md5').update(files['in parts']).digest('hex')
    expect(digests).toContainEqual({ algorithm: 'md5', value, provenance: 'claimed' })
  })

  it('under KMS are proven by the CRC64NVME of the service, for which each is asked once; the empty one is read', async () => {
    const { path, bucket } = await upload('--s3-server-side-encryption=aws:kms')
    const outcome = await compared(path, bucket)
    const { empty, ...others } = outcome.told
    expect(new Set(Object.values(others))).toEqual(new Set(['match stored one-sided-read crc64nvme']))
    // That costs no more than asking.
    expect(empty).toBe('match read two-sided-read md5')
    expect(outcome).toMatchObject({ cost: 'GetObject 1, HeadObject 4' })
  })
})
