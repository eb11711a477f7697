import { type Call, type Operation, requireAccess } from '../call.js'
import { givenKey } from '../encryption.js'
import { failure, invalidParameter } from '../failure.js'
import { type JsonObject, parseJson } from '../json.js'
import { checkDigests, makeObject, type NewObject } from '../make-object.js'
import { readMultipart } from '../multipart-body.js'
import { checkPreconditions } from '../preconditions.js'
import { requireReleased } from '../retention.js'
import { addObject, type Bucket, isVersioned, type StoredObject } from '../store.js'
import { allowedBucket } from './find.js'
import { objectReply } from './read-object.js'

export const insertObject: Operation = async (call) => {
  const { request } = call
  const type = request.query.get('uploadType')
  if (type !== 'media' && type !== 'multipart')
    throw invalidParameter('uploadType', `Invalid value for uploadType: ${type ?? ''}.`)
  const [resource, bytes] = type === 'media' ? mediaUpload(call) : multipartUpload(call)
  const bucket = uploadBucket(call, resource)
  await checkDigests(request.headers, resource, bytes)
  const object = await storeObject(call, bucket, {
    name: uploadName(call, resource),
    bytes: Buffer.from(bytes),
    resource,
    customerKeySha256: givenKey(request.headers),
    kmsKeyName: request.query.get('kmsKeyName'),
  })
  return objectReply(call, bucket, object)
}

const mediaUpload = ({ request, body }: Call): [JsonObject, Buffer] => [
  withEncoding(request.query, { contentType: request.headers.get('content-type') ?? 'application/octet-stream' }),
  body,
]

const multipartUpload = ({ request, body }: Call): [JsonObject, Buffer] => {
  const [resource, media] = readMultipart(request.headers.get('content-type'), body)
  const contentType = media.contentType ?? 'application/octet-stream'
  return [withEncoding(request.query, { contentType, ...parseJson(resource.bytes) }), media.bytes]
}

/** The parameter `contentEncoding` stands in for the member of the resource. */
export const withEncoding = (query: ReadonlyMap<string, string>, resource: JsonObject): JsonObject => {
  const contentEncoding = query.get('contentEncoding')
  return contentEncoding === undefined ? resource : { ...resource, contentEncoding }
}

/** The parameter `name` wins over the resource. */
export const uploadName = (call: Call, resource: JsonObject): string =>
  call.request.query.get('name') ?? (typeof resource['name'] === 'string' ? resource['name'] : '')

export const uploadBucket = (call: Call, resource: JsonObject): Bucket =>
  allowedBucket(call, 'storage.objects.create', undefined, uploadName(call, resource))

/**
 * Stores an object as the live one, where preconditions, permissions, holds and retention allow it.
 *
 * @throws conditionNotMet, forbidden, objectUnderActiveHold, retentionPolicyNotMet.
 */
export const storeObject = async (call: Call, bucket: Bucket, object: NewObject): Promise<StoredObject> => {
  const made = await makeObject(call.state, bucket, object)
  const before = bucket.live.get(object.name)
  checkPreconditions({ ...call.request, method: 'POST' }, before)
  if (before !== undefined) {
    requireAccess(call, 'storage.objects.delete', bucket.name, object.name)
    if (!isVersioned(bucket)) requireReleased(bucket, before, call.state.now())
  }
  if (made.attributes['retention'] !== undefined && bucket.settings['objectRetention'] === undefined)
    throw failure('invalid', 'The bucket does not have object retention enabled.')
  addObject(bucket, made, call.state.now())
  return made
}
