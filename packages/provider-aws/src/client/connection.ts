import type { S3Client } from '@aws-sdk/client-s3'
import { type CallOptions, escapeKey } from '@backproof/core/source'
import { invalidConfig, type RawAnswer, type RequestContext, requestError, s3Error } from '../errors.js'
import type { S3Settings } from '../options.js'
import { isAwsHost, type S3Profile } from '../profile.js'
import { s3Uri } from '../uri.js'
import { openClient } from './client.js'
import { type Seen, watch } from './middleware.js'

/** What a request gave: what the SDK read of it, and the raw headers, which tell more. */
export interface Answer<Output> extends RawAnswer {
  readonly output: Output
}

/** A request, as {@link Connection.send} makes it. */
export interface Request<Output> {
  /** As the service calls it: `HeadObject`. */
  readonly operation: string
  /** Key of the bucket that it is about. */
  readonly key?: string | undefined
  readonly version?: string | undefined
  /** What errors name; default: the source's URI. */
  readonly subject?: string | undefined
  /** Added before the request is signed. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** The answer must be XML: a service that does not know the request may send the object instead, of any length. */
  readonly xml?: boolean | undefined
  readonly command: object
  readonly send: (client: S3Client, options: { readonly abortSignal: AbortSignal }) => Promise<Output>
  readonly call: CallOptions | undefined
}

/** One source's way to its service. */
export interface Connection {
  readonly settings: S3Settings
  readonly uri: string
  /** What the service showed that it does not know, so that it is not asked again. */
  readonly unknown: Set<'attributes' | 'part-number'>
  /** Makes one request, once. Rejects with a `BackupError`, or with the reason of the signal. */
  send<Output>(request: Request<Output>): Promise<Answer<Output>>
  /** Known after the first request where the options do not name it. */
  profile(): S3Profile
  /** Where requests go, without the bucket: `https://s3.eu-central-1.amazonaws.com`; known after the first request. */
  endpoint(): string | undefined
  /** How far the clock of this machine is ahead of the service's, by the last answer that told its time. */
  clockSkewMs(): number | undefined
  /** Registers what disposing has to end; gives a function that takes it out again. */
  onClose(end: () => void): () => void
  /** Throws `invalid-config` after {@link close}. */
  checkOpen(): void
  close(): void
}

export const connect = (settings: S3Settings): Connection => {
  const { client, own } = openClient(settings)
  const uri = s3Uri(settings)
  const ends = new Set<() => void>()
  let place: { readonly host: string; readonly endpoint: string } | undefined
  let skewMs: number | undefined
  let closed = false

  const checkOpen = (): void => {
    if (closed) throw disposed(uri)
  }

  const regionOf = (): Promise<string | undefined> => client.config.region().catch(() => undefined)

  const send = async <Output>(request: Request<Output>): Promise<Answer<Output>> => {
    const { signal, onRequest } = request.call ?? {}
    signal?.throwIfAborted()
    checkOpen()
    const seen: Seen = {}
    watch(request, seen, request.subject ?? uri)
    onRequest?.(request.operation)
    const controller = new AbortController()
    const late = (): Error =>
      s3Error('timeout', request.operation, request.subject ?? uri, lateMessage(request, settings))
    const ended = endingOf(controller, signal, settings.requestTimeoutMs, late)
    const leave = onClose(() => ended.end(disposed(uri)))
    try {
      const output = await Promise.race([request.send(client, { abortSignal: controller.signal }), ended.promise])
      const { status, headers = {} } = seen
      return { output, status, headers }
    } catch (error) {
      if (ended.reason !== undefined) throw ended.reason.error
      const answer: RawAnswer = { status: seen.status, headers: seen.headers ?? {} }
      throw requestError(error, contextOf(request, settings, uri), answer, {
        host: seen.host,
        region: await regionOf(),
      })
    } finally {
      leave()
      ended.clear()
      const told = Date.parse(seen.headers?.['date'] ?? '')
      if (!Number.isNaN(told)) skewMs = Date.now() - told
      if (seen.host !== undefined) place = placeOf(seen.host, seen.port, seen.protocol, settings.bucket)
    }
  }

  const onClose: Connection['onClose'] = (end) => {
    ends.add(end)
    return () => ends.delete(end)
  }

  return {
    settings,
    uri,
    unknown: new Set(),
    send,
    profile: () => settings.profile ?? (place === undefined || isAwsHost(place.host) ? 'aws' : 'other'),
    endpoint: () => place?.endpoint,
    clockSkewMs: () => skewMs,
    onClose,
    checkOpen,
    close: () => {
      if (closed) return
      closed = true
      for (const end of [...ends]) end()
      if (own) client.destroy()
    },
  }
}

const disposed = (uri: string): Error => invalidConfig(`The source ${uri} was disposed of; open it again.`)

const contextOf = <Output>(request: Request<Output>, settings: S3Settings, uri: string): RequestContext => ({
  operation: request.operation,
  subject: request.subject ?? uri,
  bucket: settings.bucket,
  key: request.key,
  version: request.version,
  requesterPays: settings.requesterPays,
  hasCustomerKey: settings.customerKey !== undefined,
})

const lateMessage = <Output>({ operation, key }: Request<Output>, { bucket, requestTimeoutMs }: S3Settings): string =>
  `${operation} of s3://${bucket}${key === undefined ? '' : `/${escapeKey(key)}`} had no answer within ${requestTimeoutMs} ms.`

const placeOf = (
  host: string,
  port: number | undefined,
  protocol: string | undefined,
  bucket: string,
): { readonly host: string; readonly endpoint: string } => {
  const own = host.startsWith(`${bucket}.`) ? host.slice(bucket.length + 1) : host
  return { host: own, endpoint: `${protocol ?? 'https:'}//${own}${port === undefined ? '' : `:${port}`}` }
}

/** How a request ends before its answer: by its signal, by the clock, or because its source is disposed of. */
interface Ending {
  /** Never resolves. */
  readonly promise: Promise<never>
  readonly reason: { readonly error: unknown } | undefined
  end(error: unknown): void
  clear(): void
}

const endingOf = (
  controller: AbortController,
  signal: AbortSignal | undefined,
  ms: number,
  late: () => Error,
): Ending => {
  let reason: { readonly error: unknown } | undefined
  let reject: (error: unknown) => void = ignore
  const promise = new Promise<never>((_, rejectPromise) => {
    reject = rejectPromise
  })
  promise.catch(ignore)
  const end = (error: unknown): void => {
    reason ??= { error }
    reject(error)
    controller.abort()
  }
  const onAbort = (): void => end(signal?.reason)
  const timer = setTimeout(() => end(late()), ms)
  signal?.addEventListener('abort', onAbort, { once: true })
  return {
    promise,
    get reason() {
      return reason
    },
    end,
    clear: () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    },
  }
}

/** For a promise whose failure is told elsewhere. */
const ignore = (): void => undefined
