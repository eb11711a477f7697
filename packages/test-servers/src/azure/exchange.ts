import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Exchange } from '../http/exchange.js'
import type { Reply } from '../http/reply.js'
import { authorize } from './auth/authorize.js'
import { NEEDS } from './auth/need.js'
import type { StoredUser } from './auth/users.js'
import type { Call, Operation } from './call.js'
import { errorReply, expiredReply, failure, isFailure } from './failure.js'
import {
  getAccountInfo,
  getBlobServiceProperties,
  getContainerProperties,
  getUserDelegationKey,
  listContainers,
} from './operations/account.js'
import { listBlobs } from './operations/list-blobs.js'
import { getBlob, getBlobProperties, getBlobTags } from './operations/read-blob.js'
import { type AzureRequest, parseRequest } from './request.js'
import type { AccountState } from './store.js'

const ON_ACCOUNT: ReadonlyMap<string, (call: Call) => Reply> = new Map([
  ['GetAccountInfo', getAccountInfo],
  ['GetBlobServiceProperties', getBlobServiceProperties],
  ['GetUserDelegationKey', getUserDelegationKey],
  ['ListContainers', listContainers],
])

const ON_CONTAINER: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['GetBlob', getBlob],
  ['GetBlobProperties', getBlobProperties],
  ['GetBlobTags', getBlobTags],
  ['GetContainerProperties', getContainerProperties],
  ['ListBlobs', listBlobs],
])

/** How the service answers one request. */
export const azureExchange = (
  state: AccountState,
  users: readonly StoredUser[],
  message: IncomingMessage,
): Exchange => {
  const request = readRequest(message)
  const failed = (error: unknown): Reply => {
    if (isFailure(error)) return errorReply(error.azure, state.now())
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return errorReply(failure('InternalError', { message: `The test server failed: ${text}` }).azure, state.now())
  }
  const common = {
    failed,
    injected: ({ status, code, message: text = 'Injected by the test.', headers }) =>
      errorReply({ status, code, message: text, headers }, state.now()),
    expired: () => expiredReply('error' in request ? false : request.query.has('sig'), state.now()),
    dress: (reply) => ({ ...reply, headers: { ...commonHeaders(message, state.now()), ...reply.headers } }),
  } satisfies Partial<Exchange>
  if ('error' in request) {
    const answer = (): never => {
      throw request.error
    }
    return { ...common, operation: 'Unknown', bucket: '', key: '', query: new Map(), listing: false, answer }
  }
  return {
    ...common,
    operation: request.operation,
    bucket: request.container,
    key: request.blob,
    query: request.query,
    listing: request.operation === 'ListBlobs',
    answer: (body) => handle(state, users, request, body ?? Buffer.alloc(0)),
  }
}

const readRequest = (message: IncomingMessage): AzureRequest | { readonly error: unknown } => {
  try {
    return parseRequest(message)
  } catch (error) {
    return { error }
  }
}

/** Does what a request asks: account, caller, container, then the operation. */
const handle = (
  state: AccountState,
  users: readonly StoredUser[],
  request: AzureRequest,
  body: Buffer,
): Reply | Promise<Reply> => {
  if (request.account !== state.account) throw failure('InvalidUri')
  const need = NEEDS.get(request.operation)
  if (need === undefined) throw failure('UnsupportedHttpVerb')
  const user = authorize(request, need, state, users)
  const endpoint = `http://${request.headers.get('host')}/${state.account}`
  const call: Call = { state, request, body: body.toString(), user, endpoint }
  const onAccount = ON_ACCOUNT.get(request.operation)
  if (onAccount !== undefined) return onAccount(call)
  const container = state.containers.get(request.container)
  if (container === undefined) throw failure('ContainerNotFound')
  return ON_CONTAINER.get(request.operation)!({ ...call, container })
}

const commonHeaders = (message: IncomingMessage, now: number): Record<string, string> => {
  const version = message.headers['x-ms-version']
  const clientId = message.headers['x-ms-client-request-id']
  return {
    'x-ms-request-id': randomUUID(),
    date: new Date(now).toUTCString(),
    server: 'Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0',
    ...(typeof version === 'string' && { 'x-ms-version': version }),
    ...(typeof clientId === 'string' && { 'x-ms-client-request-id': clientId }),
  }
}
