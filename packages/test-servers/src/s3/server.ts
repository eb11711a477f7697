import { setMaxListeners } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { BackupError } from '@backproof/core'
import { createAdmin } from './admin.js'
import type { S3Admin } from './admin-options.js'
import type { ServerState } from './call.js'
import type { FaultFunction } from './faults.js'
import { createRecorder, type RequestCounters } from './requests.js'
import { type ServeContext, serve } from './serve.js'
import { type Credentials, makeRoot, makeUser, type User, type UserOptions } from './users.js'

export interface S3ServerOptions {
  /** Region that buckets are made in by default. Default `us-east-1`. */
  readonly region?: string | undefined
  /** Port on 127.0.0.1. Default: any that is free. */
  readonly port?: number | undefined
  /** Least bytes of a part of a multipart upload but the last. Default 5 MiB, as in S3; less makes small tests. */
  readonly minPartSize?: number | undefined
  /**
   * Whether GetObjectAttributes tells rows of parts also where the checksum covers the full object. What real S3 does is not
   * documented, so tests should hold for both. Default true.
   */
  readonly fullObjectPartRows?: boolean | undefined
}

/** An S3 server that is running. */
export interface S3Server {
  /** `http://127.0.0.1:<port>`, path-style. `http://<bucket>.localhost:<port>` is virtual-host style. */
  readonly url: string
  readonly region: string
  /** Of the root user, who may do all. */
  readonly credentials: Credentials
  /** Adds a user who may do what its policy allows, and nothing by default. */
  addUser(options?: UserOptions): Credentials
  readonly requests: RequestCounters
  /** From now on `fault` decides what goes wrong; `undefined` ends that. */
  setFault(fault: FaultFunction | undefined): void
  /** Milliseconds by which the server's clock is ahead of the real one. Default 0; may be set at any time. */
  clockOffsetMs: number
  readonly admin: S3Admin
  /** Breaks all connections and forgets everything. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts an S3 server on 127.0.0.1 with everything in memory. It follows the Amazon S3 API Reference, verifies every
 * signature, and does what servers that can be installed do not: additional checksums, part attributes, KMS ETags,
 * directory buckets, archives, and faults on the wire.
 *
 * @throws BackupError `unavailable` when it cannot listen.
 */
export const startS3Server = async (options: S3ServerOptions = {}): Promise<S3Server> => {
  const region = options.region ?? 'us-east-1'
  const root = makeRoot()
  const users = new Map<string, User>([[root.credentials.accessKeyId, root]])
  const closing = new AbortController()
  // Each answer that is delayed listens to it.
  setMaxListeners(0, closing.signal)
  let clockOffsetMs = 0
  let fault: FaultFunction | undefined
  const state: ServerState = {
    region,
    buckets: new Map(),
    users,
    minPartSize: options.minPartSize ?? 5 * 1024 * 1024,
    fullObjectPartRows: options.fullObjectPartRows ?? true,
    now: () => Date.now() + clockOffsetMs,
  }
  const recorder = createRecorder()
  const context: ServeContext = { state, recorder, fault: () => fault, pages: new Map(), closing: closing.signal }
  const http = createServer((message, response) => answer(context, message, response))
  // A connection that the server closes while a client picks it up again would be a fault that no test asked for.
  http.keepAliveTimeout = 0
  http.requestTimeout = 0
  await listen(http, options.port ?? 0)
  const close = async (): Promise<void> => {
    closing.abort()
    const closed = new Promise<void>((resolve) => http.close(() => resolve()))
    http.closeAllConnections()
    await closed
    state.buckets.clear()
  }

  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    region,
    credentials: root.credentials,
    addUser: (userOptions = {}) => {
      const user = makeUser(userOptions, users.size)
      users.set(user.credentials.accessKeyId, user)
      return user.credentials
    },
    requests: recorder,
    setFault: (next) => {
      fault = next
    },
    get clockOffsetMs() {
      return clockOffsetMs
    },
    set clockOffsetMs(milliseconds) {
      clockOffsetMs = milliseconds
    },
    admin: createAdmin(state),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** What is left to reject: a connection that broke while it was used, or a fault of the server or of the test's own function. */
const answer = (context: ServeContext, message: IncomingMessage, response: ServerResponse): void => {
  serve(context, message, response).catch((error: unknown) => {
    if (context.closing.aborted || response.destroyed || response.headersSent) {
      response.destroy()
      return
    }
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    response.writeHead(500, { 'content-type': 'text/plain', connection: 'close' })
    response.end(`The S3 test server failed: ${text}`)
  })
}

const listen = (http: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    http.once('error', (cause) => {
      const message = `The S3 test server cannot listen on 127.0.0.1:${port}. Choose another port, or none.`
      reject(new BackupError({ code: 'unavailable', message, provider: 'test-servers', operation: 'listen', cause }))
    })
    http.listen(port, '127.0.0.1', () => resolve())
  })
