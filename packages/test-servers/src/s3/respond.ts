import type { ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { Reply } from './call.js'
import type { FailureDetails } from './failure.js'
import type { Fault } from './faults.js'
import { xmlDocument } from './xml.js'

export interface ResponseContext {
  readonly head: boolean
  readonly requestId: string
  readonly hostId: string
  /** Milliseconds since 1970 for the header Date. */
  readonly now: number
}

/** The document of an error. */
export const errorReply = (details: FailureDetails, resource: string, context: ResponseContext): Reply => ({
  status: details.status,
  headers: { ...details.headers },
  // A 304 has no body.
  ...(details.status !== 304 && {
    body: xmlDocument(
      'Error',
      {
        Code: details.code,
        Message: details.message,
        ...details.fields,
        Resource: resource,
        RequestId: context.requestId,
        HostId: context.hostId,
      },
      '',
    ),
  }),
})

/** Writes an answer, with what a fault does to its bytes on the way. Ends when the answer is out or the client is gone. */
export const respond = async (
  response: ServerResponse,
  reply: Reply,
  fault: Fault | undefined,
  context: ResponseContext,
): Promise<void> => {
  const bytes = bodyBytes(reply, fault)
  const brokenAfter = fault !== undefined && 'truncate' in fault ? fault.truncate : reply.brokenAfter
  const length = fault !== undefined && 'contentLength' in fault ? fault.contentLength : bytes?.length
  const isError = reply.status >= 300
  const headers: Record<string, string> = {
    'x-amz-request-id': context.requestId,
    'x-amz-id-2': context.hostId,
    date: new Date(context.now).toUTCString(),
    server: 'AmazonS3',
    ...(typeof reply.body === 'string' && { 'content-type': 'application/xml' }),
    // S3 gives no length with an error of HEAD, since there is no body at all.
    ...(length !== undefined && !(context.head && isError) && { 'content-length': String(length) }),
    ...(bytes === undefined && reply.status !== 204 && reply.status !== 304 && { 'content-length': '0' }),
    ...(fault !== undefined && 'contentLength' in fault && { connection: 'close' }),
    ...reply.headers,
  }
  response.sendDate = false
  response.writeHead(reply.status, headers)
  if (context.head || bytes === undefined) {
    await finish(response)
    return
  }
  if (fault !== undefined && 'reset' in fault && typeof fault.reset === 'number') {
    await writeSome(response, bytes.subarray(0, fault.reset))
    // A reset overtakes bytes that the client has not read yet.
    await delay(20)
    response.socket?.resetAndDestroy()
  } else if (fault !== undefined && 'stall' in fault) {
    await writeSome(response, bytes.subarray(0, fault.stall))
    await gone(response)
  } else if (brokenAfter !== undefined) {
    await writeSome(response, bytes.subarray(0, brokenAfter))
    response.socket?.destroySoon()
  } else await finish(response, bytes)
}

const bodyBytes = ({ body }: Reply, fault: Fault | undefined): Buffer | undefined => {
  if (typeof body !== 'string') return body
  const malformed = fault !== undefined && 'malformedXml' in fault
  return Buffer.from(malformed ? body.slice(0, body.lastIndexOf('</') + 3) : body)
}

const finish = async (response: ServerResponse, bytes?: Buffer): Promise<void> => {
  const ended = gone(response)
  response.end(bytes)
  await ended
}

const writeSome = async (response: ServerResponse, bytes: Buffer): Promise<void> => {
  response.flushHeaders()
  if (bytes.length === 0) return
  const left = gone(response)
  await Promise.race([left, new Promise<void>((written) => response.write(bytes, () => written()))])
}

/** Resolves when the answer is out or the connection is closed. */
const gone = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    if (response.destroyed || response.writableFinished) resolve()
    else response.once('close', resolve)
  })
