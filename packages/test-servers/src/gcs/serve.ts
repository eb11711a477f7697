import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Exchange } from '../http/exchange.js'
import { type Reply, withHeaders } from '../http/reply.js'
import type { ServerState } from './call.js'
import { type FailureDetails, failure, isFailure } from './failure.js'
import { type GcsRequest, parseRequest } from './request.js'
import { findRoute } from './routes.js'
import { accountOfToken, issueToken } from './tokens.js'

/** How Cloud Storage answers one request. */
export const gcsExchange = (state: ServerState, message: IncomingMessage): Exchange => {
  const request = readRequest(message)
  const common = {
    failed: (error: unknown): Reply => errorReply(detailsOf(error)),
    injected: ({ status, code, message: text = 'Injected by the test.', headers }) =>
      errorReply({ status, reason: code, message: text, headers }),
    expired: expiredReply,
    dress: (reply) =>
      withHeaders(reply, {
        'x-guploader-uploadid': reply.headers?.['x-guploader-uploadid'] ?? randomBytes(40).toString('base64url'),
        vary: 'Origin, X-Origin',
        date: new Date(state.now()).toUTCString(),
        server: 'UploadServer',
      }),
  } satisfies Partial<Exchange>
  if ('error' in request) {
    const answer = (): never => {
      throw request.error
    }
    return { ...common, operation: 'Unreadable', bucket: '', key: '', query: new Map(), listing: false, answer }
  }
  const routed = findRoute(request)
  const about = aboutRequest(request)
  const isMedia = about.operation === 'objects.getMedia'
  return {
    ...common,
    ...about,
    query: request.query,
    answer: (body) => {
      if (body === undefined) throw failure('invalid', 'The body broke off.')
      if (about.operation === 'token') return issueToken(state, request, body)
      if (about.operation === 'subjectToken') return { status: 200, body: Buffer.from(request.segments[1]!) }
      if (routed.run === undefined) throw failure(routed.operation === 'Unsupported' ? 'notImplemented' : 'notFound')
      const account = authenticate(state, request)
      return routed.run({ state, request, account, body, names: routed.names })
    },
    failed: (error) => (isMedia ? textReply(detailsOf(error)) : common.failed(error)),
  }
}

const readRequest = (message: IncomingMessage): GcsRequest | { readonly error: unknown } => {
  try {
    return parseRequest(message)
  } catch (error) {
    return { error }
  }
}

/** What a request asks, and of what. */
export const aboutRequest = (request: GcsRequest): Pick<Exchange, 'operation' | 'bucket' | 'key' | 'listing'> => {
  const { operation, names } = findRoute(request)
  return {
    operation: tokenOperation(request) ?? operation,
    bucket: names[0] ?? '',
    key: names[1] ?? request.query.get('name') ?? '',
    listing: operation === 'objects.list',
  }
}

/** What is not the JSON API: tokens. */
const tokenOperation = ({ method, segments }: GcsRequest): 'token' | 'subjectToken' | undefined => {
  const path = segments.join('/')
  if (method === 'POST' && (path === 'token' || path === 'v1/token')) return 'token'
  return method === 'GET' && segments.length === 2 && segments[0] === 'subject-token' ? 'subjectToken' : undefined
}

/** Who sent a request; nobody without a token. @throws authError for a token that is unknown, forged or expired. */
const authenticate = (state: ServerState, request: GcsRequest): ReturnType<typeof accountOfToken> => {
  const header = request.headers.get('authorization')
  const token = header === undefined ? request.query.get('access_token') : /^Bearer (.+)$/i.exec(header)?.[1]
  if (header === undefined && token === undefined) return undefined
  const account = token === undefined ? undefined : accountOfToken(state, token)
  if (account === undefined) throw invalidCredentials()
  return account
}

/** The answer to a token that is unknown, forged or expired. */
export const expiredReply = (): Reply => errorReply(invalidCredentials().failure)

const invalidCredentials = (): ReturnType<typeof failure> =>
  failure('authError', undefined, {
    headers: { 'www-authenticate': 'Bearer realm="https://accounts.google.com/", error="invalid_token"' },
  })

/** "HTTP status and error codes for JSON" in the Cloud Storage documentation. */
export const errorReply = (details: FailureDetails): Reply => {
  const { status, message, reason, domain = 'global', locationType, location } = details
  if (status === 304) return { status, headers: { ...details.headers } }
  const errors = [{ message, domain, reason, locationType, location }]
  return {
    status,
    headers: { 'content-type': 'application/json; charset=UTF-8', ...details.headers },
    body: JSON.stringify({ error: { code: status, message, errors } }),
  }
}

/** Downloads tell what is wrong as text. */
const textReply = (details: FailureDetails): Reply => {
  if (details.status === 304) return errorReply(details)
  const headers = { 'content-type': 'text/html; charset=UTF-8', ...details.headers }
  return { status: details.status, headers, body: details.message }
}

/** What an operation threw; a fault of the server itself is 500 and says what it was. */
const detailsOf = (error: unknown): FailureDetails => {
  if (isFailure(error)) return error.failure
  const message = `The test server failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
  return { status: 500, reason: 'internalError', message }
}
