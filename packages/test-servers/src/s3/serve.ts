import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Exchange } from '../http/exchange.js'
import { type Reply, withHeaders } from '../http/reply.js'
import type { ServerState } from './call.js'
import { type FailureDetails, failure, isFailure } from './failure.js'
import { handle } from './handle.js'
import { parseRequest, type S3Request } from './request.js'
import { route } from './routes.js'
import { xmlDocument } from './xml.js'

/** How S3 answers one request. */
export const s3Exchange = (state: ServerState, message: IncomingMessage): Exchange => {
  const ids = makeIds()
  const request = readRequest(message)
  const resource = 'error' in request ? (message.url ?? '/') : request.path
  const document = (details: FailureDetails): Reply => errorReply(details, resource, ids)
  const common = {
    failed: (error: unknown): Reply => document(detailsOf(error)),
    injected: ({ status, code, message: text = 'Injected by the test.', headers }) =>
      document({ status, code, message: text, headers }),
    expired: () => document(EXPIRED),
    dress: (reply) => ({ ...reply, headers: { ...commonHeaders(reply, ids, state.now()), ...reply.headers } }),
  } satisfies Partial<Exchange>
  if ('error' in request) {
    const answer = (): never => {
      throw request.error
    }
    return { ...common, operation: 'Unreadable', bucket: '', key: '', query: new Map(), listing: false, answer }
  }
  const routed = route(request)
  return {
    ...common,
    operation: routed.operation,
    bucket: request.bucket,
    key: request.key,
    query: request.query,
    listing: isListing(routed.operation),
    answer: (body) => {
      if (body === undefined) throw failure('IncompleteBody')
      return handle(state, request, routed, body)
    },
    failed: (error) => withRegion(common.failed(error), state, request),
  }
}

/** Whether an operation gives pages of objects. */
export const isListing = (operation: string): boolean => operation.startsWith('ListObject')

export const makeIds = (): Ids => ({
  RequestId: randomBytes(8).toString('hex').toUpperCase(),
  HostId: randomBytes(48).toString('base64'),
})

export const EXPIRED: FailureDetails = {
  status: 400,
  code: 'ExpiredToken',
  message: 'The provided token has expired.',
}

const readRequest = (message: IncomingMessage): S3Request | { readonly error: unknown } => {
  try {
    return parseRequest(message)
  } catch (error) {
    return { error }
  }
}

/** Of a request. */
export interface Ids {
  readonly RequestId: string
  readonly HostId: string
}

const commonHeaders = (reply: Reply, ids: Ids, now: number): Record<string, string> => ({
  'x-amz-request-id': ids.RequestId,
  'x-amz-id-2': ids.HostId,
  date: new Date(now).toUTCString(),
  server: 'AmazonS3',
  ...(typeof reply.body === 'string' && { 'content-type': 'application/xml' }),
})

/** The document of an error. */
export const errorReply = (details: FailureDetails, resource: string, ids: Ids): Reply => ({
  status: details.status,
  headers: { ...details.headers },
  // A 304 has no body.
  ...(details.status !== 304 && {
    body: xmlDocument(
      'Error',
      { Code: details.code, Message: details.message, ...details.fields, Resource: resource, ...ids },
      '',
    ),
  }),
})

/** What an operation threw; a fault of the server itself is 500 and says what it was. */
const detailsOf = (error: unknown): FailureDetails => {
  if (isFailure(error)) return error.failure
  const message = `The test server failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
  return { status: 500, code: 'InternalError', message }
}

/** HeadBucket tells the region also to those who may not use the bucket. */
const withRegion = (reply: Reply, state: ServerState, request: S3Request): Reply => {
  const bucket = state.buckets.get(request.bucket)
  if (request.method !== 'HEAD' || request.key !== '' || bucket === undefined) return reply
  return withHeaders(reply, { 'x-amz-bucket-region': bucket.region })
}
