import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import type { RetryOptions } from '@backproof/core/run'
import type { BackupSource } from '@backproof/core/source'
import { type S3SourceOptions, s3Source } from '@backproof/provider-aws'
import type { Rgw, RgwCredentials } from '@backproof/test-servers'

// What the suites about the gateway share: a client that writes, sources that read, and content.

export const MIB: number = 1024 * 1024

/** Why a connection stays open for a while after a lost tail: see `idleMs` of the server. No suite waits for more tries. */
export const FEW_TRIES: RetryOptions = { attempts: 2, baseDelayMs: 1, maxDelayMs: 5 }

export interface Place {
  readonly rgw: Rgw
  /** Of the owner of all buckets. */
  readonly owner: S3Client
}

export const clientOf = (rgw: Rgw, credentials: RgwCredentials): S3Client =>
  new S3Client({
    endpoint: rgw.url,
    region: rgw.region,
    credentials,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })

/** A bucket as Backproof sees it, by its owner unless `credentials` are another user's. */
export const sourceOf = (
  { rgw }: Place,
  bucket: string,
  {
    credentials = rgw.credentials,
    ...options
  }: Pick<S3SourceOptions, 'prefix' | 'customerKey'> & { credentials?: RgwCredentials } = {},
): BackupSource & AsyncDisposable => {
  const { url: endpoint, region } = rgw
  const source = s3Source({ bucket, endpoint, region, credentials, profile: 'ceph', ...options })
  // The member is optional in the contract; the conformance cases hold this provider to it.
  return source as BackupSource & AsyncDisposable
}

export const makeBucket = async ({ owner }: Place, Bucket: string): Promise<void> => {
  await owner.send(new CreateBucketCommand({ Bucket }))
}

/** One upload; gives the version, where the bucket keeps versions. */
export const put = async (
  { owner }: Place,
  Bucket: string,
  Key: string,
  Body: Uint8Array,
): Promise<string | undefined> => (await owner.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId

/** A multipart upload whose parts have these sizes, which add up to the body. */
export const putParts = async (
  { owner }: Place,
  Bucket: string,
  Key: string,
  body: Uint8Array,
  sizes: readonly number[],
  ContentType?: string,
): Promise<string | undefined> => {
  const { UploadId } = await owner.send(new CreateMultipartUploadCommand({ Bucket, Key, ContentType }))
  const Parts: { ETag: string | undefined; PartNumber: number }[] = []
  let at = 0
  for (const [index, size] of sizes.entries()) {
    const part = { Bucket, Key, UploadId, PartNumber: index + 1 }
    const { ETag } = await owner.send(new UploadPartCommand({ ...part, Body: body.subarray(at, at + size) }))
    Parts.push({ ETag, PartNumber: index + 1 })
    at += size
  }
  if (at !== body.length) throw new Error(`The parts of ${Key} have ${at} bytes, and it has ${body.length}.`)
  const done = new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } })
  return (await owner.send(done)).VersionId
}

/** Equal parts, the last one shorter. */
export const evenSizes = (size: number, part: number): readonly number[] =>
  Array.from({ length: Math.ceil(size / part) }, (_, i) => Math.min(part, size - i * part))

/** Bytes that differ from place to place and from seed to seed (xorshift32). */
export const bytesOf = (size: number, seed: number): Buffer => {
  const words = new Uint32Array(Math.ceil(size / 4))
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1
  for (let i = 0; i < words.length; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    words[i] = state
  }
  return Buffer.from(words.buffer, 0, size)
}

export const inBatches = async <T>(
  items: readonly T[],
  size: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> => {
  for (let at = 0; at < items.length; at += size) await Promise.all(items.slice(at, at + size).map(work))
}

/** A directory of these files, until it is disposed of. */
export const directoryOf = async (
  files: ReadonlyMap<string, Uint8Array>,
): Promise<{ readonly path: string } & AsyncDisposable> => {
  const path = await mkdtemp(join(tmpdir(), 'backproof-rgw-files-'))
  for (const [key, bytes] of files) {
    await mkdir(dirname(join(path, key)), { recursive: true })
    await writeFile(join(path, key), bytes)
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
