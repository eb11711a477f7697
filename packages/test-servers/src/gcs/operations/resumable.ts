import { randomBytes } from 'node:crypto'
import type { Reply } from '../../http/reply.js'
import { type Call, type Operation, requireBucket } from '../call.js'
import { givenKey } from '../encryption.js'
import { failure } from '../failure.js'
import { type JsonObject, parseJson } from '../json.js'
import { checkDigests } from '../make-object.js'
import { checkPreconditions } from '../preconditions.js'
import { findObject } from '../store.js'
import { parseContentRange, type Upload } from '../upload-session.js'
import { storeObject, uploadBucket, uploadName, withEncoding } from './insert-object.js'
import { objectReply } from './read-object.js'

/** Chunks but the last are multiples of this: "Resumable uploads" in the Cloud Storage documentation. */
const CHUNK = 256 * 1024

/** Begins a resumable upload; who has its address may send to it. */
export const startResumable = (call: Call): Reply => {
  const { request, state } = call
  const resource: JsonObject = withEncoding(request.query, {
    contentType: request.headers.get('x-upload-content-type') ?? 'application/octet-stream',
    ...parseJson(call.body),
  })
  const bucket = uploadBucket(call, resource)
  const name = uploadName(call, resource)
  checkPreconditions(request, bucket.live.get(name))
  const announced = request.headers.get('x-upload-content-length')
  const upload: Upload = {
    id: randomBytes(60).toString('base64url'),
    account: call.account,
    bucket: bucket.name,
    name,
    resource,
    customerKeySha256: givenKey(request.headers),
    kmsKeyName: request.query.get('kmsKeyName'),
    total: announced === undefined ? undefined : Number(announced),
    chunks: [],
    received: 0,
  }
  state.uploads.set(upload.id, upload)
  const query = new URLSearchParams([...request.query, ['name', name], ['upload_id', upload.id]])
  const location = `${request.origin}/upload/storage/v1/b/${bucket.name}/o?${query}`
  return { status: 200, headers: { location, 'x-guploader-uploadid': upload.id } }
}

/** Takes a chunk, or tells how far the upload is. */
export const continueResumable: Operation = async (anyone) => {
  const { request, body } = anyone
  const upload = anyone.state.uploads.get(request.query.get('upload_id') ?? '')
  if (upload === undefined) throw failure('notFound', 'Upload session not found.')
  const call = { ...anyone, account: upload.account }
  const bucket = requireBucket(call, upload.bucket)
  if (upload.generation !== undefined) {
    const object = findObject(bucket, upload.name, upload.generation)
    if (object === undefined) throw failure('uploadGone')
    return objectReply(call, bucket, object)
  }
  const range = rangeOf(request.headers.get('content-range'), body)
  if (range.total !== undefined) {
    if (upload.total !== undefined && upload.total !== range.total)
      throw failure('invalid', `Invalid request. The total size changed from ${upload.total} to ${range.total}.`)
    upload.total = range.total
  }
  if (range.start !== undefined) take(upload, range.start, body)
  if (upload.received !== upload.total) return incomplete(call, upload)
  const bytes = Buffer.concat(upload.chunks)
  await checkDigests(request.headers, upload.resource, bytes)
  const object = await storeObject(call, bucket, { ...upload, bytes })
  upload.generation = object.generation
  upload.chunks = []
  return objectReply(call, bucket, object)
}

export const cancelResumable: Operation = ({ state, request }) => {
  if (!state.uploads.delete(request.query.get('upload_id') ?? ''))
    throw failure('notFound', 'Upload session not found.')
  return { status: 499 }
}

interface Chunk {
  readonly start: number | undefined
  readonly total: number | undefined
}

/** Without Content-Range the body is all of it. @throws invalid where the header does not fit the body. */
const rangeOf = (header: string | undefined, body: Buffer): Chunk => {
  if (header === undefined) return { start: 0, total: body.length }
  const range = parseContentRange(header)
  const { start, end } = range ?? {}
  const fits = start === undefined ? body.length === 0 : end === undefined || end - start + 1 === body.length
  if (range === undefined || !fits)
    throw failure(
      'invalid',
      `Invalid request. Failed to parse Content-Range header: ${header}, body of ${body.length} bytes.`,
    )
  return { start, total: range.total ?? (end === undefined && start !== undefined ? start + body.length : undefined) }
}

/** Bytes that came before are left out. @throws invalid for a gap, and for a chunk in the middle of an odd length. */
const take = (upload: Upload, start: number, body: Buffer): void => {
  if (start > upload.received) {
    const text = `Invalid request. According to the Content-Range header, the upload offset is ${start} byte(s), which exceeds already uploaded size of ${upload.received} byte(s).`
    throw failure('invalid', text)
  }
  const fresh = body.subarray(upload.received - start)
  const last = start + body.length === upload.total
  if (!last && body.length % CHUNK !== 0) {
    const text = `Invalid request. The number of bytes uploaded is required to be equal or greater than ${CHUNK}, except for the final request. The received request contained ${body.length} bytes.`
    throw failure('invalid', text)
  }
  upload.chunks.push(Buffer.from(fresh))
  upload.received += fresh.length
}

/** Go's library asks for another status, since its HTTP client takes 308 for a redirect. */
const incomplete = ({ request }: Call, upload: Upload): Reply => {
  const no308 = request.headers.get('x-guploader-no-308') === 'yes'
  return {
    status: no308 ? 200 : 308,
    headers: {
      'x-guploader-uploadid': upload.id,
      ...(no308 && { 'x-http-status-code-override': '308' }),
      ...(upload.received > 0 && { range: `bytes=0-${upload.received - 1}` }),
    },
  }
}
