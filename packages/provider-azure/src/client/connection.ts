import type { ContainerClient } from '@azure/storage-blob'
import { attempt, createLifetime, type Lifetime } from '@backproof/core/object-store'
import { type CallOptions, escapeKey } from '@backproof/core/source'
import { azureError, PROVIDER, type RawAnswer, type RequestContext, requestError } from '../errors.js'
import type { AzureSettings } from '../options.js'
import { azureUri } from '../uri.js'
import { openClient } from './client.js'
import { hostOf } from './endpoint.js'
import type { Seen } from './pipeline.js'
import { sasRefusal } from './sas.js'

/** What a request gave: what the SDK read of it, and the raw headers, which tell more. */
export interface Answer<Output> extends RawAnswer {
  readonly output: Output
}

/** What the SDK attaches to each of its answers. */
export interface SdkAnswer {
  readonly _response: {
    readonly status: number
    readonly headers: { toJson(): Record<string, string> }
  }
}

/** A request, as {@link Connection.send} makes it. */
export interface Request<Output extends SdkAnswer> {
  /** As Microsoft's SDK names it: `GetBlobProperties`. */
  readonly operation: string
  /** Name of the blob that it is about. */
  readonly name?: string | undefined
  /** Version or snapshot. */
  readonly version?: string | undefined
  /** What errors name; default: the source's URI. */
  readonly subject?: string | undefined
  /** Whether a page of a listing is given as text, which the SDK has not read. Has no effect with a client of the caller's. Default false. */
  readonly unread?: boolean | undefined
  readonly send: (container: ContainerClient, options: { readonly abortSignal: AbortSignal }) => Promise<Output>
  readonly call: CallOptions | undefined
}

/** One source's way to its service. */
export interface Connection extends Lifetime {
  readonly settings: AzureSettings
  readonly uri: string
  /** Makes one request, once. Rejects with a `BackupError`, or with the reason of the signal. */
  send<Output extends SdkAnswer>(request: Request<Output>): Promise<Answer<Output>>
  /** How far the clock of this machine is ahead of the service's, by the last answer that told its time. */
  clockSkewMs(): number | undefined
}

export const connect = (settings: AzureSettings): Connection => {
  const { container, own } = openClient(settings)
  const uri = azureUri(settings)
  const lifetime = createLifetime(uri, PROVIDER)
  let skewMs: number | undefined

  const send = async <Output extends SdkAnswer>(request: Request<Output>): Promise<Answer<Output>> => {
    const { operation, call } = request
    const subject = request.subject ?? uri
    const { access } = settings
    call?.signal?.throwIfAborted()
    lifetime.checkOpen()
    const refusal = access.kind === 'sas' ? sasRefusal(access.sas, operation, subject, skewMs) : undefined
    if (refusal !== undefined) throw refusal
    const seen: Seen = {}
    try {
      const output = await attempt(lifetime, {
        operation,
        call,
        timeoutMs: settings.requestTimeoutMs,
        late: () => azureError('timeout', operation, subject, lateMessage(request, settings)),
        send: (signal) =>
          untilSettled(signal, (abortSignal) => {
            own?.watch(abortSignal, { seen, unread: request.unread === true })
            return request.send(container, { abortSignal })
          }),
        failure: (error) => requestError(error, contextOf(request, settings, uri), seen),
      })
      const { status, headers } = output._response
      Object.assign(seen, { status, headers: lowerNames(headers.toJson()) })
      return { output, status, headers: seen.headers ?? {} }
    } finally {
      const told = Date.parse(seen.headers?.['date'] ?? '')
      if (!Number.isNaN(told)) skewMs = Date.now() - told
    }
  }

  return {
    ...lifetime,
    settings,
    uri,
    send,
    clockSkewMs: () => skewMs,
    close: () => {
      const first = lifetime.close()
      if (first) own?.close()
      return first
    },
  }
}

/** Where the SDK refuses an answer after its headers, it leaves the body open: aborting ends that. */
const untilSettled = async <T>(signal: AbortSignal, send: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const controller = new AbortController()
  const onAbort = (): void => controller.abort(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await send(controller.signal)
  } catch (error) {
    controller.abort()
    throw error
  }
}

const lowerNames = (headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

const contextOf = <Output extends SdkAnswer>(
  request: Request<Output>,
  { account, container, access, customerKey, endpoint }: AzureSettings,
  uri: string,
): RequestContext => ({
  operation: request.operation,
  subject: request.subject ?? uri,
  account,
  host: hostOf(endpoint),
  container,
  name: request.name,
  version: request.version,
  access: access.kind,
  hasCustomerKey: customerKey !== undefined,
})

const lateMessage = <Output extends SdkAnswer>(
  { operation, name }: Request<Output>,
  { account, container, requestTimeoutMs }: AzureSettings,
): string =>
  `${operation} of azblob://${account}/${container}${name === undefined ? '' : `/${escapeKey(name)}`} had no answer within ${requestTimeoutMs} ms.`
