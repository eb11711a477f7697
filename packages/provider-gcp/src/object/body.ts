import { countedBody, keyFields } from '@backproof/core/object-store'
import type { CallOptions } from '@backproof/core/source'
import type { Connection } from '../client/connection.js'
import type { Body } from '../client/transport.js'
import type { GcsRef } from '../entry.js'
import { PROVIDER } from '../errors.js'

export interface BodyOptions {
  readonly connection: Connection
  readonly ref: GcsRef
  readonly stream: Body
  /** Where in the object they begin. */
  readonly offset: number
  /** How many bytes must come. */
  readonly length: number
  readonly call: CallOptions
}

/** The bytes of an answer, once, counted, as they come from the socket. */
export const createBody = (options: BodyOptions): AsyncIterableIterator<Uint8Array> => {
  const { connection, ref, call } = options
  const { key: subject } = keyFields(ref.key)
  const { settings, uri } = connection
  const operation = 'objects.getMedia'
  const context = {
    ...connection.contextOf({ operation, path: '', key: settings.prefix + ref.key, generation: ref.generation, call }),
    subject,
  }
  return countedBody({
    ...options,
    lifetime: connection,
    provider: PROVIDER,
    operation,
    uri,
    subject,
    timeoutMs: settings.requestTimeoutMs,
    fromConnection: (error) => connection.brokenError(error, context),
  })
}
