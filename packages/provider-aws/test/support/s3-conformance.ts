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
import type { TestRunner } from '@backproof/core/testing'
import { S3_LIST_PRICES, type S3Profile, s3Source } from '@backproof/provider-aws'
import { type ConformancePlace, inBatches, storeConformance } from '@backproof/test-servers/suites'

/** A server that speaks S3, and what is known of it. */
export interface ConformanceServer {
  readonly name: string
  readonly profile: S3Profile
  readonly endpoint: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/** Registers the cases of the conformance kit for one server: the whole bucket, and a prefix of one. */
export const s3Conformance = (server: ConformanceServer, runner: TestRunner): void => {
  const { name } = server
  storeConformance(placeOf(server, { title: `a bucket of ${name}`, prefix: '', versioned: false }), runner)
  const title = `a prefix of a versioned bucket of ${name}`
  storeConformance(placeOf(server, { title, prefix: 'folder/with space+plus/', versioned: true }), runner)
}

let buckets = 0

interface Place {
  readonly title: string
  readonly prefix: string
  readonly versioned: boolean
}

const placeOf = (server: ConformanceServer, place: Place): ConformancePlace => {
  const { endpoint, region, credentials, profile } = server
  const { title, prefix, versioned } = place
  return {
    title,
    prefix,
    traits: traitsOf(profile, place),
    manyObjects: 1_200,
    secrets: [credentials.secretAccessKey],
    skipped: versioned
      ? { 'list-versions-refused': 'The bucket keeps versions.' }
      : { 'list-versions$': 'The bucket keeps no versions.' },
    refuses: () => undefined,
    create: async () => {
      buckets += 1
      const client = new S3Client({
        endpoint,
        region,
        credentials,
        forcePathStyle: true,
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
      })
      const bucket = `conformance-${process.pid}-${buckets}`
      await client.send(new CreateBucketCommand({ Bucket: bucket }))
      if (versioned) {
        const VersioningConfiguration = { Status: 'Enabled' } as const
        await client.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }))
      }
      return {
        open: () => s3Source({ bucket, prefix, endpoint, region, credentials, profile }),
        put: (name, bytes) => client.send(new PutObjectCommand({ Bucket: bucket, Key: name, Body: bytes })),
        remove: async (name) => {
          await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: name }))
        },
        close: async () => {
          await emptyBucket(client, bucket)
          await client.send(new DeleteBucketCommand({ Bucket: bucket }))
          client.destroy()
        },
      }
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
    ...(profile === 'aws' && { prices: S3_LIST_PRICES }),
    maxKeyBytes: 1_024 - prefix.length,
  }
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
