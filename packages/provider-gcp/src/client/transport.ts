import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { endExchangeWith, type OpenClient } from './client.js'

// The SDK takes no AbortSignal, cannot end its JSON requests, and reads bodies through streams that buffer and decompress.
// Its client of google-auth-library makes any request, with its tokens, their renewal and proxies, and lets the sending itself
// be given (`adapter`, in gaxios 6 and 7): so the bytes come from Node's own HTTP, raw, and a signal closes the socket.

/** What was seen of a request on its way out and back. */
export interface Seen {
  /** Whether it was sent at all: before that, credentials are found and renewed. */
  sent: boolean
  status?: number | undefined
  headers: Readonly<Record<string, string | undefined>>
  /** Of an answer that is an error. */
  body?: string | undefined
  /** What broke the connection, as Node tells it. */
  error?: unknown
  /** Tokens that were sent. */
  readonly secrets: string[]
}

/** One GET, as it is sent. */
export interface Exchange {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly seen: Seen
  /** When aborted, the request ends and its socket is closed, the body too where it has begun to come. */
  readonly signal: AbortSignal
}

/** The bytes of an answer: an `IncomingMessage`, but for auth clients that send by themselves. */
export type Body = Readable & { readonly socket?: IncomingMessage['socket'] | undefined }

/** Sends requests over connections of its own. */
export interface Transport {
  /** Resolves with a body that nobody has begun to read, of an answer with a good status; rejects for any other. */
  get(exchange: Exchange): Promise<Body>
  /** Closes connections that nobody uses. */
  close(): void
}

/** The part of google-auth-library that is used, the same in versions 9 to 11. */
interface Requester {
  request(options: AdapterOptions & { readonly [name: string]: unknown }): Promise<GivenAnswer>
}

/** What an auth client gives that sends by itself. */
interface GivenAnswer {
  readonly data: unknown
  readonly status?: number | undefined
  readonly headers?: Readonly<Record<string, string>> | Headers | undefined
}

/** What gaxios has prepared: version 6 has headers as an object, 7 as `Headers`. */
interface AdapterOptions {
  readonly url: string | URL
  readonly headers: Readonly<Record<string, string>> | Headers
  /** Where a proxy is set in the environment. */
  readonly agent?: unknown
}

/** Of an error; services write a line or two. */
const MAX_ERROR_BYTES = 64 * 1024
/** How long the body of an error is waited for: its status is enough. */
const ERROR_BODY_MS = 2_000

export const createTransport = (open: OpenClient, ended: AbortSignal): Transport => {
  const { client, authenticated } = open
  const agents = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY }
  const http = new HttpAgent(agents)
  const https = new HttpsAgent(agents)

  const send = async (options: AdapterOptions, { seen, signal }: Exchange): Promise<IncomingMessage> => {
    // Tokens may have taken their time.
    signal.throwIfAborted()
    const url = new URL(options.url)
    // What requests for tokens are told by default: see `client.ts`.
    const { connection: _, ...headers } = Object.fromEntries(new Headers(options.headers as Record<string, string>))
    remember(headers, seen)
    // Also a second time, when a token was renewed.
    Object.assign(seen, { sent: true, status: undefined, headers: {}, body: undefined, error: undefined })
    const secure = url.protocol === 'https:'
    const agent = (options.agent as HttpAgent | undefined) ?? (secure ? https : http)
    try {
      const message = await answerOf((secure ? httpsRequest : httpRequest)(url, { headers, agent, signal }))
      seen.status = message.statusCode ?? 0
      seen.headers = message.headers as Seen['headers']
      if (seen.status >= 200 && seen.status < 300) return message
      seen.body = await errorBody(message)
      return message
    } catch (error) {
      seen.error = error
      throw error
    }
  }

  /** For gaxios, which refuses other statuses itself, so that expired tokens are renewed. */
  const adapter =
    (exchange: Exchange, taken: { message?: IncomingMessage }) =>
    async (options: AdapterOptions): Promise<object> => {
      const message = await send(options, exchange)
      const { seen } = exchange
      const good = seen.body === undefined
      if (good) taken.message = message
      const status = seen.status ?? 0
      const headers = new Headers(Object.entries(seen.headers).map(([name, value]) => [name, String(value)]))
      const data = good ? message : Readable.from([Buffer.from(seen.body ?? '')])
      return {
        config: options,
        data,
        headers,
        status,
        statusText: '',
        ok: good,
        request: { responseURL: exchange.url },
      }
    }

  return {
    get: async (exchange) => {
      const { url, seen, signal } = exchange
      const headers = { 'user-agent': userAgentOf(client), ...exchange.headers }
      if (!authenticated) {
        const message = await send({ url, headers }, exchange)
        if (seen.body === undefined) return message
        throw new Error(`HTTP ${seen.status}`)
      }
      const taken: { message?: IncomingMessage } = {}
      const options = {
        ...{ url, headers, method: 'GET', responseType: 'stream', retry: false, retryConfig: { retry: 0 } },
        ...{ signal, adapter: adapter(exchange, taken) },
      }
      try {
        await endExchangeWith(open, ended)
        const answer = await (client.authClient as unknown as Requester).request(options)
        return taken.message ?? byItself(seen, answer)
      } catch (error) {
        if (!seen.sent) refusedItself(seen, url, error)
        throw error
      }
    },
    close: () => {
      http.destroy()
      https.destroy()
    },
  }
}

