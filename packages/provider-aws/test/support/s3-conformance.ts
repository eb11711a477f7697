import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import type { SourceTraits } from '@backproof/core/source'
import {
  type ConformanceHarness,
  type ConformanceObject,
  conformanceCaseNames,
  registerConformance,
  sourceConformance,
  type TestRunner,
} from '@backproof/core/testing'
import { type S3Profile, s3Source } from '@backproof/provider-aws'

/** A server that speaks S3, and what is known of it. */
export interface ConformanceServer {
  readonly name: string
  readonly profile: S3Profile
  readonly endpoint: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/** What a bucket cannot be asked; everything else must not be skipped. */
const NOT_OF_BUCKETS =
  'scan-|abort-scan|release-scan|dispose-during-scan|local-file|read-impossible|list-links|key-bytes'

const isNotOf = ({ prefix, versioned }: Place): RegExp => {
  // With a prefix in front, the longest key of S3 is too long.
  const more = [...(prefix === '' ? [] : ['key-long-path']), versioned ? 'list-versions-refused' : 'list-versions$']
  return new RegExp(`^(?:${NOT_OF_BUCKETS}|${more.join('|')})`)
}

/** Registers the cases of the conformance kit for one server: the whole bucket, and a prefix of one. */
export const s3Conformance = (server: ConformanceServer, runner: TestRunner): void => {
  const { name } = server
  const whole = bucketHarness(server, { prefix: '', versioned: false })
  registerConformance(sourceConformance(whole), runner, `a bucket of ${name}`)
  const part = bucketHarness(server, { prefix: 'folder/with space+plus/', versioned: true })
  registerConformance(sourceConformance(part), runner, `a prefix of a versioned bucket of ${name}`)
}

let buckets = 0

interface Place {
  readonly prefix: string
  readonly versioned: boolean
}

const bucketHarness = (server: ConformanceServer, { prefix, versioned }: Place): ConformanceHarness => {
  const { endpoint, region, credentials, profile } = server
  let place: { readonly client: S3Client; readonly bucket: string } | undefined
  const clientOf = (): S3Client =>
    new S3Client({
      endpoint,
      region,
      credentials,
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    })
  const opened = (): { readonly client: S3Client; readonly bucket: string } => {
    if (place === undefined) throw new Error('No bucket is open.')
    return place
  }
  const put = async (key: string, bytes: Uint8Array): Promise<void> => {
    const { client, bucket } = opened()
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: prefix + key, Body: bytes }))
  }
  return {
    traits: traitsOf(profile, { prefix, versioned }),
    manyObjects: 1_200,
    offers: ['dispose', 'preflight'],
    required: conformanceCaseNames.filter((case_) => !isNotOf({ prefix, versioned }).test(case_)),
    secrets: [credentials.secretAccessKey],
    open: async (content) => {
      buckets += 1
      place = { client: clientOf(), bucket: `conformance-${process.pid}-${buckets}` }
      await place.client.send(new CreateBucketCommand({ Bucket: place.bucket }))
      if (versioned) {
        const VersioningConfiguration = { Status: 'Enabled' } as const
        await place.client.send(new PutBucketVersioningCommand({ Bucket: place.bucket, VersioningConfiguration }))
      }
      await inBatches(content, 32, ({ key, bytes }) => put(key, bytes))
      return s3Source({ bucket: place.bucket, prefix, endpoint, region, credentials, profile })
    },
    replace: put,
    remove: async (key) => {
      const { client, bucket } = opened()
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: prefix + key }))
    },
    close: async () => {
      if (place === undefined) return
      const { client, bucket } = place
      place = undefined
      await emptyBucket(client, bucket)
      await client.send(new DeleteBucketCommand({ Bucket: bucket }))
      client.destroy()
    },
    canHold: ({ key, linkTarget }: ConformanceObject) => {
      if (linkTarget !== undefined) return 'a bucket has no links'
      return key.isWellFormed() || 'keys of S3 are UTF-8'
    },
  }
}

const traitsOf = (profile: S3Profile, { prefix, versioned }: Place): SourceTraits => {
  const provenance = profile === 'other' ? 'claimed' : 'service'
  const md5 = { algorithm: 'md5', provenance } as const
  return {
    keyOrder: 'utf8',
    access: 'random',
    pinning: 'etag',
    listingDigests: [md5],
    statDigests: profile === 'aws' ? [md5, { algorithm: 'crc64nvme', provenance }] : [md5],
    rangeReads: true,
    versions: versioned,
    readCost: 'paid',
    maxKeyBytes: 1_024 - prefix.length,
  }
}

const inBatches = async <T>(items: readonly T[], size: number, work: (item: T) => Promise<void>): Promise<void> => {
  for (let at = 0; at < items.length; at += size) await Promise.all(items.slice(at, at + size).map(work))
}

/** Keys that XML can carry for certain: a batch names them there, a request of its own in its path. */
const PLAIN = /^[\w./-]+$/

const emptyBucket = async (client: S3Client, bucket: string): Promise<void> => {
  for (;;) {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket: bucket, EncodingType: 'url' }))
    const rows = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]
    if (rows.length === 0) return
    const objects = rows.map(({ Key = '', VersionId }) => ({
      Key: decodeURIComponent(Key.replaceAll('+', ' ')),
      VersionId,
    }))
    const Objects = objects.filter(({ Key }) => PLAIN.test(Key))
    if (Objects.length > 0) {
      const Delete = { Objects, Quiet: true }
      const { Errors = [] } = await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete }))
      if (Errors.length > 0) throw new Error(`${Errors[0]?.Key} cannot be deleted: ${Errors[0]?.Message}`)
    }
    const others = objects.filter(({ Key }) => !PLAIN.test(Key))
    await inBatches(others, 32, async (object) => {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, ...object }))
    })
  }
}
