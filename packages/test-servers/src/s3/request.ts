import type { IncomingMessage } from 'node:http'
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

/** Takes the target and headers of `message` apart: path-style, or virtual-host style for `<bucket>.localhost`. */
export const parseRequest = (message: IncomingMessage): S3Request => {
  const target = message.url ?? '/'
  const cut = target.indexOf('?')
  const path = decode(cut < 0 ? target : target.slice(0, cut))
  const parameters = cut < 0 ? [] : parseQuery(target.slice(cut + 1))
  const headers = joinHeaders(message.rawHeaders)
  const hosted = /^(.+)\.localhost(?::\d+)?$/i.exec(headers.get('host') ?? '')?.[1]
  const rest = path.slice(1)
  const slash = rest.indexOf('/')
  const pathBucket = slash < 0 ? rest : rest.slice(0, slash)
  const pathKey = slash < 0 ? '' : rest.slice(slash + 1)
  return {
    method: message.method ?? 'GET',
    path,
    bucket: hosted ?? pathBucket,
    // The JavaScript SDK writes one slash too many where it addresses a directory bucket by its path.
    key: hosted !== undefined ? rest : pathBucket.endsWith('--x-s3') ? pathKey.replace(/^\//, '') : pathKey,
    query: new Map(parameters),
    parameters,
    headers,
  }
}

const parseQuery = (text: string): (readonly [string, string])[] =>
  text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const cut = pair.indexOf('=')
      const part = (raw: string): string => decode(raw.replaceAll('+', ' '))
      return cut < 0 ? [part(pair), ''] : [part(pair.slice(0, cut)), part(pair.slice(cut + 1))]
    })

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    throw failure('InvalidURI')
  }
}

const joinHeaders = (raw: readonly string[]): Map<string, string> => {
  const headers = new Map<string, string>()
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase()
    const before = headers.get(name)
    headers.set(name, before === undefined ? raw[i + 1]! : `${before},${raw[i + 1]!}`)
  }
  return headers
}

/** The whole body. @throws IncompleteBody when the connection breaks off before its end. */
export const readBody = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of message) chunks.push(chunk as Buffer)
  } catch {
    throw failure('IncompleteBody')
  }
  return Buffer.concat(chunks)
}

/** A header that holds a whole number from 0. @throws InvalidArgument for anything else. */
export const wholeNumber = (text: string | undefined, name: string): number | undefined => {
  if (text === undefined || text === '') return undefined
  if (!/^\d{1,15}$/.test(text))
    throw failure('InvalidArgument', `Provided ${name} not an integer or within integer range`)
  return Number(text)
}
