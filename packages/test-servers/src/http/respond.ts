import type { ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { Fault } from './faults.js'
import type { Reply } from './reply.js'

/**
 * Writes an answer, with what a fault does to its bytes on the way. Ends when the answer is out or the client is gone.
 *
 * @param head whether the request was HEAD, whose answer has no body.
 */
export const respond = async (
  response: ServerResponse,
  reply: Reply,
  fault: Fault | undefined,
  head: boolean,
): Promise<void> => {
  const bytes = bodyBytes(reply, fault)
  const brokenAfter = fault !== undefined && 'truncate' in fault ? fault.truncate : reply.brokenAfter
  response.sendDate = false
  const lengths = lengthHeaders(reply, bytes, fault, head)
  const isWrong = fault !== undefined && 'contentLength' in fault
  response.writeHead(reply.status, isWrong ? { ...reply.headers, ...lengths } : { ...lengths, ...reply.headers })
  if (head || bytes === undefined) {
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
  const malformed = fault !== undefined && 'malformed' in fault
  return Buffer.from(malformed ? body.slice(0, breakingPoint(body)) : body)
}

/** XML breaks off in its last tag, where only a parser that looks at the end notices; other text in the middle. */
const breakingPoint = (body: string): number =>
  body.startsWith('<') ? body.lastIndexOf('</') + 3 : Math.floor(body.length / 2)

const lengthHeaders = (
  { status, chunked }: Reply,
  bytes: Buffer | undefined,
  fault: Fault | undefined,
  head: boolean,
): Record<string, string> => {
  const wrong = fault !== undefined && 'contentLength' in fault ? fault.contentLength : undefined
  const length = wrong ?? bytes?.length
  if (chunked === true && wrong === undefined) return {}
  if (length === undefined) return status === 204 || status === 304 ? {} : { 'content-length': '0' }
  // No length comes with an error of HEAD, since there is no body at all.
  if (head && status >= 300) return {}
  return { 'content-length': String(length), ...(wrong !== undefined && { connection: 'close' }) }
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
