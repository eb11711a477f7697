import { type BodyStream, countedBody, keyFields } from '@backproof/core/object-store'
import type { CallOptions } from '@backproof/core/source'
import type { Connection } from '../client/connection.js'
import type { S3Ref } from '../entry.js'
import { PROVIDER, requestError } from '../errors.js'
import { lostBytes } from './lost-bytes.js'

export interface BodyOptions {
  readonly connection: Connection
  readonly ref: S3Ref
  readonly stream: BodyStream
  /** Where in the object they begin. */
  readonly offset: number
  /** How many bytes must come. */
  readonly length: number
  readonly call: CallOptions
}

/**
 * The bytes of an answer, once, counted. Where some do not come, the first of them is asked for by itself: a service that
 * has lost it says so then.
 */
export const createBody = (options: BodyOptions): AsyncIterableIterator<Uint8Array> => {
  const { connection, ref, call } = options
  const { key: subject } = keyFields(ref.key)
  const { settings, uri } = connection
  const context = {
    operation: 'GetObject',
    subject,
    bucket: settings.bucket,
    key: settings.prefix + ref.key,
    version: ref.version,
    requesterPays: settings.requesterPays,
    hasCustomerKey: settings.customerKey !== undefined,
  }
  return countedBody({
    ...options,
    lifetime: connection,
    provider: PROVIDER,
    operation: 'GetObject',
    uri,
    subject,
    timeoutMs: settings.requestTimeoutMs,
    fromConnection: (error) => requestError(error, context, { headers: {} }, { host: connection.endpoint() }),
    examine: (missing) => lostBytes(connection, ref, missing, call),
  })
}
