import { setMaxListeners } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { BackupError } from '@backproof/core'
import type { Clock } from './clock.js'
import { type Exchange, type ServeContext, serve } from './exchange.js'
import type { FaultFunction } from './faults.js'
import { createRecorder, type RequestCounters } from './requests.js'

/** What every server of ours has while it runs. */
export interface TestServer {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string
  readonly requests: RequestCounters
  /** From now on `fault` decides what goes wrong; `undefined` ends that. */
  setFault(fault: FaultFunction | undefined): void
  /** Milliseconds by which the server's clock is ahead of the real one. Default 0; may be set at any time. */
  clockOffsetMs: number
  /** Breaks all connections and forgets everything. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export interface ListenOptions {
  /** Of the platform, for messages. */
  readonly name: string
  /** Port on 127.0.0.1. Default: any that is free. */
  readonly port?: number | undefined
  readonly clock: Clock
  /** Takes a request apart. Must not throw: what cannot be understood is an exchange that answers with an error. */
  readonly exchange: (message: IncomingMessage) => Exchange
  /** Called once the last connection is closed. */
  readonly onClose: () => void | Promise<void>
}

/** Starts an HTTP server on 127.0.0.1. @throws BackupError `unavailable` when it cannot listen. */
export const startServer = async (options: ListenOptions): Promise<TestServer> => {
  const { name, clock } = options
  const closing = new AbortController()
  // Each answer that is delayed listens to it.
  setMaxListeners(0, closing.signal)
  let fault: FaultFunction | undefined
  const recorder = createRecorder()
  const context: ServeContext = { recorder, fault: () => fault, pages: new Map(), closing: closing.signal }
  const http = createServer((message, response) => {
    serve(context, options.exchange(message), message, response).catch((error: unknown) =>
      giveUp(name, closing.signal, response, error),
    )
  })
  // A connection that the server closes while a client picks it up again would be a fault that no test asked for.
  http.keepAliveTimeout = 0
  http.requestTimeout = 0
  await listen(http, name, options.port ?? 0)
  const close = async (): Promise<void> => {
    closing.abort()
    const closed = new Promise<void>((resolve) => http.close(() => resolve()))
    http.closeAllConnections()
    await closed
    await options.onClose()
  }

  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    requests: recorder,
    setFault: (next) => {
      fault = next
    },
    get clockOffsetMs() {
      return clock.offsetMs
    },
    set clockOffsetMs(milliseconds) {
      clock.offsetMs = milliseconds
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** What is left to reject: a connection that broke while it was used, or a fault of the server or of the test's own function. */
const giveUp = (name: string, closing: AbortSignal, response: ServerResponse, error: unknown): void => {
  if (closing.aborted || response.destroyed || response.headersSent) {
    response.destroy()
    return
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  response.writeHead(500, { 'content-type': 'text/plain', connection: 'close' })
  response.end(`The ${name} test server failed: ${text}`)
}

const listen = (http: Server, name: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    http.once('error', (cause) => {
      const message = `The ${name} test server cannot listen on 127.0.0.1:${port}. Choose another port, or none.`
      reject(new BackupError({ code: 'unavailable', message, provider: 'test-servers', operation: 'listen', cause }))
    })
    http.listen(port, '127.0.0.1', () => resolve())
  })
