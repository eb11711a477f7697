import { type BucketCall, type Operation, objectArn, requireAccess } from '../call.js'
import { type Checksum, compositeChecksum, computeChecksum, givenChecksum } from '../checksums.js'
import { checkWriteConditions } from '../conditions.js'
import { failure } from '../failure.js'
import { makeVersion } from '../make-version.js'
import { addVersion, type Upload, type UploadedPart } from '../store.js'
import { childText, parseXml, type XmlNode, xmlDocument } from '../xml.js'
import { findUpload } from './multipart.js'
import { existing, writtenHeaders } from './write-object.js'

type NumberedPart = UploadedPart & { readonly number: number }

export const completeMultipartUpload: Operation = async (call) => {
  const { bucket, request } = call
  requireAccess(call.user, 's3:PutObject', objectArn(bucket.name, request.key))
  const upload = findUpload(call)
  checkWriteConditions(request.headers, existing(call))
  const parts = namedParts(call, upload)
  checkSizes(call, parts)
  const bytes = Buffer.concat(parts.map((part) => part.bytes))
  const checksum = await checksumOf(call, upload, parts, bytes)
  const version = makeVersion(bucket, {
    key: upload.key,
    bytes,
    lastModified: upload.initiated,
    checksum,
    checksumAsked: upload.asked,
    parts: parts.map((part) => ({
      number: part.number,
      size: part.bytes.length,
      md5: part.md5,
      checksum: part.checksum,
    })),
    storageClass: upload.storageClass,
    encryption: upload.encryption,
    headers: upload.headers,
  })
  addVersion(bucket, version)
  bucket.uploads.delete(upload.id)
  const { etag: _, ...headers } = writtenHeaders(call, version)
  return {
    status: 200,
    headers,
    body: xmlDocument('CompleteMultipartUploadResult', {
      Location: `http://${request.headers.get('host') ?? ''}/${bucket.name}/${upload.key}`,
      Bucket: bucket.name,
      Key: upload.key,
      ETag: `"${version.etag}"`,
      [`Checksum${checksum.algorithm}`]: checksum.value,
      ChecksumType: checksum.type,
    }),
  }
}

/** The parts that the request names, in its order, each as it was uploaded. */
const namedParts = ({ body }: BucketCall, upload: Upload): readonly NumberedPart[] => {
  const rows = parseXml(body.bytes.toString())?.children.filter((child) => child.name === 'Part') ?? []
  if (rows.length === 0) throw failure('MalformedXML')
  const numbers = rows.map((row) => Number(childText(row, 'PartNumber')))
  if (numbers.some((number, index) => index > 0 && number <= numbers[index - 1]!)) throw failure('InvalidPartOrder')
  return rows.map((row, index) => checkedPart(upload, row, numbers[index]!))
}

const checkedPart = (upload: Upload, row: XmlNode, number: number): NumberedPart => {
  const part = upload.parts.get(number)
  const etag = childText(row, 'ETag')?.replaceAll('"', '')
  const checksum = childText(row, `Checksum${upload.algorithm}`)
  if (part === undefined || part.etag !== etag || (checksum !== undefined && checksum !== part.checksum)) {
    const fields = { UploadId: upload.id, PartNumber: String(number), ETag: etag ?? '' }
    throw failure('InvalidPart', undefined, { fields })
  }
  if (checksum === undefined && upload.asked && upload.type === 'COMPOSITE') {
    const text = `The upload was created using a ${upload.algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`
    throw failure('InvalidRequest', text)
  }
  return { ...part, number }
}

const checkSizes = ({ state, request }: BucketCall, parts: readonly NumberedPart[]): void => {
  const small = parts.slice(0, -1).find((part) => part.bytes.length < state.minPartSize)
  if (small !== undefined) {
    const fields = {
      ProposedSize: String(small.bytes.length),
      MinSizeAllowed: String(state.minPartSize),
      PartNumber: String(small.number),
      ETag: small.etag,
    }
    throw failure('EntityTooSmall', undefined, { fields })
  }
  const told = request.headers.get('x-amz-mp-object-size')
  const size = parts.reduce((sum, part) => sum + part.bytes.length, 0)
  if (told !== undefined && Number(told) !== size)
    throw failure(
      'InvalidRequest',
      `The provided 'x-amz-mp-object-size' header value ${told} does not match what was computed: ${size}`,
    )
}

/** The checksum of the whole, which must be the one that the request gives, if it gives one. */
const checksumOf = async (
  { request, body }: BucketCall,
  upload: Upload,
  parts: readonly NumberedPart[],
  bytes: Buffer,
): Promise<Checksum> => {
  const { algorithm, type } = upload
  const value =
    type === 'COMPOSITE'
      ? await compositeChecksum(
          algorithm,
          parts.map((part) => part.checksum),
        )
      : await computeChecksum(algorithm, bytes)
  const told = request.headers.get('x-amz-checksum-type')
  if (told !== undefined && told !== type) {
    const text = `The upload was created using the ${type} checksum mode. The complete request must use the same checksum mode.`
    throw failure('InvalidRequest', text)
  }
  const given = type === 'FULL_OBJECT' ? givenChecksum(request.headers, body.trailers) : undefined
  if (given !== undefined && (given.algorithm !== algorithm || given.value !== value))
    throw failure('BadDigest', `The ${given.algorithm} you specified did not match the calculated checksum.`)
  return { algorithm, type, value }
}
