/**
 * A source that no package has: a folder on a WebDAV server (RFC 4918), pinned by ETag. Complete; built only against
 * published import paths, and proven by `sourceConformance` in `webdav.test.ts`.
 */
import type { BackupSource, CallOptions, JsonValue, ObjectEntry, ProviderDescriptor } from '@backproof/core/source'
import { compareKeys } from '@backproof/core/source'
import { broken, codeOf, fault } from './errors.js'
import { entryOf, nameOf, type Ref, readRef, responses } from './multistatus.js'

export interface WebdavOptions {
  /** `http:` or `https:`, without user and password. */
  readonly url: string
  /** The header `Authorization`, for example `Bearer ...`. Default: none. */
  readonly authorization?: string | undefined
}

export const webdavSource = ({ url, authorization }: WebdavOptions): BackupSource => {
  const base = new URL(url.replace(/\/*$/, '/'))
  if (base.username !== '' || base.password !== '')
    throw fault('invalid-config', base.host, 'the URL holds credentials; give them as `authorization` instead.')
  const uri = `${base.protocol === 'https:' ? 'webdavs' : 'webdav'}://${base.host}${base.pathname}`
  const disposed = new AbortController()

  const request = async (method: string, path: string, headers: Record<string, string>, signal?: AbortSignal) => {
    const either = signal === undefined ? disposed.signal : AbortSignal.any([signal, disposed.signal])
    either.throwIfAborted()
    const always = { 'accept-encoding': 'identity', ...(authorization !== undefined && { authorization }) }
    // A redirect could carry the credentials elsewhere.
    const init = { method, headers: { ...always, ...headers }, signal: either, redirect: 'error' } as const
    const response = await fetch(base.href + path, init).catch((error: unknown) => broken(error, uri + path, either))
    if (response.ok) return { response, either }
    await response.body?.cancel()
    const seconds = Number(response.headers.get('retry-after'))
    const more = seconds > 0 ? { retryAfterMs: seconds * 1_000 } : {}
    throw fault(codeOf(response.status), uri + path, `${method} was answered with ${response.status}.`, more)
  }

  /** What a path is (depth 0), or that and what the folder holds (depth 1), in key order: folders sort as `name/`. */
  const find = async (path: string, depth: 0 | 1, signal?: AbortSignal): Promise<ObjectEntry[]> => {
    const { response, either } = await request('PROPFIND', path, { depth: String(depth) }, signal)
    const xml = await response.text().catch((error: unknown) => broken(error, uri + path, either))
    return responses(xml)
      .map((part) => entryOf(part, base, uri))
      .sort((a, b) => compareKeys(a.key, b.key))
  }

  /** Depth first. A folder of one level is in memory at a time, and those above it. */
  async function* walk(path: string, after: string, signal?: AbortSignal): AsyncGenerator<ObjectEntry> {
    for (const entry of await find(path, 1, signal)) {
      const { path: found } = readRef(entry.ref)
      if (!found.startsWith(path)) throw fault('contract', uri + path, `the server listed ${found} in it.`)
      const isAhead = compareKeys(entry.key, after) > 0
      if (entry.kind === 'object' && isAhead) yield entry
      const isBelow = entry.kind !== 'object' && found !== path
      if (isBelow && (isAhead || after.startsWith(entry.key))) yield* walk(found, after, signal)
    }
  }

  const stat = async (ref: JsonValue, { signal }: CallOptions = {}): Promise<ObjectEntry> => {
    const { path } = readRef(ref)
    const [entry] = await find(path, 0, signal)
    if (entry?.kind === 'object') return entry
    throw fault('not-found', uri + path, 'there is no such file (any more).')
  }

  async function* bodyOf(response: Response, ref: Ref, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const checkPin = async (): Promise<void> => {
      const now = readRef((await stat(ref, { signal })).ref)
      if (now.etag !== ref.etag) throw fault('changed', uri + ref.path, 'it was changed while it was read; run again.')
    }
    let read = 0
    try {
      // Taken by `read`: a generator that never ran would leave the connection open when it is left.
      yield new Uint8Array()
      for await (const chunk of response.body ?? []) {
        read += chunk.length
        yield chunk
        signal.throwIfAborted()
      }
    } catch (error) {
      signal.throwIfAborted()
      // A file that changes under the server ends a body early: then that is what to tell.
      await checkPin()
      broken(error, uri + ref.path, signal)
    } finally {
      // What failed has been told, and has nothing open.
      await response.body?.cancel().catch(() => undefined)
    }
    await checkPin()
    if (read !== ref.size) throw fault('corrupt', uri + ref.path, `the server sent ${read} of ${ref.size} bytes.`)
  }

  return {
    specVersion: 'v1',
    uri,
    async describe({ signal } = {}) {
      const [root] = await find('', 0, signal)
      if (root?.kind !== 'special') throw fault('invalid-config', uri, 'it is a file; give the folder it lies in.')
      const [listingDigests, statDigests] = [Object.freeze([]), Object.freeze([])]
      const traits = { keyOrder: 'utf8', access: 'random', pinning: 'etag', readCost: 'paid', place: uri } as const
      return Object.freeze({ ...traits, listingDigests, statDigests, rangeReads: false, versions: false })
    },
    async *list({ after = '', signal } = {}) {
      let page: ObjectEntry[] = []
      for await (const entry of walk('', after, signal)) {
        if (page.push(entry) < 1_000) continue
        yield page
        signal?.throwIfAborted()
        page = []
      }
      if (page.length > 0) yield page
    },
    stat,
    async read(given, { range, signal } = {}) {
      const ref = readRef(given)
      if (range !== undefined) throw fault('unsupported', uri + ref.path, 'this source has no range reads.')
      const { response, either } = await request('GET', ref.path, { 'if-match': ref.etag }, signal)
      const info = { ...nameOf(ref.path), ref, kind: 'object', size: ref.size } as const
      const body = bodyOf(response, ref, either)
      await body.next()
      return { info, body }
    },
    async [Symbol.asyncDispose]() {
      disposed.abort(fault('invalid-config', uri, 'the source was disposed of; open it again.'))
    },
  }
}

/** `webdav://host/folder` over http, `webdavs://` over https; credentials from WEBDAV_AUTHORIZATION. */
export const provider: ProviderDescriptor = {
  specVersion: 'v1',
  name: 'webdav',
  schemes: ['webdav', 'webdavs'],
  fromUri: (uri) =>
    webdavSource({ url: uri.replace(/^webdav/, 'http'), authorization: process.env['WEBDAV_AUTHORIZATION'] }),
}
