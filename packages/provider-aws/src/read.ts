import { type BodyStream, bareEtag, checkRange, EMPTY_BODY, keyFields, servedSize } from '@backproof/core/object-store'
import { type ByteRange, escapeKey, type JsonValue, type ObjectBody, type ReadOptions } from '@backproof/core/source'
import type { Connection } from './client/connection.js'
import { getObject, headObject } from './client/requests.js'
import { readRef, type S3Ref } from './entry.js'
import { noObject, PROVIDER, s3Error } from './errors.js'
import { isArchived } from './object/archive.js'
import { createBody } from './object/body.js'
import { infoOf } from './stat.js'

/**
 * Opens one object: the version of its ref, or the object with the ETag that was listed; what is there by now instead is
 * `changed`. Nothing is decompressed. An object that has to be restored first is `archived` without a request, where the
 * listing or stat told so.
 */
export const readObject = async (
  connection: Connection,
  given: JsonValue,
  options: ReadOptions = {},
): Promise<ObjectBody> => {
  const ref = readRef(given)
  const { range } = options
  const { key: subject } = keyFields(ref.key)
  await checkRestored(connection, ref, options)
  const about = { provider: PROVIDER, operation: 'GetObject', subject }
  if (range !== undefined) checkRange(range, ref.size, about)
  if (range !== undefined && range.start === range.end) return emptyRange(connection, ref, range, options)
  const answer = await getObject(
    connection,
    ref,
    {
      ifMatch: ref.etag,
      range: range === undefined ? undefined : `bytes=${range.start}-${range.end - 1}`,
    },
    options,
  )
  const { output, headers } = answer
  // Not a body of the SDK's, which would come through a stream that hashes.
  const stream = output.Body as unknown as BodyStream
  try {
    if (ref.etag !== undefined && output.ETag === undefined)
      throw noObject('GetObject', subject, connection.uri, answer)
    if (ref.etag !== undefined && output.ETag !== undefined && bareEtag(ref.etag) !== bareEtag(output.ETag)) {
      const what = `${escapeKey(subject)} is another object than was listed.`
      throw s3Error('changed', 'GetObject', subject, what)
    }
    const served = { contentRange: headers['content-range'], length: output.ContentLength, range, listed: ref.size }
    const size = servedSize(served, about)
    const length = range === undefined ? size : range.end - range.start
    const info = infoOf(connection, ref, answer, size)
    const body = createBody({ connection, ref, stream, offset: range?.start ?? 0, length, call: options })
    return { info, ...(range !== undefined && { range }), body }
  } catch (error) {
    stream.destroy?.()
    throw error
  }
}

const checkRestored = async (connection: Connection, ref: S3Ref, options: ReadOptions): Promise<void> => {
  if (ref.archived === undefined) return
  const archived = ref.archived === 'yes' || isArchived((await headObject(connection, ref, {}, options)).headers)
  const { key } = keyFields(ref.key)
  if (!archived) return
  options.signal?.throwIfAborted()
  connection.checkOpen()
  throw s3Error(
    'archived',
    'GetObject',
    key,
    `${escapeKey(key)} of ${connection.uri} is archived and cannot be read. Restore it first (aws s3api restore-object), or prove it by its stored digests.`,
  )
}

/** HTTP has no empty range: only whether the object is there, and how long it is, is asked. */
const emptyRange = async (
  connection: Connection,
  ref: S3Ref,
  range: ByteRange,
  options: ReadOptions,
): Promise<ObjectBody> => {
  const answer = await headObject(connection, ref, { ifMatch: ref.etag }, options)
  const size = answer.output.ContentLength
  checkRange(range, size, { provider: PROVIDER, operation: 'HeadObject', subject: keyFields(ref.key).key })
  return { info: infoOf(connection, ref, answer, size), range, body: EMPTY_BODY }
}
