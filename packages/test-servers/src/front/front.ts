import type { IncomingMessage } from 'node:http'
import { createClock } from '../http/clock.js'
import type { Exchange } from '../http/exchange.js'
import type { FaultFunction } from '../http/faults.js'
import { type RequestParts, takeApart } from '../http/message.js'
import type { Reply } from '../http/reply.js'
import type { RequestCounters } from '../http/requests.js'
import { startServer } from '../http/server.js'
import { handOn } from './hand-on.js'
import type { FrontOperation, FrontPlatform } from './platform.js'

export interface FrontOptions {
  /** Of the server behind it, for example that of azurite. */
  readonly target: string
  readonly platform: FrontPlatform
  /** Port on 127.0.0.1. Default: any that is free. */
  readonly port?: number | undefined
}

/** A request to the front. Header names are in lower case. */
export interface FrontRequest extends FrontOperation {
  readonly method: string
  readonly query: ReadonlyMap<string, string>
  readonly headers: ReadonlyMap<string, string>
}

/**
 * Answers a request in the server's place, or changes its answer: `handOn` asks the server. The body of XML and JSON is text;
 * a Content-Length follows from the body unless the headers have one.
 */
export type Intercept = (request: FrontRequest, handOn: () => Promise<Reply>) => Reply | Promise<Reply>

/**
 * Stands before any server, hands requests on under their own Host (so signatures stay right), and does what that server does
 * not: faults on the wire, counters, answers that a test changes. Bodies are held in memory.
 */
export interface Front extends AsyncDisposable {
  /** That of the target with the front's port. */
  readonly url: string
  readonly requests: RequestCounters
  /** From now on `fault` decides what goes wrong; `undefined` ends that. */
  setFault(fault: FaultFunction | undefined): void
  /** From now on `intercept` answers; `undefined` ends that. */
  setIntercept(intercept: Intercept | undefined): void
  /** Breaks all connections of clients. The server behind it stays. */
  close(): Promise<void>
}

/** Starts a front on 127.0.0.1. @throws BackupError `unavailable` when it cannot listen. */
export const startFront = async ({ target, platform, port }: FrontOptions): Promise<Front> => {
  const behind = new URL(target)
  let intercept: Intercept | undefined
  const server = await startServer({
    name: 'front',
    ...(port !== undefined && { port }),
    clock: createClock(),
    exchange: (message) => exchangeOf(message, behind, platform, () => intercept),
    onClose: () => undefined,
  })
  const path = behind.pathname === '/' ? '' : behind.pathname
  return {
    url: `${server.url}${path}`,
    requests: server.requests,
    setFault: server.setFault,
    setIntercept: (next) => {
      intercept = next
    },
    close: server.close,
    [Symbol.asyncDispose]: server.close,
  }
}

const exchangeOf = (
  message: IncomingMessage,
  target: URL,
  platform: FrontPlatform,
  intercept: () => Intercept | undefined,
): Exchange => {
  const request = understand(message, platform)
  const { parts, about } = request
  return {
    ...about,
    query: parts.query,
    answer: async (body) => {
      const ask = (): Promise<Reply> => handOn(target, message, body ?? Buffer.alloc(0))
      const { method, query, headers } = parts
      const decide = intercept()
      return decide === undefined ? await ask() : await decide({ ...about, method, query, headers }, ask)
    },
    failed: (error) => ({
      status: 502,
      headers: { 'content-type': 'text/plain' },
      body: `The front failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    }),
    injected: (fault) => platform.injected(fault, parts),
    expired: () => platform.expired(parts),
  }
}

const understand = (
  message: IncomingMessage,
  platform: FrontPlatform,
): { readonly parts: RequestParts; readonly about: FrontOperation } => {
  try {
    const parts = takeApart(message)
    return { parts, about: platform.classify(parts) }
  } catch {
    // What is not percent-encoded UTF-8: the server behind may say so itself.
    const empty = { rawPath: message.url ?? '/', parameters: [], query: new Map(), headers: new Map() }
    return {
      parts: { method: message.method ?? 'GET', ...empty },
      about: { operation: 'Unknown', bucket: '', key: '', listing: false },
    }
  }
}