const userAgentOf = ({ providedUserAgent: own }: OpenClient['client']): string =>
  own === undefined ? 'backproof' : `${own} backproof`

/** The answer to an auth client of the host's that sends by itself, whatever it makes of a body. */
const byItself = (seen: Seen, { data, status = 200, headers = {} }: GivenAnswer): Body => {
  const lower = new Headers(headers as Record<string, string>)
  Object.assign(seen, { sent: true, status, headers: Object.fromEntries(lower), body: undefined })
  if (data instanceof Readable) return data
  const isStream = typeof data === 'object' && data !== null && Symbol.asyncIterator in data
  return Readable.from(isStream ? (data as AsyncIterable<unknown>) : [Buffer.from(textOf(data))])
}

/** A refusal that such a client throws, unless it is about its own requests for tokens. */
const refusedItself = (seen: Seen, url: string, error: unknown): void => {
  const { response, config } = (error ?? {}) as {
    readonly response?: GivenAnswer & { readonly config?: { readonly url?: unknown } }
    readonly config?: { readonly url?: unknown }
  }
  const asked = response?.config?.url ?? config?.url
  if (response === undefined || asked === undefined || String(asked) !== url) return
  byItself(seen, response)
  seen.body = textOf(response.data)
}

const textOf = (data: unknown): string => (typeof data === 'string' ? data : (JSON.stringify(data) ?? ''))

/** What must not be shown when somebody repeats it. */
const remember = (headers: Readonly<Record<string, string>>, seen: Seen): void => {
  for (const name of ['authorization', 'x-goog-api-key', 'x-goog-encryption-key', 'x-goog-encryption-key-sha256']) {
    const value = headers[name]
    if (value !== undefined) seen.secrets.push(value.replace(/^Bearer\s+/i, ''))
  }
}

const answerOf = (request: ReturnType<typeof httpRequest>): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request.on('response', resolve)
    // Also once it was answered: an error that nobody waits for must not end the process.
    request.on('error', reject)
    request.end()
  })

/** The beginning of an error's body, whatever becomes of the rest. */
const errorBody = async (message: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  let size = 0
  const late = new AbortController()
  const timer = pause(ERROR_BODY_MS, undefined, { signal: late.signal, ref: false }).then(
    () => message.destroy(),
    () => undefined,
  )
  try {
    for await (const chunk of message as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      size += chunk.length
      if (size >= MAX_ERROR_BYTES) break
    }
  } catch {
    // Its status tells enough; what came of the body is kept.
  } finally {
    late.abort()
    await timer
    message.on('error', () => undefined)
    if (!message.complete) message.destroy()
  }
  return Buffer.concat(chunks).subarray(0, MAX_ERROR_BYTES).toString()
}
