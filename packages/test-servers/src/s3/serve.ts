import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { Reply, ServerState } from './call.js'
import { isFailure } from './failure.js'
import type { Fault, FaultFunction } from './faults.js'
import { handle } from './handle.js'
import { parseRequest, readBody, type S3Request } from './request.js'
import type { RequestRecorder } from './requests.js'
import { errorReply, type ResponseContext, respond } from './respond.js'
import { type Routed, route } from './routes.js'

export interface ServeContext {
  readonly state: ServerState
  readonly recorder: RequestRecorder
  readonly fault: () => FaultFunction | undefined
  /** The last page of each listing, by operation and bucket, for the fault that repeats it. */
  readonly pages: Map<string, Reply>
  /** Aborts when the server closes. */
  readonly closing: AbortSignal
}

/** Answers one request. Rejects only for faults of the server itself. */
export const serve = async (
  context: ServeContext,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const about: ResponseContext = {
    head: message.method === 'HEAD',
    requestId: randomBytes(8).toString('hex').toUpperCase(),
    hostId: randomBytes(48).toString('base64'),
    now: context.state.now(),
  }
  let request: S3Request
  try {
    request = parseRequest(message)
  } catch (error) {
    await respond(response, failed(error, message.url ?? '/', about), undefined, about)
    return
  }
  const routed = route(request)
  const { bucket, key } = request
  const record = (status: number): void =>
    context.recorder.answered({ operation: routed.operation, bucket, key, status })
  const count = context.recorder.arrived(routed.operation)
  const fault = context.fault()?.({ operation: routed.operation, bucket, key, count, query: request.query })
  if (fault !== undefined && 'reset' in fault && fault.reset === 'before-headers') {
    record(0)
    message.socket.resetAndDestroy()
    return
  }
  if (fault !== undefined && 'delayMs' in fault) await delay(fault.delayMs, undefined, { signal: context.closing })
  const reply = await answer(context, message, request, routed, fault, about)
  record(reply.status)
  await respond(response, reply, fault, about)
}

const answer = async (
  context: ServeContext,
  message: IncomingMessage,
  request: S3Request,
  routed: Routed,
  fault: Fault | undefined,
  about: ResponseContext,
): Promise<Reply> => {
  try {
    const body = await readBody(message)
    const injected = faultReply(fault, request, about)
    if (injected !== undefined) return injected
    const page = `${routed.operation} ${request.bucket}`
    if (fault !== undefined && 'repeatToken' in fault) {
      const repeated = context.pages.get(page)
      if (repeated !== undefined) return repeated
    }
    const reply = await handle(context.state, request, routed, body)
    if (routed.operation.startsWith('ListObject')) context.pages.set(page, reply)
    return reply
  } catch (error) {
    return withRegion(failed(error, request.path, about), context.state, request)
  }
}

const faultReply = (fault: Fault | undefined, request: S3Request, about: ResponseContext): Reply | undefined => {
  if (fault === undefined) return undefined
  if ('expiredToken' in fault) {
    const message = 'The provided token has expired.'
    return errorReply({ status: 400, code: 'ExpiredToken', message }, request.path, about)
  }
  if (!('status' in fault)) return undefined
  const { status, code, message = 'Injected by the test.', headers } = fault
  return errorReply({ status, code, message, ...(headers && { headers }) }, request.path, about)
}

/** The answer to what an operation threw; a fault of the server itself is 500 and says what it was. */
const failed = (error: unknown, resource: string, about: ResponseContext): Reply => {
  if (isFailure(error)) return errorReply(error.failure, resource, about)
  const message = `The test server failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
  return errorReply({ status: 500, code: 'InternalError', message }, resource, about)
}

/** HeadBucket tells the region also to those who may not use the bucket. */
const withRegion = (reply: Reply, state: ServerState, request: S3Request): Reply => {
  const bucket = state.buckets.get(request.bucket)
  if (request.method !== 'HEAD' || request.key !== '' || bucket === undefined) return reply
  return { ...reply, headers: { ...reply.headers, 'x-amz-bucket-region': bucket.region } }
}
