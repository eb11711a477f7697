import type { IncomingMessage } from 'node:http'
import { type RequestParts, takeApart } from '../http/message.js'
import { failure } from './failure.js'

/** A request taken apart, before anything is known about who sent it. */
export interface S3Request {
  readonly method: string
  /** Path as it was signed: with the bucket where it is path-style, decoded. */
  readonly path: string
  /** Empty for requests to the service. */
  readonly bucket: string
  readonly key: string
  /** Decoded. A parameter without a value has an empty one; of repeated ones the last counts. */
  readonly query: ReadonlyMap<string, string>
  /** All parameters in the order in which they came, decoded. */
  readonly parameters: readonly (readonly [string, string])[]
  /** Names in lower case; bytes as Latin-1; repeated headers joined by a comma. */
  readonly headers: ReadonlyMap<string, string>
}

/**
 * Takes the target and headers of `message` apart: see {@link requestOf}.
 *
 * @throws InvalidURI for what is not percent-encoded UTF-8.
 */
export const parseRequest = (message: IncomingMessage): S3Request => {
  try {
    return requestOf(takeApart(message))
  } catch {
    throw failure('InvalidURI')
  }
}

/**
 * Bucket and key of a request: path-style, or virtual-host style for `<bucket>.localhost`.
 *
 * @throws URIError for a path that is not percent-encoded UTF-8.
 */
export const requestOf = ({ method, rawPath, parameters, query, headers }: RequestParts): S3Request => {
  const path = decodeURIComponent(rawPath)
  const hosted = /^(.+)\.localhost(?::\d+)?$/i.exec(headers.get('host') ?? '')?.[1]
  const rest = path.slice(1)
  const slash = rest.indexOf('/')
  const pathBucket = slash < 0 ? rest : rest.slice(0, slash)
  const pathKey = slash < 0 ? '' : rest.slice(slash + 1)
  return {
    method,
    path,
    bucket: hosted ?? pathBucket,
    // The JavaScript SDK writes one slash too many where it addresses a directory bucket by its path.
    key: hosted !== undefined ? rest : pathBucket.endsWith('--x-s3') ? pathKey.replace(/^\//, '') : pathKey,
    query,
    parameters,
    headers,
  }
}

/** A header that holds a whole number from 0. @throws InvalidArgument for anything else. */
export const wholeNumber = (text: string | undefined, name: string): number | undefined => {
  if (text === undefined || text === '') return undefined
  if (!/^\d{1,15}$/.test(text))
    throw failure('InvalidArgument', `Provided ${name} not an integer or within integer range`)
  return Number(text)
}
