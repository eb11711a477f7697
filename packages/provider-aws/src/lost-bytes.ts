import { isBackupError } from '@backproof/core/errors'
import { type CallOptions, escapeKey } from '@backproof/core/source'
import type { Stream } from './body.js'
import type { Connection } from './connection.js'
import { keyFields, type S3Ref } from './entry.js'
import { s3Error } from './errors.js'
import { getObject, headObject } from './requests.js'

/**
 * Whether a service has lost what lies at `offset` of an object. RADOS Gateway finds a lost tail object when it comes to it,
 * too late for an error: the body stops, and the connection stays open for its idle time. A request for that byte alone is
 * answered with 404, while HEAD still shows the whole object.
 *
 * @returns The error for the loss, or for an object that went away meanwhile; `undefined` when this shows nothing.
 */
export const lostBytes = async (
  connection: Connection,
  ref: S3Ref,
  offset: number,
  { signal, onRequest }: CallOptions,
): Promise<Error | undefined> => {
  const call: CallOptions = { signal, onRequest }
  const missing = await refusal(signal, async () => {
    const range = `bytes=${offset}-${offset}`
    const { output } = await getObject(connection, ref, { ifMatch: ref.etag, range }, call)
    const stream = output.Body as unknown as Stream
    // A byte that was asked for and is not waited for: its stream may fail without anybody who is told.
    stream.on?.('error', () => undefined)
    stream.destroy?.()
  })
  if (missing?.code !== 'not-found') return undefined
  const gone = await refusal(signal, () => headObject(connection, ref, { ifMatch: ref.etag }, call))
  if (gone !== undefined) return gone.code === 'not-found' ? gone : undefined
  const { key } = keyFields(ref.key)
  const what = `The service shows ${escapeKey(key)}, but has lost its bytes from offset ${offset} on.`
  return s3Error('corrupt', 'GetObject', key, what)
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
