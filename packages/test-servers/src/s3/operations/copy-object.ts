import { type BucketCall, type Operation, objectArn, requireAccess } from '../call.js'
import { checksumAlgorithm, computeChecksum } from '../checksums.js'
import { checkConditions } from '../conditions.js'
import { askedEncryption, requireCustomerKey, requireDecrypt } from '../encryption.js'
import { failure } from '../failure.js'
import { makeVersion } from '../make-version.js'
import { addVersion, type StoredVersion } from '../store.js'
import { xmlDocument } from '../xml.js'
import { findObject, requireReadable } from './read-object.js'
import { checkKey, keptHeaders, writtenHeaders } from './write-object.js'

const SOURCE = 'x-amz-copy-source'

/** A copy is one part, whatever its source was; its checksum covers the whole object. */
export const copyObject: Operation = async (call) => {
  const { bucket, request, state, user } = call
  requireAccess(user, 's3:PutObject', objectArn(bucket.name, request.key))
  checkKey(request.key)
  const source = findSource(call)
  const replaced = request.headers.get('x-amz-metadata-directive') === 'REPLACE'
  const asked = checksumAlgorithm(request.headers.get('x-amz-checksum-algorithm'))
  const algorithm = asked ?? source.checksum?.algorithm
  const version = makeVersion(bucket, {
    key: request.key,
    bytes: Buffer.from(source.bytes),
    lastModified: state.now(),
    checksum:
      algorithm === undefined
        ? undefined
        : { algorithm, type: 'FULL_OBJECT', value: await computeChecksum(algorithm, source.bytes) },
    checksumAsked: asked !== undefined,
    storageClass: request.headers.get('x-amz-storage-class'),
    encryption: askedEncryption(call, bucket.region),
    headers: replaced ? keptHeaders(request.headers) : source.headers,
  })
  addVersion(bucket, version)
  const { etag: _, ...headers } = writtenHeaders(call, version)
  return {
    status: 200,
    headers: {
      ...headers,
      ...(source.versionId !== 'null' && { 'x-amz-copy-source-version-id': source.versionId }),
    },
    body: xmlDocument('CopyObjectResult', {
      LastModified: new Date(version.lastModified).toISOString(),
      ETag: `"${version.etag}"`,
      ...(version.checksum && {
        [`Checksum${version.checksum.algorithm}`]: version.checksum.value,
        ChecksumType: version.checksum.type,
      }),
    }),
  }
}

const findSource = (call: BucketCall): StoredVersion => {
  const { headers } = call.request
  const [path, versionId] = (headers.get(SOURCE) ?? '').split('?versionId=')
  const match = /^\/?([^/]+)\/(.+)$/s.exec(decodeURIComponent(path!))
  if (match === null)
    throw failure('InvalidArgument', 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey')
  const bucket = call.state.buckets.get(match[1]!)
  if (bucket === undefined) throw failure('NoSuchBucket', undefined, { fields: { BucketName: match[1]! } })
  const query = new Map(versionId === undefined ? [] : [['versionId', versionId]])
  const request = { ...call.request, bucket: bucket.name, key: match[2]!, query }
  const source = findObject({ ...call, bucket, request }, ['s3:GetObject'], ['s3:GetObjectVersion'])
  requireReadable(source, call.state.now())
  requireCustomerKey(headers, source.encryption, `${SOURCE}-server-side-encryption-customer`)
  requireDecrypt(call, source.encryption)
  checkConditions(headers, source, `${SOURCE}-`)
  return source
}
