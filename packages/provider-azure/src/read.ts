import { isBackupError } from '@backproof/core/errors'
import { bareEtag, checkRange, EMPTY_BODY, keyFields, servedSize } from '@backproof/core/object-store'
import { type ByteRange, escapeKey, type JsonValue, type ObjectBody, type ReadOptions } from '@backproof/core/source'
import type { Connection } from './client/connection.js'
import { blobProperties, getBlob } from './client/requests.js'
import { type AzureRef, readRef } from './entry.js'
import { azureError, noBlob, PROVIDER, type RawAnswer } from './errors.js'
import { createBody } from './object/body.js'
import { checkedStream, isChecked } from './object/range-md5.js'
import { bodyStream } from './object/stream.js'
import { infoOf } from './stat.js'

/**
 * Opens one blob: the version or snapshot of its ref, and the blob with the ETag that was listed; what is there by now
 * instead is `changed`. Nothing is decompressed. A blob in the archive tier is `archived` without a request, where the listing
 * or stat told so. Ranges of up to 4 MiB are held to the MD5 that the service computes of them.
 */
export const readBlob = async (
  connection: Connection,
  given: JsonValue,
  options: ReadOptions = {},
): Promise<ObjectBody> => {
  const ref = readRef(given)
  const { range } = options
  const { key: subject } = keyFields(ref.key)
  const about = { provider: PROVIDER, operation: 'GetBlob', subject }
  checkNotArchived(connection, ref, options)
  if (range !== undefined) checkRange(range, ref.size, about)
  if (range !== undefined && range.start === range.end) return emptyRange(connection, ref, range, options)
  const rangeMd5 = isChecked(range)
  const answer = await orGone(connection, ref, options, () =>
    getBlob(connection, ref, { ifMatch: matchOf(ref), range, rangeMd5 }, options),
  )
  const { output, headers } = answer
  const body = output.readableStreamBody
  if (body === undefined) throw noBlob('GetBlob', subject, connection.uri, answer)
  const stream = bodyStream(body)
  try {
    checkPin(connection, ref, 'GetBlob', answer)
    const served = { contentRange: headers['content-range'], length: output.contentLength, range, listed: ref.size }
    const size = servedSize(served, about)
    const length = range === undefined ? size : range.end - range.start
    // With a range, Content-MD5 is that of the range. Of a blob that has none, emulators send that of what they send.
    const told = headers[range === undefined ? 'content-md5' : 'x-ms-blob-content-md5']
    const md5 = ref.unhashed === undefined ? told : undefined
    const info = infoOf(ref, answer, size, md5)
    const checked = checkedStream(stream, rangeMd5 ? headers['content-md5'] : undefined, subject)
    const bytes = createBody({ connection, ref, stream: checked, offset: range?.start ?? 0, length, call: options })
    return { info, ...(range !== undefined && { range }), body: bytes }
  } catch (error) {
    stream.destroy?.()
    throw error
  }
}

/** A condition is not met by a blob that is gone either: whether it is, only a request without one tells. */
const orGone = async <T>(
  connection: Connection,
  ref: AzureRef,
  options: ReadOptions,
  attempt: () => Promise<T>,
): Promise<T> => {
  try {
    return await attempt()
  } catch (error) {
    if (!isBackupError(error) || error.code !== 'changed') throw error
    await blobProperties(connection, ref, {}, options)
    throw error
  }
}

/** That the answer is one about the blob that was listed, whatever the service made of the condition. */
const checkPin = ({ uri }: Connection, { key, etag }: AzureRef, operation: string, answer: RawAnswer): void => {
  const { key: subject } = keyFields(key)
  const told = answer.headers['etag']
  if (told === undefined) throw noBlob(operation, subject, uri, answer)
  if (etag === undefined || etag === bareEtag(told)) return
  throw azureError('changed', operation, subject, `${escapeKey(subject)} is another blob than was listed.`)
}

/** As headers write ETags. */
const matchOf = ({ etag }: AzureRef): string | undefined => (etag === undefined ? undefined : `"${etag}"`)

const checkNotArchived = (connection: Connection, ref: AzureRef, { signal }: ReadOptions): void => {
  if (ref.archived === undefined) return
  const { key } = keyFields(ref.key)
  signal?.throwIfAborted()
  connection.checkOpen()
  throw azureError(
    'archived',
    'GetBlob',
    key,
    `${escapeKey(key)} of ${connection.uri} is in the archive tier, or on its way out of it, and cannot be read. Rehydrate it first (az storage blob set-tier), or prove it by its stored digests.`,
  )
}

/** HTTP has no empty range: only whether the blob is there, and how long it is, is asked. */
const emptyRange = async (
  connection: Connection,
  ref: AzureRef,
  range: ByteRange,
  options: ReadOptions,
): Promise<ObjectBody> => {
  const answer = await orGone(connection, ref, options, () =>
    blobProperties(connection, ref, { ifMatch: matchOf(ref) }, options),
  )
  checkPin(connection, ref, 'GetBlobProperties', answer)
  const size = answer.output.contentLength
  checkRange(range, size, { provider: PROVIDER, operation: 'GetBlobProperties', subject: keyFields(ref.key).key })
  return { info: infoOf(ref, answer, size, answer.headers['content-md5']), range, body: EMPTY_BODY }
}
