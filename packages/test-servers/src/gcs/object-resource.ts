import { objectEtag } from './etag.js'
import { type JsonObject, mergePatch, pick } from './json.js'
import { type Bucket, retentionSeconds, type StoredObject } from './store.js'
import { PROJECT_NUMBER } from './users.js'

/** Members of an object that clients may set. */
const WRITABLE: readonly string[] = [
  'cacheControl',
  'contentDisposition',
  'contentEncoding',
  'contentLanguage',
  'contentType',
  'contexts',
  'customTime',
  'eventBasedHold',
  'metadata',
  'retention',
  'storageClass',
  'temporaryHold',
]

/** What clients set of an object, from a resource that they sent. */
export const writableAttributes = (resource: JsonObject): JsonObject => pick(resource, WRITABLE)

/** Attributes with those that a patch names changed; all else of the patch is not writable and does not count. */
export const patchAttributes = (attributes: JsonObject, patch: JsonObject): JsonObject =>
  mergePatch(attributes, Object.fromEntries(Object.entries(patch).filter(([name]) => WRITABLE.includes(name))))

export interface ResourceOptions {
  /** `http://host:port` that links begin with. */
  readonly origin: string
  /** Whether digests are told, which those under a customer's key are only to who has the key. */
  readonly digests: boolean
  /** Whether owner and access control list are told (`projection=full`). */
  readonly full: boolean
}

/** An object as the JSON API tells it: "Objects" in its reference. */
export const objectResource = (bucket: Bucket, object: StoredObject, options: ResourceOptions): JsonObject => {
  const { name, metageneration } = object
  const generation = object.generation.toString()
  const path = `b/${bucket.name}/o/${encodeURIComponent(name)}`
  const retainedUntil = retentionEnd(bucket, object)
  return {
    kind: 'storage#object',
    id: `${bucket.name}/${name}/${generation}`,
    selfLink: `${options.origin}/storage/v1/${path}`,
    mediaLink: `${options.origin}/download/storage/v1/${path}?generation=${generation}&alt=media`,
    name,
    bucket: bucket.name,
    generation,
    metageneration: String(metageneration),
    ...object.attributes,
    size: String(object.bytes.length),
    ...(options.digests && { md5Hash: object.md5Hash, crc32c: object.crc32c }),
    etag: objectEtag(object.generation, metageneration),
    componentCount: object.componentCount,
    kmsKeyName: object.kmsKeyName,
    ...(object.customerKeySha256 !== undefined && {
      customerEncryption: { encryptionAlgorithm: 'AES256', keySha256: object.customerKeySha256 },
    }),
    retentionExpirationTime: retainedUntil === undefined ? undefined : time(retainedUntil),
    timeCreated: time(object.timeCreated),
    updated: time(object.updated),
    timeStorageClassUpdated: time(object.storageClassUpdated),
    timeFinalized: time(object.timeCreated),
    ...(object.hardDeleteTime === undefined
      ? object.timeDeleted !== undefined && { timeDeleted: time(object.timeDeleted) }
      : { softDeleteTime: time(object.timeDeleted!), hardDeleteTime: time(object.hardDeleteTime) }),
    ...(options.full && ownership(bucket)),
  }
}

/** Uniform bucket-level access leaves no access control lists. */
const ownership = ({ settings }: Bucket): JsonObject => {
  const { uniformBucketLevelAccess } = (settings['iamConfiguration'] ?? {}) as JsonObject
  if ((uniformBucketLevelAccess as JsonObject | undefined)?.['enabled'] === true) return {}
  const entity = `project-owners-${PROJECT_NUMBER}`
  return { owner: { entity }, acl: [{ kind: 'storage#objectAccessControl', entity, role: 'OWNER' }] }
}

/** Until when the bucket's retention policy holds an object; an event-based hold stops that clock. */
export const retentionEnd = (bucket: Bucket, object: StoredObject): number | undefined => {
  const seconds = retentionSeconds(bucket)
  if (seconds === 0 || object.attributes['eventBasedHold'] === true) return undefined
  return object.timeCreated + seconds * 1000
}

/** RFC 3339 with milliseconds. */
export const time = (milliseconds: number): string => new Date(milliseconds).toISOString()
