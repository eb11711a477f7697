import { createHash } from 'node:crypto'
import { unmetCondition } from '../../http/conditions.js'
import { type ByteRange, parseRange } from '../../http/range.js'
import type { ContainerCall, Operation } from '../call.js'
import { failure } from '../failure.js'
import { crc64Base64 } from '../make-blob.js'
import { findBlob, type StoredBlob } from '../store.js'
import { element, xmlDocument } from '../xml.js'

const MAX_CHECKED_RANGE = 4 * 1024 * 1024

/** "Get Blob" in the REST reference. */
export const getBlob: Operation = async (call) => {
  const blob = namedBlob(call)
  const { headers } = call.request
  requireCustomerKey(headers, blob)
  checkConditions(headers, blob)
  if (blob.archiveStatus !== undefined) throw failure('BlobBeingRehydrated')
  if (blob.tier === 'Archive') throw failure('BlobArchived')
  const size = blob.bytes.length
  const asked = headers.get('x-ms-range') ?? headers.get('range')
  // Ranges have a start; what has none is no range here, and is not followed.
  const range = asked?.startsWith('bytes=-') ? undefined : parseRange(asked, size)
  if (range === 'unsatisfiable') throw failure('InvalidRange', { headers: { 'content-range': `bytes */${size}` } })
  const { start, end } = range ?? { start: 0, end: size }
  const body = blob.bytes.subarray(start, end)
  const there = size - blob.lostTail
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...propertyHeaders(blob, call.state.hierarchical),
      ...(range !== undefined && { 'content-range': `bytes ${start}-${end - 1}/${size}` }),
      ...(blob.contentMd5 !== undefined && {
        [range === undefined ? 'content-md5' : 'x-ms-blob-content-md5']: blob.contentMd5,
      }),
      ...(await rangeChecks(headers, range, body)),
    },
    body,
    ...(end > there && { brokenAfter: Math.max(0, there - start) }),
  }
}

/** "Get Blob Properties" in the REST reference. */
export const getBlobProperties: Operation = (call) => {
  const blob = namedBlob(call)
  requireCustomerKey(call.request.headers, blob)
  checkConditions(call.request.headers, blob)
  return {
    status: 200,
    headers: {
      ...propertyHeaders(blob, call.state.hierarchical),
      ...(blob.contentMd5 !== undefined && { 'content-md5': blob.contentMd5 }),
      'content-length': String(blob.bytes.length),
    },
  }
}

/** "Get Blob Tags" in the REST reference. */
export const getBlobTags: Operation = (call) => {
  const { tags } = namedBlob(call)
  const set = Object.entries(tags).map(([key, value]) =>
    element('Tag', { markup: element('Key', key) + element('Value', value) }),
  )
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: xmlDocument(element('Tags', { markup: element('TagSet', { markup: set.join('') }) })),
  }
}

const namedBlob = ({ container, request }: ContainerCall): StoredBlob => {
  const versionId = request.query.get('versionid')
  const snapshot = request.query.get('snapshot')
  const blob = findBlob(container, request.blob, { versionId, snapshot })
  if (blob === undefined) throw failure('BlobNotFound')
  return blob
}

/** "Provide an encryption key on a request to Blob Storage" in Microsoft's documentation. */
const requireCustomerKey = (headers: ReadonlyMap<string, string>, { customerKeySha256 }: StoredBlob): void => {
  const key = headers.get('x-ms-encryption-key')
  if (key === undefined) {
    if (customerKeySha256 !== undefined) throw failure('BlobUsesCustomerSpecifiedEncryption')
    return
  }
  const sha256 = createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64')
  const told = headers.get('x-ms-encryption-key-sha256')
  const algorithm = headers.get('x-ms-encryption-algorithm') ?? 'AES256'
  if (Buffer.from(key, 'base64').length !== 32 || told !== sha256 || algorithm !== 'AES256')
    throw failure('InvalidHeaderValue')
  if (customerKeySha256 === undefined) throw failure('BlobDoesNotUseCustomerSpecifiedEncryption')
  if (customerKeySha256 !== sha256) throw failure('BlobCustomerSpecifiedEncryptionMismatch')
}

const checkConditions = (headers: ReadonlyMap<string, string>, blob: StoredBlob): void => {
  const unmet = unmetCondition(headers, blob)
  if (unmet === undefined) return
  const notModified = unmet === 'If-None-Match' || unmet === 'If-Modified-Since'
  throw failure('ConditionNotMet', notModified ? { status: 304 } : {})
}

/** The MD5 or CRC64 of what a range holds, for ranges up to 4 MiB. */
const rangeChecks = async (
  headers: ReadonlyMap<string, string>,
  range: ByteRange | undefined,
  body: Buffer,
): Promise<Record<string, string>> => {
  const md5 = headers.get('x-ms-range-get-content-md5')?.toLowerCase() === 'true'
  const crc64 = headers.get('x-ms-range-get-content-crc64')?.toLowerCase() === 'true'
  if (!md5 && !crc64) return {}
  if (range === undefined || (md5 && crc64)) throw failure('InvalidHeaderValue')
  if (range.end - range.start > MAX_CHECKED_RANGE) throw failure('OutOfRangeInput')
  if (md5) return { 'content-md5': createHash('md5').update(body).digest('base64') }
  return { 'x-ms-content-crc64': await crc64Base64(body) }
}

const propertyHeaders = (blob: StoredBlob, hierarchical: boolean): Record<string, string> => ({
  'accept-ranges': 'bytes',
  'content-type': blob.contentType,
  ...(blob.contentEncoding !== undefined && { 'content-encoding': blob.contentEncoding }),
  etag: `"${blob.etag}"`,
  'last-modified': new Date(blob.lastModified).toUTCString(),
  'x-ms-creation-time': new Date(blob.created).toUTCString(),
  'x-ms-blob-type': blob.type,
  'x-ms-lease-status': 'unlocked',
  'x-ms-lease-state': 'available',
  'x-ms-server-encrypted': 'true',
  ...(hierarchical && { 'x-ms-resource-type': blob.directory ? 'directory' : 'file' }),
  ...Object.fromEntries(Object.entries(blob.metadata).map(([name, value]) => [`x-ms-meta-${name}`, value])),
  ...(Object.keys(blob.tags).length > 0 && { 'x-ms-tag-count': String(Object.keys(blob.tags).length) }),
  ...(blob.tier !== undefined && { 'x-ms-access-tier': blob.tier }),
  ...(blob.tierInferred && { 'x-ms-access-tier-inferred': 'true' }),
  ...(blob.archiveStatus !== undefined && { 'x-ms-archive-status': blob.archiveStatus }),
  ...(blob.customerKeySha256 !== undefined && { 'x-ms-encryption-key-sha256': blob.customerKeySha256 }),
  ...(blob.encryptionScope !== undefined && { 'x-ms-encryption-scope': blob.encryptionScope }),
  ...(blob.versionId !== undefined && blob.snapshot === undefined && { 'x-ms-version-id': blob.versionId }),
  ...(blob.versionId !== undefined &&
    blob.snapshot === undefined &&
    blob.current && { 'x-ms-is-current-version': 'true' }),
})
