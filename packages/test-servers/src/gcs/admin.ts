import { createHash } from 'node:crypto'
import { BackupError } from '@backproof/core'
import { compareKeys } from '@backproof/core/source'
import type {
  GcsAdmin,
  GcsBucketOptions,
  GcsPutOptions,
  GenerationOptions,
  GenerationSnapshot,
} from './admin-options.js'
import { isBucketName, makeBucket } from './bucket-resource.js'
import type { ServerState } from './call.js'
import { keySha256 } from './encryption.js'
import { type JsonObject, mergePatch } from './json.js'
import { isObjectName, makeObject } from './make-object.js'
import { time } from './object-resource.js'
import { addObject, type Bucket, deleteObject, findObject, retire, type StoredObject } from './store.js'

export const createAdmin = (state: ServerState): GcsAdmin => {
  const bucketNamed = (name: string): Bucket => {
    const bucket = state.buckets.get(name)
    if (bucket === undefined) throw missing(`The test server has no bucket ${name}. Create it first.`)
    return bucket
  }
  const find = (name: string, object: string, { generation }: GenerationOptions): [Bucket, StoredObject] => {
    const bucket = bucketNamed(name)
    const found = findObject(bucket, object, generation === undefined ? undefined : BigInt(generation))
    if (found === undefined) throw missing(`The bucket ${name} of the test server has no such object: ${object}`)
    return [bucket, found]
  }

  return {
    createBucket: (options) => {
      const { name, timeCreated } = options
      if (!isBucketName(name)) throw invalid(`${name} is no name of a bucket.`)
      if (state.buckets.has(name)) throw invalid(`The test server has a bucket ${name} already.`)
      const now = timeCreated?.getTime() ?? state.now()
      const generation = state.nextGeneration()
      const { bindings } = options
      state.buckets.set(name, makeBucket({ name, resource: settingsOf(options), generation, now, bindings }))
    },
    put: async (name, object, bytes, options = {}) => {
      const bucket = bucketNamed(name)
      if (!isObjectName(object))
        throw invalid(`Cloud Storage has no such name: ${JSON.stringify(object)}. It takes 1 to 1,024 bytes of UTF-8.`)
      const made = await objectOf(state, bucket, object, Buffer.from(bytes), options)
      addObject(bucket, made, state.now())
      return made.generation.toString()
    },
    remove: (name, object, options = {}) => {
      const [bucket, found] = find(name, object, options)
      if (options.generation === undefined) retire(bucket, found, state.now())
      else deleteObject(bucket, found, state.now())
    },
    corrupt: (name, object, offset, options = {}) => {
      const [, { bytes }] = find(name, object, options)
      const before = bytes[offset]
      if (before === undefined) throw invalid(`Offset ${offset} is beyond the ${bytes.length} bytes of ${object}.`)
      bytes[offset] = before ^ 1
    },
    dropTail: (name, object, bytes, options = {}) => {
      const [, found] = find(name, object, options)
      if (bytes < 0 || bytes > found.bytes.length)
        throw invalid(`${object} has ${found.bytes.length} bytes; ${bytes} cannot be lost.`)
      found.lostTail = bytes
    },
    snapshot: (name) => {
      const bucket = bucketNamed(name)
      const lists = [
        ...[...bucket.live.values()].map((object) => snapshotOf(object, 'live')),
        ...[...bucket.noncurrent.values()].flat().map((object) => snapshotOf(object, 'noncurrent')),
        ...[...bucket.softDeleted.values()].flat().map((object) => snapshotOf(object, 'soft-deleted')),
      ]
      return lists.sort((a, b) => compareKeys(a.name, b.name) || (BigInt(a.generation) < BigInt(b.generation) ? -1 : 1))
    },
  }
}

const settingsOf = (options: GcsBucketOptions): JsonObject =>
  mergePatch((options.settings ?? {}) as JsonObject, {
    ...(options.versioning !== undefined && { versioning: { enabled: options.versioning } }),
    ...(options.softDeleteSeconds !== undefined && {
      softDeletePolicy: { retentionDurationSeconds: String(options.softDeleteSeconds) },
    }),
    ...(options.retentionSeconds !== undefined && {
      retentionPolicy: { retentionPeriod: String(options.retentionSeconds) },
    }),
    ...(options.requesterPays !== undefined && { billing: { requesterPays: options.requesterPays } }),
  })

const objectOf = async (
  state: ServerState,
  bucket: Bucket,
  name: string,
  bytes: Buffer,
  options: GcsPutOptions,
): Promise<StoredObject> => {
  const { customerKey, timeCreated, componentCount, kmsKeyName, crc32c, md5Hash } = options
  const { contentType = 'application/octet-stream', contentEncoding, metadata, storageClass } = options
  const { temporaryHold, eventBasedHold } = options
  const given = { contentType, contentEncoding, metadata, storageClass, temporaryHold, eventBasedHold }
  const made = await makeObject(state, bucket, {
    name,
    bytes,
    resource: { ...(options.resource as JsonObject | undefined), ...given },
    customerKeySha256: customerKey && keySha256(customerKey),
    kmsKeyName,
    componentCount,
    timeCreated: timeCreated?.getTime(),
  })
  return {
    ...made,
    ...(crc32c !== undefined && { crc32c }),
    ...(md5Hash !== undefined && { md5Hash: md5Hash ?? undefined }),
  }
}

const snapshotOf = (object: StoredObject, state: GenerationSnapshot['state']): GenerationSnapshot => ({
  name: object.name,
  generation: object.generation.toString(),
  metageneration: object.metageneration,
  state,
  updated: time(object.updated),
  sha256: createHash('sha256').update(object.bytes).digest('hex'),
})

const invalid = (message: string): BackupError =>
  new BackupError({ code: 'invalid-config', message, provider: 'test-servers', operation: 'admin' })

const missing = (message: string): BackupError =>
  new BackupError({ code: 'not-found', message, provider: 'test-servers', operation: 'admin' })
