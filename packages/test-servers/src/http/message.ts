import type { IncomingMessage } from 'node:http'

/** A request line and headers taken apart, the same for all platforms. */
export interface RequestParts {
  readonly method: string
  /** As it came, percent-encoded, without the query. */
  readonly rawPath: string
  /** All parameters in the order in which they came, decoded. A parameter without a value has an empty one. */
  readonly parameters: readonly (readonly [string, string])[]
  /** Of repeated parameters the last counts. */
  readonly query: ReadonlyMap<string, string>
  /** Names in lower case; bytes as Latin-1; repeated headers joined by a comma. */
  readonly headers: ReadonlyMap<string, string>
}

/** @throws URIError for a query that is not percent-encoded UTF-8. */
export const takeApart = (message: IncomingMessage): RequestParts => {
  const target = message.url ?? '/'
  const cut = target.indexOf('?')
  const parameters = cut < 0 ? [] : parseQuery(target.slice(cut + 1))
  return {
    method: message.method ?? 'GET',
    rawPath: cut < 0 ? target : target.slice(0, cut),
    parameters,
    query: new Map(parameters),
    headers: joinHeaders(message.rawHeaders),
  }
}

/** Pairs of a query or a form, decoded, in their order. @throws URIError for what is not percent-encoded UTF-8. */
export const parseQuery = (text: string): (readonly [string, string])[] =>
  text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const cut = pair.indexOf('=')
      const part = (raw: string): string => decodeURIComponent(raw.replaceAll('+', ' '))
      return cut < 0 ? [part(pair), ''] : [part(pair.slice(0, cut)), part(pair.slice(cut + 1))]
    })

const joinHeaders = (raw: readonly string[]): Map<string, string> => {
  const headers = new Map<string, string>()
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase()
    const before = headers.get(name)
    headers.set(name, before === undefined ? raw[i + 1]! : `${before},${raw[i + 1]!}`)
  }
  return headers
}

/** The whole body; `undefined` when the connection breaks off before its end. */
export const readBody = async (message: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of message) chunks.push(chunk as Buffer)
  } catch {
    return undefined
  }
  return Buffer.concat(chunks)
}
