import type { BucketCall, Operation } from '../call.js'
import { requireCustomerKey, requireDecrypt } from '../encryption.js'
import { failure } from '../failure.js'
import { wholeNumber } from '../request.js'
import type { StoredVersion } from '../store.js'
import { type XmlTree, xmlDocument } from '../xml.js'
import { findObject } from './read-object.js'

const ATTRIBUTES: readonly string[] = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize']
const MAX_PARTS = 1000

export const getObjectAttributes: Operation = (call) => {
  const version = findObject(
    call,
    ['s3:GetObject', 's3:GetObjectAttributes'],
    ['s3:GetObjectVersion', 's3:GetObjectVersionAttributes'],
  )
  const { headers } = call.request
  requireCustomerKey(headers, version.encryption)
  // Documented for directory buckets only.
  if (call.bucket.kind === 'directory') requireDecrypt(call, version.encryption)
  const wanted = (headers.get('x-amz-object-attributes') ?? '').split(',').map((one) => one.trim())
  const unknown = wanted.find((one) => !ATTRIBUTES.includes(one))
  if (unknown !== undefined) throw failure('InvalidArgument', 'Invalid attribute name specified.')
  const content: XmlTree = {
    ETag: version.etag,
    Checksum: checksumElements(version),
    ObjectParts: partElements(call, version),
    StorageClass: version.storageClass,
    ObjectSize: version.bytes.length,
  }
  return {
    status: 200,
    headers: {
      'last-modified': new Date(version.lastModified).toUTCString(),
      ...(call.bucket.versioning !== undefined && { 'x-amz-version-id': version.versionId }),
    },
    body: xmlDocument(
      'GetObjectAttributesResponse',
      Object.fromEntries(Object.entries(content).filter(([name]) => wanted.includes(name))),
    ),
  }
}

const checksumElements = ({ checksum }: StoredVersion): XmlTree | undefined =>
  checksum && { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type }

/** General purpose buckets tell the rows only where a client asked for an additional checksum, directory buckets always. */
const partElements = (call: BucketCall, version: StoredVersion): XmlTree | undefined => {
  const { parts, checksum } = version
  if (parts === undefined) return undefined
  const asked = version.checksumAsked && (checksum?.type === 'COMPOSITE' || call.state.fullObjectPartRows)
  if (call.bucket.kind === 'general' && !asked) return { PartsCount: parts.length }
  const { headers } = call.request
  const maxParts = Math.min(MAX_PARTS, wholeNumber(headers.get('x-amz-max-parts'), 'x-amz-max-parts') ?? MAX_PARTS)
  const marker = wholeNumber(headers.get('x-amz-part-number-marker'), 'x-amz-part-number-marker') ?? 0
  const rest = parts.filter((part) => part.number > marker)
  const page = rest.slice(0, maxParts)
  return {
    PartsCount: parts.length,
    PartNumberMarker: marker,
    NextPartNumberMarker: page.at(-1)?.number ?? 0,
    MaxParts: maxParts,
    IsTruncated: rest.length > page.length,
    Part: page.map((part) => ({
      PartNumber: part.number,
      Size: part.size,
      ...(checksum !== undefined && { [`Checksum${checksum.algorithm}`]: part.checksum }),
    })),
  }
}
