import { constants, gunzipSync } from 'node:zlib'
import { parseRange } from '../../http/range.js'
import type { Reply } from '../../http/reply.js'
import { type Call, type Operation, resourceReply } from '../call.js'
import { givenKey, hasKey } from '../encryption.js'
import { objectEtag } from '../etag.js'
import { failure, invalidParameter } from '../failure.js'
import { objectResource } from '../object-resource.js'
import { askedGeneration, checkEtag, checkPreconditions } from '../preconditions.js'
import { flag } from '../request.js'
import { type Bucket, type StoredObject, softDeletedOf } from '../store.js'
import { allowedBucket, missingObject, requireObject } from './find.js'

export const getObject: Operation = (call) => {
  const [bucket, object] = readable(call)
  return objectReply(call, bucket, object)
}

/** An object as its resource; digests under a customer's key are told to who has the key. */
export const objectReply = (call: Call, bucket: Bucket, object: StoredObject): Reply => {
  const digests = hasKey(givenKey(call.request.headers), object.customerKeySha256)
  const full = projection(call) === 'full'
  return resourceReply(call, objectResource(bucket, object, { origin: call.request.origin, digests, full }))
}

/** @throws invalidParameter for what is neither `full` nor `noAcl`. */
export const projection = (call: Call): 'full' | 'noAcl' => {
  const text = call.request.query.get('projection') ?? 'noAcl'
  if (text !== 'full' && text !== 'noAcl')
    throw invalidParameter('projection', `Invalid value for projection: ${text}.`)
  return text
}

export const getMedia: Operation = (call) => {
  const [, object] = readable(call)
  if (!hasKey(givenKey(call.request.headers), object.customerKeySha256))
    throw failure('resourceIsEncryptedWithCustomerEncryptionKey')
  const encoded = object.attributes['contentEncoding'] === 'gzip'
  return encoded && !acceptsGzip(call) && !keepsEncoding(object) ? decompressed(object) : stored(call, object)
}

const readable = (call: Call): [Bucket, StoredObject] => {
  const { request } = call
  const name = call.names[1]!
  const bucket = allowedBucket(call, 'storage.objects.get', undefined, name)
  const generation = askedGeneration(request)
  if (flag(request, 'softDeleted')) {
    if (generation === undefined) throw failure('required', 'Required parameter: generation')
    const object = softDeletedOf(bucket, name, call.state.now()).find((one) => one.generation === generation)
    if (object === undefined) throw missingObject(call, bucket, name)
    return [bucket, object]
  }
  const object = requireObject(call, bucket, name, generation)
  checkPreconditions(request, object)
  checkEtag(request, object)
  return [bucket, object]
}

const acceptsGzip = ({ request }: Call): boolean =>
  (request.headers.get('accept-encoding') ?? '').split(',').some((one) => /^\s*gzip\s*(;|$)/i.test(one))

/** `Cache-Control: no-transform` keeps an object as it is stored. */
const keepsEncoding = ({ attributes }: StoredObject): boolean =>
  String(attributes['cacheControl'] ?? '').includes('no-transform')

const stored = (call: Call, object: StoredObject): Reply => {
  const size = object.bytes.length
  const range = parseRange(call.request.headers.get('range'), size)
  if (range === 'unsatisfiable')
    throw failure('requestedRangeNotSatisfiable', undefined, { headers: { 'content-range': `bytes */${size}` } })
  const { start, end } = range ?? { start: 0, end: size }
  const there = size - object.lostTail
  const encoding = object.attributes['contentEncoding']
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...mediaHeaders(object),
      'accept-ranges': 'bytes',
      ...(typeof encoding === 'string' && { 'content-encoding': encoding }),
      ...(range !== undefined && { 'content-range': `bytes ${start}-${end - 1}/${size}` }),
    },
    body: object.bytes.subarray(start, end),
    ...(end > there && { brokenAfter: Math.max(0, there - start) }),
  }
}

/** "Decompressive transcoding": the whole without its compression, whatever range was asked for, with no length. */
const decompressed = (object: StoredObject): Reply => ({
  status: 200,
  headers: { ...mediaHeaders(object), 'accept-ranges': 'none', warning: '214 UploadServer gunzipped' },
  body: gunzip(object),
  chunked: true,
  ...(object.lostTail > 0 && { brokenAfter: gunzip(object).length }),
})

/** @throws backendError for bytes that are not gzip. */
const gunzip = ({ bytes, lostTail }: StoredObject): Buffer => {
  try {
    // What is there of a stream that was cut off is decompressed.
    return gunzipSync(bytes.subarray(0, bytes.length - lostTail), { finishFlush: constants.Z_SYNC_FLUSH })
  } catch (error) {
    throw Object.assign(failure('backendError'), { cause: error })
  }
}

const mediaHeaders = (object: StoredObject): Record<string, string> => {
  const { attributes } = object
  const text = (name: string, fallback: string): string => String(attributes[name] ?? fallback)
  const md5 = object.md5Hash === undefined ? '' : `,md5=${object.md5Hash}`
  return {
    'content-type': text('contentType', 'application/octet-stream'),
    'content-disposition': text('contentDisposition', 'attachment'),
    'cache-control': text('cacheControl', 'no-cache, no-store, max-age=0, must-revalidate'),
    ...(attributes['contentLanguage'] !== undefined && { 'content-language': text('contentLanguage', '') }),
    etag: objectEtag(object.generation, object.metageneration),
    'last-modified': new Date(object.updated).toUTCString(),
    'x-goog-generation': object.generation.toString(),
    'x-goog-metageneration': String(object.metageneration),
    'x-goog-storage-class': text('storageClass', 'STANDARD'),
    'x-goog-stored-content-encoding': text('contentEncoding', 'identity'),
    'x-goog-stored-content-length': String(object.bytes.length),
    'x-goog-hash': `crc32c=${object.crc32c}${md5}`,
    ...(object.componentCount !== undefined && { 'x-goog-component-count': String(object.componentCount) }),
    ...(object.customerKeySha256 !== undefined && {
      'x-goog-encryption-algorithm': 'AES256',
      'x-goog-encryption-key-sha256': object.customerKeySha256,
    }),
    ...Object.fromEntries(
      Object.entries(attributes['metadata'] ?? {}).map(([name, value]) => [
        `x-goog-meta-${name.toLowerCase()}`,
        Buffer.from(String(value)).toString('latin1'),
      ]),
    ),
  }
}
