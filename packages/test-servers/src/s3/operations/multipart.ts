import { randomBytes } from 'node:crypto'
import { type BucketCall, bucketArn, type Operation, objectArn, requireAccess } from '../call.js'
import {
  checksumAlgorithm,
  checksumHeader,
  checkUpload,
  computeChecksum,
  DEFAULT_ALGORITHM,
  md5Hex,
  multipartType,
} from '../checksums.js'
import { askedEncryption, encryptionHeaders, requireCustomerKey } from '../encryption.js'
import { failure } from '../failure.js'
import { hasMd5Etags } from '../make-version.js'
import { wholeNumber } from '../request.js'
import type { Upload } from '../store.js'
import { xmlDocument } from '../xml.js'
import { OWNER } from './listing.js'
import { checkKey, keptHeaders } from './write-object.js'

export const createMultipartUpload: Operation = (call) => {
  const { bucket, request, state } = call
  const { headers } = request
  requireAccess(call.user, 's3:PutObject', objectArn(bucket.name, request.key))
  checkKey(request.key)
  const asked = checksumAlgorithm(headers.get('x-amz-checksum-algorithm'))
  const askedType = headers.get('x-amz-checksum-type')
  if (asked === undefined && askedType !== undefined)
    throw failure(
      'InvalidRequest',
      'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
    )
  const algorithm = asked ?? DEFAULT_ALGORITHM
  const upload: Upload = {
    id: randomBytes(48).toString('base64url'),
    key: request.key,
    initiated: state.now(),
    algorithm,
    type: multipartType(algorithm, askedType),
    asked: asked !== undefined,
    storageClass: headers.get('x-amz-storage-class') ?? 'STANDARD',
    encryption: askedEncryption(call, bucket.region),
    headers: keptHeaders(headers),
    parts: new Map(),
  }
  bucket.uploads.set(upload.id, upload)
  return {
    status: 200,
    headers: {
      ...encryptionHeaders(upload.encryption),
      ...(upload.asked && { 'x-amz-checksum-algorithm': algorithm, 'x-amz-checksum-type': upload.type }),
    },
    body: xmlDocument('InitiateMultipartUploadResult', { Bucket: bucket.name, Key: upload.key, UploadId: upload.id }),
  }
}

export const uploadPart: Operation = async (call) => {
  const { bucket, request, body, state } = call
  const { headers } = request
  requireAccess(call.user, 's3:PutObject', objectArn(bucket.name, request.key))
  if (headers.has('x-amz-copy-source')) throw failure('NotImplemented', 'This server has no UploadPartCopy.')
  const upload = findUpload(call)
  const number = wholeNumber(request.query.get('partNumber'), 'partNumber') ?? 0
  if (number < 1 || number > 10_000)
    throw failure('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive')
  requireCustomerKey(headers, upload.encryption)
  const given = await checkUpload(headers, body.trailers, body.bytes)
  const mismatch =
    given === undefined
      ? upload.asked && upload.type === 'COMPOSITE'
      : upload.asked && given.algorithm !== upload.algorithm
  if (mismatch) {
    const actual = given?.algorithm.toLowerCase() ?? 'null'
    const text = `Checksum Type mismatch occurred, expected checksum Type: ${upload.algorithm.toLowerCase()}, actual checksum Type: ${actual}`
    throw failure('InvalidRequest', text)
  }
  const md5 = md5Hex(body.bytes)
  const etag = hasMd5Etags(bucket, upload.encryption) ? md5 : randomBytes(16).toString('hex')
  const checksum = await computeChecksum(upload.algorithm, body.bytes)
  upload.parts.set(number, { bytes: body.bytes, etag, md5, checksum, modified: state.now() })
  return {
    status: 200,
    headers: {
      etag: `"${etag}"`,
      ...encryptionHeaders(upload.encryption),
      ...(given !== undefined && { [checksumHeader(given.algorithm)]: given.value }),
    },
  }
}

export const abortMultipartUpload: Operation = (call) => {
  requireAccess(call.user, 's3:AbortMultipartUpload', objectArn(call.bucket.name, call.request.key))
  call.bucket.uploads.delete(findUpload(call).id)
  return { status: 204 }
}

export const listParts: Operation = (call) => {
  const { bucket, request, user } = call
  requireAccess(user, 's3:ListMultipartUploadParts', objectArn(bucket.name, request.key))
  const upload = findUpload(call)
  const maxParts = Math.min(1000, wholeNumber(request.query.get('max-parts'), 'max-parts') ?? 1000)
  const marker = wholeNumber(request.query.get('part-number-marker'), 'part-number-marker') ?? 0
  const rest = [...upload.parts].filter(([number]) => number > marker).sort(([a], [b]) => a - b)
  const page = rest.slice(0, maxParts)
  return {
    status: 200,
    body: xmlDocument('ListPartsResult', {
      Bucket: bucket.name,
      Key: upload.key,
      UploadId: upload.id,
      Initiator: OWNER,
      Owner: OWNER,
      StorageClass: upload.storageClass,
      PartNumberMarker: marker,
      NextPartNumberMarker: page.at(-1)?.[0] ?? 0,
      MaxParts: maxParts,
      IsTruncated: rest.length > page.length,
      ...(upload.asked && { ChecksumAlgorithm: upload.algorithm, ChecksumType: upload.type }),
      Part: page.map(([number, part]) => ({
        PartNumber: number,
        LastModified: new Date(part.modified).toISOString(),
        ETag: `"${part.etag}"`,
        Size: part.bytes.length,
        ...(upload.asked && { [`Checksum${upload.algorithm}`]: part.checksum }),
      })),
    }),
  }
}

/** All uploads at once: more than one page of them is nothing that tests make. */
export const listMultipartUploads: Operation = ({ bucket, user, request }) => {
  requireAccess(user, 's3:ListBucketMultipartUploads', bucketArn(bucket.name))
  const prefix = request.query.get('prefix') ?? ''
  const uploads = [...bucket.uploads.values()].filter((upload) => upload.key.startsWith(prefix))
  return {
    status: 200,
    body: xmlDocument('ListMultipartUploadsResult', {
      Bucket: bucket.name,
      Prefix: prefix,
      IsTruncated: false,
      Upload: uploads.map((upload) => ({
        Key: upload.key,
        UploadId: upload.id,
        Initiated: new Date(upload.initiated).toISOString(),
        StorageClass: upload.storageClass,
        Initiator: OWNER,
        Owner: OWNER,
        ...(upload.asked && { ChecksumAlgorithm: upload.algorithm, ChecksumType: upload.type }),
      })),
    }),
  }
}

/** @throws NoSuchUpload, also for an upload of another key. */
export const findUpload = ({ bucket, request }: BucketCall): Upload => {
  const upload = bucket.uploads.get(request.query.get('uploadId') ?? '')
  if (upload === undefined || upload.key !== request.key) throw failure('NoSuchUpload')
  return upload
}
