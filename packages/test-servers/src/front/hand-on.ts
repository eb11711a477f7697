import { isUtf8 } from 'node:buffer'
import { type IncomingMessage, request as send } from 'node:http'
import { readBody } from '../http/message.js'
import type { Reply } from '../http/reply.js'

/** Headers between two neighbours (RFC 9110, 7.6.1), and the length, which follows from the body. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade']

/**
 * Asks `target` what `message` asks, under the same path and Host, so that signatures stay right.
 * Documents come as text, anything else as bytes. Rejects when the server cannot be reached or breaks off.
 */
export const handOn = async (target: URL, message: IncomingMessage, body: Buffer): Promise<Reply> => {
  const { hostname, port } = target
  const { method, url, headers } = message
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = send({ hostname, port, method, path: url, headers, agent: false }, resolve)
    sent.once('error', reject)
    sent.end(body)
  })
  const bytes = await readBody(answer)
  const length = answer.headers['content-length']
  const head = method === 'HEAD'
  if (bytes === undefined || (!head && length !== undefined && Number(length) !== bytes.length))
    throw new Error(`The server behind the front broke off its answer to ${method} ${url?.split('?', 1)[0]}`)
  const status = answer.statusCode ?? 502
  const kept = Object.entries(answer.headers).flatMap(([name, value]) =>
    value === undefined || HOP_BY_HOP.includes(name) || (name === 'content-length' && !head)
      ? []
      : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
  )
  // An object may be called one, whatever it is.
  const isDocument = /\b(?:xml|json)\b/.test(answer.headers['content-type'] ?? '') && isUtf8(bytes)
  const hasBody = !head && status !== 204 && status !== 304
  return {
    status,
    headers: Object.fromEntries(kept),
    ...(hasBody && { body: isDocument ? bytes.toString() : bytes }),
  }
}
