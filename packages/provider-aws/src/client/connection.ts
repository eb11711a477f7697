import type { S3Client } from '@aws-sdk/client-s3'
import { attempt, createLifetime, type Lifetime } from '@backproof/core/object-store'
import { type CallOptions, escapeKey } from '@backproof/core/source'
import { PROVIDER, type RawAnswer, type RequestContext, requestError, s3Error } from '../errors.js'
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
export interface Connection extends Lifetime {
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
}

export const connect = (settings: S3Settings): Connection => {
  const { client, own } = openClient(settings)
  const uri = s3Uri(settings)
  const lifetime = createLifetime(uri, PROVIDER)
  let place: { readonly host: string; readonly endpoint: string } | undefined
  let skewMs: number | undefined

  const regionOf = (): Promise<string | undefined> => client.config.region().catch(() => undefined)

  const send = async <Output>(request: Request<Output>): Promise<Answer<Output>> => {
    const { operation, call } = request
    const subject = request.subject ?? uri
    const seen: Seen = {}
    watch(request, seen, subject)
    const failure = async (error: unknown): Promise<Error> => {
      const answer: RawAnswer = { status: seen.status, headers: seen.headers ?? {} }
      const where = { host: seen.host, region: await regionOf() }
      return requestError(error, contextOf(request, settings, uri), answer, where)
    }
    try {
      const output = await attempt(lifetime, {
        operation,
        call,
        timeoutMs: settings.requestTimeoutMs,
        late: () => s3Error('timeout', operation, subject, lateMessage(request, settings)),
        send: (abortSignal) => request.send(client, { abortSignal }),
        failure,
      })
      return { output, status: seen.status, headers: seen.headers ?? {} }
    } finally {
      const told = Date.parse(seen.headers?.['date'] ?? '')
      if (!Number.isNaN(told)) skewMs = Date.now() - told
      if (seen.host !== undefined) place = placeOf(seen.host, seen.port, seen.protocol, settings.bucket)
    }
  }

  return {
    ...lifetime,
    settings,
    uri,
    unknown: new Set(),
    send,
    profile: () => settings.profile ?? (place === undefined || isAwsHost(place.host) ? 'aws' : 'other'),
    endpoint: () => place?.endpoint,
    clockSkewMs: () => skewMs,
    close: () => {
      const first = lifetime.close()
      if (first && own) client.destroy()
      return first
    },
  }
}

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
