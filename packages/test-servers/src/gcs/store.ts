import { compareKeys } from '@backproof/core/source'
import type { JsonObject } from './json.js'
import type { BucketPolicy } from './policy.js'

/** One generation of an object. */
export interface StoredObject {
  readonly name: string
  /** Microseconds since 1970 as the server numbers them, strictly increasing. */
  readonly generation: bigint
  metageneration: number
  /** What is stored; rot changes it beneath everything else. */
  readonly bytes: Buffer
  /** Base64. Composite objects and those under a customer's key tell none. */
  readonly md5Hash: string | undefined
  /** Base64 of four bytes, big-endian. */
  readonly crc32c: string
  /** Of composite objects: how many objects it was made from. */
  readonly componentCount: number | undefined
  /** What clients set: contentType, contentEncoding, metadata, storageClass, holds ... */
  attributes: JsonObject
  /** Milliseconds since 1970. */
  readonly timeCreated: number
  updated: number
  storageClassUpdated: number
  /** When it became noncurrent, or was soft-deleted. */
  timeDeleted?: number | undefined
  /** Until when a soft-deleted object can be restored. */
  hardDeleteTime?: number | undefined
  /** SHA-256 of the key that the customer keeps, in base64. */
  readonly customerKeySha256: string | undefined
  readonly kmsKeyName: string | undefined
  /** Bytes at the end that are lost: told in all metadata, missing in the body. */
  lostTail: number
}

export interface Bucket {
  readonly name: string
  readonly generation: bigint
  metageneration: number
  readonly timeCreated: number
  updated: number
  /** The resource without what the server itself tells of it. */
  settings: JsonObject
  readonly policy: BucketPolicy
  readonly live: Map<string, StoredObject>
  /** By name, oldest first. Never an empty list. */
  readonly noncurrent: Map<string, StoredObject[]>
  readonly softDeleted: Map<string, StoredObject[]>
  /** Names in listing order, until one comes or goes. */
  readonly orders: Map<Names, readonly string[]>
}

/** Which names a listing walks over. */
export type Names = 'live' | 'all' | 'softDeleted'

/** Names by their UTF-8 bytes. */
export const namesInOrder = (bucket: Bucket, names: Names): readonly string[] => {
  const known = bucket.orders.get(names)
  if (known !== undefined) return known
  const source = names === 'all' ? new Set([...bucket.live.keys(), ...bucket.noncurrent.keys()]) : bucket[names].keys()
  const order = [...source].sort(compareKeys)
  bucket.orders.set(names, order)
  return order
}

/** All generations of a name that a listing tells, in their order. */
export const generationsOf = (bucket: Bucket, name: string, names: Names, now: number): readonly StoredObject[] => {
  if (names === 'softDeleted') return softDeletedOf(bucket, name, now)
  const live = bucket.live.get(name)
  return [...(names === 'all' ? (bucket.noncurrent.get(name) ?? []) : []), ...(live === undefined ? [] : [live])]
}

/** Soft-deleted generations of a name that can still be restored, in their order. */
export const softDeletedOf = (bucket: Bucket, name: string, now: number): readonly StoredObject[] =>
  (bucket.softDeleted.get(name) ?? []).filter((one) => one.hardDeleteTime === undefined || one.hardDeleteTime > now)

/** The live object, or one generation of it, live or noncurrent. */
export const findObject = (bucket: Bucket, name: string, generation: bigint | undefined): StoredObject | undefined => {
  const live = bucket.live.get(name)
  if (generation === undefined || live?.generation === generation) return live
  return bucket.noncurrent.get(name)?.find((one) => one.generation === generation)
}

/** Makes `object` the live one; what was live before becomes noncurrent or is deleted. */
export const addObject = (bucket: Bucket, object: StoredObject, now: number): void => {
  const before = bucket.live.get(object.name)
  if (before !== undefined) retire(bucket, before, now)
  bucket.live.set(object.name, object)
  bucket.orders.clear()
}

/** Ends the life of the live object: with versioning it becomes noncurrent, else it is deleted. */
export const retire = (bucket: Bucket, object: StoredObject, now: number): void => {
  if (!isVersioned(bucket)) {
    deleteObject(bucket, object, now)
    return
  }
  bucket.live.delete(object.name)
  object.timeDeleted = now
  push(bucket.noncurrent, object)
  bucket.orders.clear()
}

/** Takes a generation away: for good, or into soft deletion where the bucket has it. */
export const deleteObject = (bucket: Bucket, object: StoredObject, now: number): void => {
  if (bucket.live.get(object.name) === object) bucket.live.delete(object.name)
  else pull(bucket.noncurrent, object)
  const seconds = softDeleteSeconds(bucket)
  if (seconds > 0) {
    object.timeDeleted = now
    object.hardDeleteTime = now + seconds * 1000
    push(bucket.softDeleted, object)
  }
  bucket.orders.clear()
}

/** Takes a soft-deleted generation away for good. */
export const forget = (bucket: Bucket, object: StoredObject): void => {
  pull(bucket.softDeleted, object)
  bucket.orders.clear()
}

const push = (lists: Map<string, StoredObject[]>, object: StoredObject): void => {
  const list = [...(lists.get(object.name) ?? []), object]
  lists.set(
    object.name,
    list.sort((a, b) => (a.generation < b.generation ? -1 : 1)),
  )
}

const pull = (lists: Map<string, StoredObject[]>, object: StoredObject): void => {
  const kept = (lists.get(object.name) ?? []).filter((one) => one !== object)
  if (kept.length > 0) lists.set(object.name, kept)
  else lists.delete(object.name)
}

export const isVersioned = (bucket: Bucket): boolean => part(bucket, 'versioning')['enabled'] === true

export const isRequesterPays = (bucket: Bucket): boolean => part(bucket, 'billing')['requesterPays'] === true

/** 0: deleted objects are gone at once. */
const softDeleteSeconds = (bucket: Bucket): number =>
  Number(part(bucket, 'softDeletePolicy')['retentionDurationSeconds'] ?? 0)

/** 0: no retention policy. */
export const retentionSeconds = (bucket: Bucket): number =>
  Number(part(bucket, 'retentionPolicy')['retentionPeriod'] ?? 0)

const part = (bucket: Bucket, name: string): JsonObject => (bucket.settings[name] ?? {}) as JsonObject
