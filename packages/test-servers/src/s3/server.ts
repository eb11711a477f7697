import { createClock } from '../http/clock.js'
import { startServer, type TestServer } from '../http/server.js'
import { createAdmin } from './admin.js'
import type { S3Admin } from './admin-options.js'
import type { ServerState } from './call.js'
import { s3Exchange } from './serve.js'
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

/** An S3 server that is running. Its `url` is path-style; `http://<bucket>.localhost:<port>` is virtual-host style. */
export interface S3Server extends TestServer {
  readonly region: string
  /** Of the root user, who may do all. */
  readonly credentials: Credentials
  /** Adds a user who may do what its policy allows, and nothing by default. */
  addUser(options?: UserOptions): Credentials
  readonly admin: S3Admin
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
  const clock = createClock()
  const state: ServerState = {
    region,
    buckets: new Map(),
    users,
    minPartSize: options.minPartSize ?? 5 * 1024 * 1024,
    fullObjectPartRows: options.fullObjectPartRows ?? true,
    now: clock.now,
  }
  const server = await startServer({
    name: 'S3',
    port: options.port,
    clock,
    exchange: (message) => s3Exchange(state, message),
    onClose: () => state.buckets.clear(),
  })
  return Object.assign(server, {
    region,
    credentials: root.credentials,
    addUser: (userOptions: UserOptions = {}) => {
      const user = makeUser(userOptions, users.size)
      users.set(user.credentials.accessKeyId, user)
      return user.credentials
    },
    admin: createAdmin(state),
  })
}
