import { type BodyStream, countedBody, keyFields } from '@backproof/core/object-store'
import type { CallOptions } from '@backproof/core/source'
import type { Connection } from '../client/connection.js'
import { hostOf } from '../client/endpoint.js'
import { type AzureRef, versionName } from '../entry.js'
import { PROVIDER, requestError } from '../errors.js'

export interface BodyOptions {
  readonly connection: Connection
  readonly ref: AzureRef
  readonly stream: BodyStream
  /** Where in the blob they begin. */
  readonly offset: number
  /** How many bytes must come. */
  readonly length: number
  readonly call: CallOptions
}

/** The bytes of an answer, once, counted. */
export const createBody = (options: BodyOptions): AsyncIterableIterator<Uint8Array> => {
  const { connection, ref } = options
  const { key: subject } = keyFields(ref.key)
  const { settings, uri } = connection
  const { account, container, prefix, access, customerKey, endpoint } = settings
  const context = {
    operation: 'GetBlob',
    subject,
    account,
    host: hostOf(endpoint),
    container,
    name: prefix + ref.key,
    version: versionName(ref),
    access: access.kind,
    hasCustomerKey: customerKey !== undefined,
  }
  return countedBody({
    ...options,
    lifetime: connection,
    provider: PROVIDER,
    operation: 'GetBlob',
    uri,
    subject,
    timeoutMs: settings.requestTimeoutMs,
    fromConnection: (error) => requestError(error, context),
  })
}
