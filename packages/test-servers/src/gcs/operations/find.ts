import { type Call, requireAccess, requireBucket, requirePayer } from '../call.js'
import { failure } from '../failure.js'
import { type Bucket, isRequesterPays, type StoredObject, findObject as stored } from '../store.js'

/** The bucket of a call, where the caller may do `permission` with its object `name`, or with the bucket itself. */
export const allowedBucket = (
  call: Call,
  permission: string,
  bucketName: string = call.names[0]!,
  name?: string,
): Bucket => {
  if (!call.state.buckets.has(bucketName) && call.account === undefined)
    requireAccess(call, permission, bucketName, name)
  const bucket = requireBucket(call, bucketName)
  requireAccess(call, permission, bucketName, name)
  requirePayer(call, isRequesterPays(bucket))
  return bucket
}

/** @throws notFound, or forbidden for who may not list the bucket: what is not there is told only to others. */
export const missingObject = (call: Call, bucket: Bucket, name: string): Error => {
  requireAccess(call, 'storage.objects.list', bucket.name)
  return failure('notFound', `No such object: ${bucket.name}/${name}`)
}

/** A generation of an object, the live one by default. @throws notFound, forbidden. */
export const requireObject = (
  call: Call,
  bucket: Bucket,
  name: string,
  generation: bigint | undefined,
): StoredObject => {
  const object = stored(bucket, name, generation)
  if (object === undefined) throw missingObject(call, bucket, name)
  return object
}
