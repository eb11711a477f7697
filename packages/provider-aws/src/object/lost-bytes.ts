import { isBackupError } from '@backproof/core/errors'
import { type BodyStream, keyFields } from '@backproof/core/object-store'
import { type ByteRange, type CallOptions, escapeKey } from '@backproof/core/source'
import type { Connection } from '../client/connection.js'
import { getObject, headObject } from '../client/requests.js'
import type { S3Ref } from '../entry.js'
import { s3Error } from '../errors.js'

/**
 * RADOS Gateway stores objects in pieces of 4 MiB (`rgw_obj_stripe_size`) and reads 16 MiB ahead (`rgw_get_obj_window_size`):
 * a body stops up to that much before what is lost.
 */
const PIECE = 4 * 1024 * 1024
const AHEAD = 16 * 1024 * 1024

/**
 * Whether a service has lost what lies at `start` of an object, or on Ceph soon after it, and before `end`. RADOS Gateway finds a
 * lost tail object when it comes to it, too late for an error: the body stops, and the connection stays open for its idle
 * time. A request for a byte of it alone is answered with 404, while HEAD still shows the whole object.
 *
 * @returns The error for the loss, or for an object that went away meanwhile; `undefined` when this shows nothing.
 */
export const lostBytes = async (
  connection: Connection,
  ref: S3Ref,
  missingBytes: ByteRange,
  { signal, onRequest }: CallOptions,
): Promise<Error | undefined> => {
  const call: CallOptions = { signal, onRequest }
  const missing = await firstMissing(connection, ref, missingBytes, call)
  if (missing === undefined) return undefined
  const gone = await refusal(signal, () => headObject(connection, ref, { ifMatch: ref.etag }, call))
  if (gone !== undefined) return gone.code === 'not-found' ? gone : undefined
  const { key } = keyFields(ref.key)
  const which =
    missing === missingBytes.start
      ? `its bytes from offset ${missing} on`
      : `bytes of it, that at offset ${missing} too`
  const what = `The service shows ${escapeKey(key)}, but has lost ${which}.`
  return s3Error('corrupt', 'GetObject', key, what)
}

/** The first of the bytes that are asked for, one of each piece, which is answered with 404. */
const firstMissing = async (
  connection: Connection,
  ref: S3Ref,
  span: ByteRange,
  call: CallOptions,
): Promise<number | undefined> => {
  for (const at of connection.profile() === 'ceph' ? askedFor(span) : [span.start]) {
    const refused = await refusal(call.signal, () => askForByte(connection, ref, at, call))
    if (refused !== undefined) return refused.code === 'not-found' ? at : undefined
  }
  return undefined
}

/** The last byte too: the parts of an upload end anywhere, and so may the last piece. */
const askedFor = ({ start, end }: ByteRange): readonly number[] => {
  const pieces = Array.from({ length: AHEAD / PIECE + 1 }, (_, i) => start + i * PIECE).filter((at) => at < end)
  return end - 1 - start > AHEAD || pieces.includes(end - 1) ? pieces : [...pieces, end - 1]
}

const askForByte = async (connection: Connection, ref: S3Ref, at: number, call: CallOptions): Promise<void> => {
  const { output } = await getObject(connection, ref, { ifMatch: ref.etag, range: `bytes=${at}-${at}` }, call)
  const stream = output.Body as unknown as BodyStream
  // A byte that was asked for and is not waited for: its stream may fail without anybody who is told.
  stream.on?.('error', () => undefined)
  stream.destroy?.()
}

/** What a request was refused with; `undefined` when it was not. */
const refusal = async (
  signal: AbortSignal | undefined,
  attempt: () => Promise<unknown>,
): Promise<(Error & { readonly code: string }) | undefined> => {
  try {
    await attempt()
    return undefined
  } catch (error) {
    signal?.throwIfAborted()
    if (!isBackupError(error)) throw error
    return error
  }
}
