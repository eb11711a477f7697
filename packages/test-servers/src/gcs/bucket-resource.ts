import { bucketEtag } from './etag.js'
import { failure } from './failure.js'
import { isJsonObject, type JsonObject, type JsonValue, mergePatch, pick } from './json.js'
import { time } from './object-resource.js'
import { type Binding, makePolicy } from './policy.js'
import type { Bucket } from './store.js'
import { PROJECT_NUMBER } from './users.js'

/** Members of a bucket that clients may set: "Buckets" in the reference of the JSON API. */
const WRITABLE: readonly string[] = [
  'autoclass',
  'billing',
  'cors',
  'customPlacementConfig',
  'defaultEventBasedHold',
  'encryption',
  'hierarchicalNamespace',
  'iamConfiguration',
  'ipFilter',
  'labels',
  'lifecycle',
  'location',
  'logging',
  'objectRetention',
  'retentionPolicy',
  'rpo',
  'softDeletePolicy',
  'storageClass',
  'versioning',
  'website',
]

/** What a bucket that says nothing has. Soft delete for seven days is what new buckets get. */
const DEFAULTS: JsonObject = {
  location: 'US',
  storageClass: 'STANDARD',
  rpo: 'DEFAULT',
  iamConfiguration: {
    bucketPolicyOnly: { enabled: false },
    uniformBucketLevelAccess: { enabled: false },
    publicAccessPrevention: 'inherited',
  },
  softDeletePolicy: { retentionDurationSeconds: '604800' },
}

export interface NewBucket {
  readonly name: string
  readonly resource: JsonObject
  readonly generation: bigint
  readonly now: number
  /** Bindings of its IAM policy besides those that every bucket has. */
  readonly bindings?: readonly Binding[] | undefined
}

export const makeBucket = ({ name, resource, generation, now, bindings }: NewBucket): Bucket => ({
  name,
  generation,
  metageneration: 1,
  timeCreated: now,
  updated: now,
  settings: completed(mergePatch(DEFAULTS, pick(resource, WRITABLE)), {}, now),
  policy: makePolicy(bindings),
  live: new Map(),
  noncurrent: new Map(),
  softDeleted: new Map(),
  orders: new Map(),
})

/** "Bucket names" in the Cloud Storage documentation. */
export const isBucketName = (name: string): boolean =>
  /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/.test(name) && name.split('.').every((part) => part !== '' && part.length <= 63)

/** Changes settings as a patch says. @throws forbidden for a locked retention policy that would become shorter. */
export const patchBucket = (bucket: Bucket, patch: JsonObject, now: number): void => {
  const before = bucket.settings
  const wanted = Object.fromEntries(Object.entries(patch).filter(([name]) => WRITABLE.includes(name)))
  const after = completed(mergePatch(before, wanted), before, now)
  const locked = member(before, 'retentionPolicy')
  if (locked?.['isLocked'] === true) {
    const seconds = Number(member(after, 'retentionPolicy')?.['retentionPeriod'] ?? 0)
    if (seconds < Number(locked['retentionPeriod']))
      throw failure('forbidden', `Cannot reduce the duration of a locked Retention Policy for bucket '${bucket.name}'.`)
  }
  bucket.settings = after
  bucket.metageneration++
  bucket.updated = now
}

/** Settings with what the service adds to them: times from which policies hold, and numbers of 64 bits as text. */
const completed = (settings: JsonObject, before: JsonObject, now: number): JsonObject => {
  const policy = (name: string, period: string): JsonObject => {
    const value = member(settings, name)
    if (value === undefined) return {}
    const same = JSON.stringify(value) === JSON.stringify(member(before, name))
    if (same) return {}
    return { [name]: { ...value, [period]: String(value[period] ?? 0), effectiveTime: time(now) } }
  }
  const access = member(settings, 'iamConfiguration')
  return {
    ...settings,
    ...policy('retentionPolicy', 'retentionPeriod'),
    ...policy('softDeletePolicy', 'retentionDurationSeconds'),
    ...(access !== undefined && { iamConfiguration: accessConfiguration(access, now) }),
  }
}

/** The former name of uniform access follows it; it can be taken back for 90 days. */
const accessConfiguration = (given: JsonObject, now: number): JsonObject => {
  const uniform = member(given, 'uniformBucketLevelAccess') ?? { enabled: false }
  const lockedTime = uniform['lockedTime'] ?? time(now + 90 * 24 * 3600 * 1000)
  const told: JsonObject = uniform['enabled'] === true ? { enabled: true, lockedTime } : { enabled: false }
  return { ...given, bucketPolicyOnly: told, uniformBucketLevelAccess: told }
}

const member = (object: JsonObject, name: string): JsonObject | undefined => {
  const value: JsonValue = object[name]
  return isJsonObject(value) ? value : undefined
}

export const bucketResource = (bucket: Bucket, origin: string): JsonObject => ({
  kind: 'storage#bucket',
  id: bucket.name,
  selfLink: `${origin}/storage/v1/b/${bucket.name}`,
  name: bucket.name,
  projectNumber: PROJECT_NUMBER,
  generation: bucket.generation.toString(),
  metageneration: String(bucket.metageneration),
  locationType: /^(US|EU|ASIA)$/.test(String(bucket.settings['location'])) ? 'multi-region' : 'region',
  ...bucket.settings,
  etag: bucketEtag(bucket.metageneration),
  timeCreated: time(bucket.timeCreated),
  updated: time(bucket.updated),
})
