import { randomBytes } from 'node:crypto'
import { createClock } from '../http/clock.js'
import { startServer, type TestServer } from '../http/server.js'
import { createAdmin } from './admin.js'
import type { AzureAdmin } from './admin-options.js'
import { type AzureUser, type AzureUserOptions, makeUser, type StoredUser } from './auth/users.js'
import { azureExchange } from './exchange.js'
import type { AccountKey, SasOptions } from './sas.js'
import { type AccountState, MAX_PAGE_ROWS } from './store.js'

export interface AzureServerOptions {
  /** Name of the account. Default `backproof`. */
  readonly account?: string | undefined
  /** Key of the account, base64. Default: a new one. */
  readonly key?: string | undefined
  /** Whether the account has a hierarchical namespace: directories, and listings in path order. Default false. */
  readonly hierarchical?: boolean | undefined
  /** Whether overwritten and deleted blobs stay as versions. Default false. */
  readonly versioning?: boolean | undefined
  /** Days for which deleted blobs (with versions: deleted versions) stay. Default: none. */
  readonly softDeleteDays?: number | undefined
  /** Whether the account lets containers be public at all. Default true. */
  readonly publicAccess?: boolean | undefined
  /** Whether the account takes its key, and signatures made with it. Default true. */
  readonly sharedKey?: boolean | undefined
  /** Most rows of a page of a listing: services may give fewer than were asked for. Default and most: 5,000. */
  readonly pageRows?: number | undefined
  /** Port on 127.0.0.1. Default: any that is free. */
  readonly port?: number | undefined
}

/** An Azure Blob server with one account that is running. */
export interface AzureServer extends TestServer, AccountKey {
  /** The blob endpoint, with the account in its path: `http://127.0.0.1:<port>/<account>`. */
  readonly url: string
  readonly connectionString: string
  /** Adds a user of Entra ID, who may do what its roles and actions allow, and nothing by default. */
  addUser(options?: AzureUserOptions): AzureUser
  /** A shared access signature made with the account's key: the query without a question mark. */
  sas(options?: SasOptions): string
  readonly admin: AzureAdmin
}

/**
 * Starts an Azure Blob server on 127.0.0.1 with everything in memory, for what azurite lacks: versions, soft delete,
 * hierarchical namespaces, customer-provided keys, CRC64, users with roles, faults on the wire. It reads only: blobs come
 * through `admin`. It follows Microsoft's REST reference and verifies every signature.
 *
 * @throws BackupError `unavailable` when it cannot listen.
 */
export const startAzureServer = async (options: AzureServerOptions = {}): Promise<AzureServer> => {
  const clock = createClock()
  const account = options.account ?? 'backproof'
  const key = options.key ?? randomBytes(64).toString('base64')
  const users: StoredUser[] = []
  const state: AccountState = {
    account,
    key,
    hierarchical: options.hierarchical ?? false,
    versioning: options.versioning ?? false,
    softDeleteDays: options.softDeleteDays,
    publicAccess: options.publicAccess ?? true,
    sharedKey: options.sharedKey ?? true,
    pageRows: Math.min(MAX_PAGE_ROWS, options.pageRows ?? MAX_PAGE_ROWS),
    containers: new Map(),
    now: clock.now,
  }
  // Microsoft's SDK makes the signatures; it takes half a second to load.
  const { makeSas } = await import('./sas.js')
  const server = await startServer({
    name: 'Azure',
    port: options.port,
    clock,
    exchange: (message) => azureExchange(state, users, message),
    onClose: () => state.containers.clear(),
  })
  const url = `${server.url}/${account}`
  return Object.assign(server, {
    url,
    account,
    key,
    connectionString: `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key};BlobEndpoint=${url};`,
    addUser: (userOptions: AzureUserOptions = {}) => {
      const user = makeUser(userOptions)
      users.push(user)
      const { token, objectId, tenantId } = user
      return { token, objectId, tenantId }
    },
    sas: (sasOptions?: SasOptions) => makeSas({ account, key }, sasOptions),
    admin: createAdmin(state),
  })
}
