import { attempt, createLifetime, type Lifetime } from '@backproof/core/object-store'
import type { CallOptions } from '@backproof/core/source'
import {
  attemptOf,
  gcsError,
  noAnswer,
  PROVIDER,
  type RawAnswer,
  type RequestContext,
  requestError,
} from '../errors.js'
import { customerKeyHeaders } from '../object/encryption.js'
import type { GcsSettings } from '../options.js'
import { gcsUri } from '../uri.js'
import { openClient } from './client.js'
import { credentialsError } from './credentials-error.js'
import { checkKeyFile } from './key-file.js'
import { type Body, createTransport, type Seen } from './transport.js'

/** What a request gave: what was read of it, and the raw headers, which tell more. */
export interface Answer<Output> extends RawAnswer {
  readonly output: Output
}

/** A request, as a {@link Connection} makes it. Every one is a GET. */
export interface Request {
  /** As the JSON API names its methods: `objects.list`; `objects.getMedia` for the bytes. */
  readonly operation: string
  /** Below `/storage/v1/b/`, percent-encoded. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | undefined>> | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Name in the bucket that it is about. */
  readonly key?: string | undefined
  readonly generation?: string | undefined
  /** What errors name; default: the source's URI. */
  readonly subject?: string | undefined
  /** Whether the customer's key is sent along. */
  readonly customerKey?: boolean | undefined
  readonly call: CallOptions | undefined
}

/** How a bucket names its objects: in a hierarchical namespace the order of listings is not documented. */
export type Layout = 'flat' | 'hierarchical' | 'unknown'

/** One source's way to its service. */
export interface Connection extends Lifetime {
  readonly settings: GcsSettings
  readonly uri: string
  /** Whether credentials are sent. */
  readonly authenticated: boolean
  /** Where requests go, without the bucket: `https://storage.googleapis.com`. */
  readonly endpoint: string
  /** Known once somebody asked. */
  layout?: Layout | undefined
  /** Makes one request, once, and reads its answer as JSON. Rejects with a `BackupError`, or with the reason of the signal. */
  json(request: Request): Promise<Answer<Readonly<Record<string, unknown>>>>
  /** The same for bytes, none of which has been read yet. */
  media(request: Request): Promise<Answer<Body>>
  contextOf(request: Request): RequestContext
  /** The error of a connection that broke while bytes came. */
  brokenError(error: unknown, context: RequestContext): Error
  /** How far the clock of this machine is ahead of the service's, by the last answer that told its time. */
  clockSkewMs(): number | undefined
}

/** More than any page of 1,000 objects. */
const MAX_JSON_BYTES = 64 * 1024 * 1024

export const connect = (settings: GcsSettings): Connection => {
  const ended = new AbortController()
  const open = openClient(settings, ended.signal)
  const { endpoint, authenticated } = open
  const transport = createTransport(open, ended.signal)
  const uri = gcsUri(settings)
  const lifetime = createLifetime(uri, PROVIDER)
  const host = new URL(endpoint).hostname
  let skewMs: number | undefined
  let keyFileIsRight = false

  const contextOf = (request: Request): RequestContext => ({
    operation: request.operation,
    subject: request.subject ?? uri,
    bucket: settings.bucket,
    key: request.key,
    generation: request.generation,
    userProject: settings.userProject,
    authenticated,
    customerKey: settings.customerKey === undefined ? 'none' : request.customerKey === true ? 'sent' : 'kept',
  })

  const send = async <Output>(
    request: Request,
    read: (message: Body) => Promise<Output> | Output,
  ): Promise<Answer<Output>> => {
    const context = contextOf(request)
    const seen: Seen = { sent: false, headers: {}, secrets: [] }
    const failure = (error: unknown): Error => {
      if (!seen.sent) return credentialsError(error, context, settings)
      return requestError(seen.error ?? error, context, seen, { host, secrets: seen.secrets })
    }
    const headers = {
      ...request.headers,
      ...(request.customerKey === true && customerKeyHeaders(settings.customerKey)),
    }
    try {
      const output = await attempt(lifetime, {
        operation: request.operation,
        call: request.call,
        timeoutMs: settings.requestTimeoutMs,
        late: () => gcsError('timeout', context.operation, context.subject, lateMessage(context, settings)),
        send: async (signal) => {
          if (settings.keyFile !== undefined && !keyFileIsRight) await checkKeyFile(settings.keyFile, signal)
          keyFileIsRight = true
          return read(await transport.get({ url: urlOf(endpoint, request, settings), headers, seen, signal }))
        },
        failure,
      })
      return { output, status: seen.status, headers: seen.headers }
    } finally {
      const told = Date.parse(seen.headers['date'] ?? '')
      if (!Number.isNaN(told)) skewMs = Date.now() - told
    }
  }

  return {
    ...lifetime,
    settings,
    uri,
    authenticated,
    endpoint,
    contextOf,
    json: async (request) => {
      const answer = await send(request, readText)
      const output = objectOf(answer.output)
      if (output === undefined) throw noAnswer(contextOf(request), answer)
      return { ...answer, output }
    },
    media: (request) => send(request, (message) => message),
    brokenError: (error, context) => requestError(error, context, { headers: {} }, { host }),
    clockSkewMs: () => skewMs,
    close: () => {
      const first = lifetime.close()
      if (!first) return false
      ended.abort()
      transport.close()
      return true
    },
  }
}

const urlOf = (endpoint: string, { path, query = {} }: Request, { userProject }: GcsSettings): string => {
  const given = Object.entries({ ...query, userProject }).filter(([, value]) => value !== undefined)
  const text = given.map(([name, value]) => `${name}=${encodeURIComponent(value ?? '')}`).join('&')
  return `${endpoint}/storage/v1/b/${path}${text === '' ? '' : `?${text}`}`
}

/** `undefined` for more than an answer has. */
const readText = async (message: Body): Promise<string | undefined> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    size += chunk.length
    // Leaving the loop closes the connection.
    if (size > MAX_JSON_BYTES) return undefined
  }
  return Buffer.concat(chunks).toString()
}

const objectOf = (text: string | undefined): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(text ?? '')
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

const lateMessage = (context: RequestContext, { requestTimeoutMs }: GcsSettings): string =>
  `Cannot ${attemptOf(context)}: it had no answer within ${requestTimeoutMs} ms.`
