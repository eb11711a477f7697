import type { IncomingMessage } from 'node:http'
import { type RequestParts, takeApart } from '../http/message.js'
import { failure, invalidParameter } from './failure.js'

/** A request taken apart, before anything is known about who sent it. */
export interface GcsRequest {
  readonly method: string
  /** Segments of the path, decoded: a slash within a name came as `%2F`. */
  readonly segments: readonly string[]
  readonly query: ReadonlyMap<string, string>
  /** All parameters, also repeated ones, decoded. */
  readonly parameters: readonly (readonly [string, string])[]
  readonly headers: ReadonlyMap<string, string>
  /** `http://host:port`, as the client wrote it. */
  readonly origin: string
}

/** @throws invalid for what is not percent-encoded UTF-8. */
export const parseRequest = (message: IncomingMessage): GcsRequest => {
  try {
    return requestOf(takeApart(message))
  } catch (error) {
    if (error instanceof URIError) throw failure('invalid', 'Malformed URI.')
    throw error
  }
}

/** @throws URIError for a path that is not percent-encoded UTF-8. */
export const requestOf = ({ method, rawPath, query, parameters, headers }: RequestParts): GcsRequest => ({
  method: headers.get('x-http-method-override') ?? method,
  segments: rawPath.slice(1).split('/').map(decodeURIComponent),
  query,
  parameters,
  headers,
  origin: `http://${headers.get('host') ?? 'localhost'}`,
})

/** A parameter that holds a whole number from 0, 64 bits. @throws invalidParameter for anything else. */
export const wholeNumber = (request: GcsRequest, name: string): bigint | undefined => {
  const text = request.query.get(name)
  if (text === undefined) return undefined
  if (!/^\d{1,19}$/.test(text))
    throw invalidParameter(name, `Invalid value for ${name}: ${text}. It must be a whole number.`)
  return BigInt(text)
}

/** @throws invalidParameter for what is neither `true` nor `false`. */
export const flag = (request: GcsRequest, name: string): boolean => {
  const text = request.query.get(name)
  if (text !== undefined && text !== 'true' && text !== 'false')
    throw invalidParameter(name, `Invalid value for ${name}: ${text}. It must be true or false.`)
  return text === 'true'
}
