import { type Call, type Operation, requireAccess } from '../call.js'
import { failure } from '../failure.js'
import { isJsonObject, type JsonObject, parseJson } from '../json.js'
import { patchAttributes } from '../object-resource.js'
import { askedGeneration, checkEtag, checkPreconditions } from '../preconditions.js'
import { requireReleased } from '../retention.js'
import {
  addObject,
  type Bucket,
  deleteObject,
  forget,
  isVersioned,
  retire,
  type StoredObject,
  softDeletedOf,
} from '../store.js'
import { allowedBucket, missingObject, requireObject } from './find.js'
import { objectReply } from './read-object.js'

const target = (call: Call, permission: string): [Bucket, StoredObject] => {
  const name = call.names[1]!
  const bucket = allowedBucket(call, permission, undefined, name)
  const object = requireObject(call, bucket, name, askedGeneration(call.request))
  checkPreconditions(call.request, object)
  checkEtag(call.request, object)
  return [bucket, object]
}

/** Changes metadata: another metageneration of the same generation. */
export const patchObject: Operation = (call) => {
  const [bucket, object] = target(call, 'storage.objects.update')
  const patch = parseJson(call.body)
  change(call, object, patchAttributes(object.attributes, patch))
  return objectReply(call, bucket, object)
}

const change = (call: Call, object: StoredObject, attributes: JsonObject): void => {
  const now = call.state.now()
  if (attributes['storageClass'] !== object.attributes['storageClass']) object.storageClassUpdated = now
  object.attributes = attributes
  object.metageneration++
  object.updated = now
}

/** Without a generation the live object becomes noncurrent where the bucket is versioned; with one it is deleted. */
export const removeObject: Operation = (call) => {
  const [bucket, object] = target(call, 'storage.objects.delete')
  const now = call.state.now()
  const named = call.request.query.has('generation')
  if (isVersioned(bucket) && !named) retire(bucket, object, now)
  else {
    requireReleased(bucket, object, now)
    deleteObject(bucket, object, now)
  }
  return { status: 204 }
}

/** Brings a soft-deleted generation back, as a new one. */
export const restoreObject: Operation = (call) => {
  const name = call.names[1]!
  const bucket = allowedBucket(call, 'storage.objects.restore', undefined, name)
  requireAccess(call, 'storage.objects.create', bucket.name, name)
  const generation = askedGeneration(call.request)
  if (generation === undefined) throw failure('required', 'Required parameter: generation')
  const found = softDeletedOf(bucket, name, call.state.now()).find((one) => one.generation === generation)
  if (found === undefined) throw missingObject(call, bucket, name)
  checkPreconditions(call.request, bucket.live.get(name))
  const now = call.state.now()
  const { timeDeleted: _, hardDeleteTime: __, ...kept } = found
  const restored: StoredObject = {
    ...kept,
    generation: call.state.nextGeneration(),
    metageneration: 1,
    updated: now,
    timeCreated: now,
  }
  forget(bucket, found)
  addObject(bucket, restored, now)
  return objectReply(call, bucket, restored)
}

/** The resource in the body of a copy; `undefined` for none, which keeps the metadata of the source. */
export const givenResource = (call: Call): JsonObject | undefined => {
  const body = parseJson(call.body)
  return isJsonObject(body) && Object.keys(body).length > 0 ? body : undefined
}
