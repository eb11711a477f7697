import { createClock } from '../http/clock.js'
import { startServer, type TestServer } from '../http/server.js'
import { createAdmin } from './admin.js'
import type { GcsAdmin } from './admin-options.js'
import type { ServerState } from './call.js'
import { gcsExchange } from './serve.js'
import {
  asUser,
  type GcsUser,
  makeAccount,
  makeSigningKey,
  PROJECT,
  type SigningKey,
  type UserOptions,
} from './users.js'

export interface GcsServerOptions {
  /** Port on 127.0.0.1. Default: any that is free. */
  readonly port?: number | undefined
}

/** A Google Cloud Storage server that is running. The SDK takes `url` as `apiEndpoint`. */
export interface GcsServer extends TestServer {
  /** Id of the project that all buckets belong to. */
  readonly projectId: string
  /** The account that may do all. */
  readonly owner: GcsUser
  /** Adds an account that may do what it is allowed, and nothing by default. */
  addUser(options?: UserOptions): GcsUser
  readonly admin: GcsAdmin
}

/**
 * Starts a Google Cloud Storage server on 127.0.0.1 with everything in memory: the JSON API
 * (https://cloud.google.com/storage/docs/json_api/v1), its uploads and downloads, tokens for service accounts and workloads,
 * and faults on the wire.
 *
 * @throws BackupError `unavailable` when it cannot listen.
 */
export const startGcsServer = async (options: GcsServerOptions = {}): Promise<GcsServer> => {
  const clock = createClock()
  let signingKey: SigningKey | undefined
  let generation = 0n
  const owner = makeAccount({}, 0, true)
  const state: ServerState = {
    buckets: new Map(),
    accounts: [owner],
    uploads: new Map(),
    signingKey: () => {
      signingKey ??= makeSigningKey()
      return signingKey
    },
    now: clock.now,
    nextGeneration: () => {
      const microseconds = BigInt(clock.now()) * 1000n
      generation = microseconds > generation ? microseconds : generation + 1n
      return generation
    },
  }
  const server = await startServer({
    name: 'Cloud Storage',
    port: options.port,
    clock,
    exchange: (message) => gcsExchange(state, message),
    onClose: () => {
      state.buckets.clear()
      state.uploads.clear()
    },
  })
  return Object.assign(server, {
    projectId: PROJECT,
    owner: asUser(owner, server.url, state.signingKey),
    addUser: (userOptions: UserOptions = {}) => {
      const account = makeAccount(userOptions, state.accounts.length, false)
      state.accounts.push(account)
      return asUser(account, server.url, state.signingKey)
    },
    admin: createAdmin(state),
  })
}
