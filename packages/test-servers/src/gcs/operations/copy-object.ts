import { randomBytes } from 'node:crypto'
import { type Call, type Operation, requireAccess, resourceReply } from '../call.js'
import { givenKey, hasKey, SOURCE_ENCRYPTION_HEADERS } from '../encryption.js'
import { failure, invalidParameter } from '../failure.js'
import { isJsonObject, type JsonObject, parseJson } from '../json.js'
import { objectResource } from '../object-resource.js'
import { askedGeneration, checkPreconditions } from '../preconditions.js'
import { wholeNumber } from '../request.js'
import { type Bucket, findObject, type StoredObject } from '../store.js'
import { givenResource } from './change-object.js'
import { allowedBucket, missingObject, requireObject } from './find.js'
import { storeObject } from './insert-object.js'
import { objectReply } from './read-object.js'

/** A rewrite in several calls moves at least this much in each. */
const LEAST_REWRITE = 1024n * 1024n

export const copyObject: Operation = async (call) => {
  const [bucket, object] = await copy(call, source(call))
  return objectReply(call, bucket, object)
}

/** A rewrite, in steps of `maxBytesRewrittenPerCall` where that is less than the object. */
export const rewriteObject: Operation = async (call) => {
  const from = source(call)
  const step = wholeNumber(call.request, 'maxBytesRewrittenPerCall')
  if (step !== undefined && (step === 0n || step % LEAST_REWRITE !== 0n))
    throw invalidParameter('maxBytesRewrittenPerCall', 'maxBytesRewrittenPerCall must be a multiple of 1 MiB.')
  const size = from.bytes.length
  const done = rewritten(call) + Number(step ?? BigInt(size))
  const progress = { kind: 'storage#rewriteResponse', objectSize: String(size), done: done >= size }
  if (done < size) {
    const rewriteToken = `${done}.${randomBytes(30).toString('base64url')}`
    return resourceReply(call, { ...progress, totalBytesRewritten: String(done), rewriteToken })
  }
  const [bucket, object] = await copy(call, from)
  const options = { origin: call.request.origin, digests: true, full: false }
  const resource = objectResource(bucket, object, options)
  return resourceReply(call, { ...progress, totalBytesRewritten: String(size), resource })
}

const rewritten = ({ request }: Call): number => {
  const token = request.query.get('rewriteToken')
  if (token === undefined || token === '') return 0
  const done = /^(\d+)\./.exec(token)?.[1]
  if (done === undefined) throw invalidParameter('rewriteToken', `Invalid value for rewriteToken: ${token}.`)
  return Number(done)
}

const source = (call: Call): StoredObject => {
  const [bucketName, name] = call.names as [string, string]
  const bucket = allowedBucket(call, 'storage.objects.get', bucketName, name)
  const object = requireObject(call, bucket, name, askedGeneration(call.request, 'sourceGeneration'))
  checkPreconditions({ ...call.request, method: 'POST' }, object, 'ifSource')
  if (!hasKey(givenKey(call.request.headers, SOURCE_ENCRYPTION_HEADERS), object.customerKeySha256))
    throw failure('resourceIsEncryptedWithCustomerEncryptionKey')
  return object
}

const copy = async (call: Call, from: StoredObject): Promise<[Bucket, StoredObject]> => {
  const [, , bucketName, name] = call.names as [string, string, string, string]
  const bucket = allowedBucket(call, 'storage.objects.create', bucketName, name)
  const { temporaryHold: _, eventBasedHold: __, retention: ___, ...attributes } = from.attributes
  const object = await storeObject(call, bucket, {
    name,
    bytes: Buffer.from(from.bytes),
    resource: givenResource(call) ?? attributes,
    customerKeySha256: givenKey(call.request.headers),
    kmsKeyName: call.request.query.get('destinationKmsKeyName'),
    componentCount: from.componentCount,
  })
  return [bucket, object]
}

/** Up to 32 objects of a bucket in one, whose component count is the sum of theirs. It has no MD5. */
export const composeObject: Operation = async (call) => {
  const [bucketName, name] = call.names as [string, string]
  const bucket = allowedBucket(call, 'storage.objects.create', bucketName, name)
  const { sourceObjects, destination } = parseJson(call.body)
  if (!Array.isArray(sourceObjects) || sourceObjects.length === 0)
    throw failure('required', 'You must provide at least one source component.')
  if (sourceObjects.length > 32)
    throw failure(
      'invalid',
      `The number of source components provided (${sourceObjects.length}) exceeds the maximum (32)`,
    )
  const parts = sourceObjects.map((one: unknown) => component(call, bucket, isJsonObject(one) ? one : {}))
  const key = givenKey(call.request.headers)
  for (const part of parts)
    if (!hasKey(key, part.customerKeySha256)) throw failure('resourceIsEncryptedWithCustomerEncryptionKey')
  const object = await storeObject(call, bucket, {
    name,
    bytes: Buffer.concat(parts.map((part) => part.bytes)),
    resource: isJsonObject(destination) ? destination : {},
    customerKeySha256: key,
    kmsKeyName: call.request.query.get('kmsKeyName'),
    componentCount: parts.reduce((sum, part) => sum + (part.componentCount ?? 1), 0),
  })
  return objectReply(call, bucket, object)
}

const component = (call: Call, bucket: Bucket, given: JsonObject): StoredObject => {
  const { name, generation, objectPreconditions } = given
  if (typeof name !== 'string') throw failure('required', 'Required', { location: 'sourceObjects.name' })
  requireAccess(call, 'storage.objects.get', bucket.name, name)
  const object = findObject(bucket, name, generation === undefined ? undefined : BigInt(String(generation)))
  if (object === undefined) throw missingObject(call, bucket, name)
  const expected = isJsonObject(objectPreconditions) ? objectPreconditions['ifGenerationMatch'] : undefined
  if (expected !== undefined && String(expected) !== object.generation.toString()) throw failure('conditionNotMet')
  return object
}
