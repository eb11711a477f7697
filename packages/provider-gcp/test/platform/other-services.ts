import {
  type Front,
  type FrontRequest,
  gcsPlatform,
  type Intercept,
  type Reply,
  startFront,
} from '@backproof/test-servers'
import type { Place } from './place.js'

// Services that speak the JSON API and leave out what is optional in it, or do not know parts of it.

type Json = Record<string, unknown>
type Headers = Readonly<Record<string, string>>

/** Stands before the server of a place, and answers as another service would. */
export interface OtherService extends AsyncDisposable {
  readonly url: string
  behave(way: Intercept | undefined): void
}

export const openOther = async ({ server }: Place): Promise<OtherService> => {
  const front: Front = await startFront({ target: server.url, platform: gcsPlatform() })
  return { url: front.url, behave: front.setIntercept, [Symbol.asyncDispose]: front.close }
}

const isMedia = ({ operation }: FrontRequest): boolean => operation === 'objects.getMedia'

/** Answers about buckets and objects, changed. */
export const documents =
  (change: (json: Json, request: FrontRequest) => unknown): Intercept =>
  async (request, handOn) => {
    const reply = await handOn()
    if (isMedia(request) || reply.status >= 300 || typeof reply.body !== 'string') return reply
    return { ...reply, body: JSON.stringify(change(JSON.parse(reply.body) as Json, request)) }
  }

/** Pages of listings, changed. */
export const pages = (change: (page: Json, items: readonly Json[]) => unknown): Intercept =>
  documents((json, { operation }) =>
    operation === 'objects.list' ? change(json, (json['items'] ?? []) as readonly Json[]) : json,
  )

/** Whatever tells of an object, in listings and by itself, changed. */
export const resources = (change: (resource: Json) => Json): Intercept =>
  documents((json, { operation }) => {
    if (operation === 'objects.get') return change(json)
    const items = json['items'] as readonly Json[] | undefined
    return items === undefined ? json : { ...json, items: items.map(change) }
  })

/** Answers with bytes, changed. */
export const media =
  (change: (reply: Reply, headers: Headers) => Reply): Intercept =>
  async (request, handOn) => {
    const reply = await handOn()
    return isMedia(request) && reply.status < 300 ? change(reply, reply.headers ?? {}) : reply
  }

export const without = (headers: Headers, names: RegExp): Headers =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !names.test(name)))

/** One after the other. */
export const both =
  (first: Intercept, second: Intercept): Intercept =>
  (request, handOn) =>
    second(request, async () => first(request, handOn))

/** The server is not told these parameters, and these headers. */
export const ignoring =
  ({ server }: Place, names: readonly string[], headers: readonly string[] = []): Intercept =>
  async (request, handOn) => {
    const { operation, bucket, key, query } = request
    if (!names.some((name) => query.has(name)) && !headers.some((name) => request.headers.has(name))) return handOn()
    const kept = new URLSearchParams([...query].filter(([name]) => !names.includes(name)))
    const path = operation === 'objects.list' ? 'o' : `o/${encodeURIComponent(key)}`
    const sent = [...request.headers].filter(
      ([name]) => name !== 'host' && name !== 'connection' && !headers.includes(name),
    )
    // With gzip as content encoding, `fetch` would decompress: those are not asked for in this way.
    const answer = await fetch(`${server.url}/storage/v1/b/${bucket}/${path}?${kept}`, { headers: sent })
    const bytes = Buffer.from(await answer.arrayBuffer())
    const told = without(
      Object.fromEntries(answer.headers),
      /^(?:connection|content-length|transfer-encoding|keep-alive)$/,
    )
    return { status: answer.status, headers: told, body: isMedia(request) ? bytes : bytes.toString() }
  }

/** These operations are not known. */
export const refusing =
  (operations: readonly string[], status: number, reason: string): Intercept =>
  (request, handOn) =>
    operations.includes(request.operation)
      ? {
          status,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ error: { code: status, message: reason } }),
        }
      : handOn()

/** At most so many rows a page, whatever was asked for. */
export const shortPages = (rows: number): Intercept =>
  pages((page, items) => {
    if (!Array.isArray(items) || items.length <= rows) return page
    const { name, generation } = items[rows - 1] as { readonly name: string; readonly generation: string }
    const nextPageToken = Buffer.from(JSON.stringify([name, generation])).toString('base64')
    return { ...page, items: items.slice(0, rows), nextPageToken }
  })

/** Before each page comes one without a row that leads to it. */
export const emptyPagesBetween = (): Intercept => {
  const seen = new Map<string, string | undefined>()
  return async (request, handOn) => {
    const token = request.query.get('pageToken')
    if (request.operation !== 'objects.list' || request.query.get('maxResults') !== '1000') return handOn()
    const reply = await handOn()
    const page = JSON.parse(String(reply.body)) as Json
    if (token === undefined || seen.has(token) || page['items'] === undefined) return reply
    // The same place by another token: its base64 without the padding, or with a line end.
    seen.set(token, token)
    const again = token.endsWith('=') ? token.replace(/=+$/, '') : `${token}=`
    seen.set(again, token)
    return { ...reply, body: JSON.stringify({ kind: 'storage#objects', nextPageToken: again }) }
  }
}
