/** A source that no package has: a folder on a WebDAV server (RFC 4918), pinned by ETag. `webdav.test.ts` proves it. */
import { BackupError, type BackupErrorOptions, type ErrorCode } from '@backproof/core/errors'
import type { BackupSource, CallOptions, JsonValue, ObjectEntry, ProviderDescriptor } from '@backproof/core/source'
import { compareKeys, escapeKey, keyFromBytes } from '@backproof/core/source'
import { XMLParser } from 'fast-xml-parser'

export interface WebdavOptions {
  /** `http:` or `https:`, without user and password. */
  readonly url: string
  /** The header `Authorization`, for example `Bearer ...`. Default: none. */
  readonly authorization?: string | undefined
}

/** The percent-encoded path of a file, or of a folder (with a slash at the end), and the state that reads are pinned to. */
type Ref = { readonly path: string; readonly etag: string; readonly size: number }
type Found = ObjectEntry & { readonly ref: Ref }

const fault = (code: ErrorCode, subject: string, what: string, more?: Partial<BackupErrorOptions>): BackupError =>
  new BackupError({ code, message: `${escapeKey(subject)}: ${what}`, provider: 'webdav', subject, ...more })

const CODES: Readonly<Record<number, ErrorCode>> = {
  ...{ 401: 'access-denied', 403: 'access-denied', 404: 'not-found', 410: 'not-found', 412: 'changed' },
  ...{ 408: 'timeout', 423: 'unavailable', 429: 'throttled', 504: 'timeout' },
}

const readRef = (given: JsonValue): Ref => {
  const { path, etag, size } = Object(given) as Partial<Ref>
  if (typeof path === 'string' && typeof etag === 'string' && typeof size === 'number') return { path, etag, size }
  throw fault('invalid-config', 'ref', 'it is none that this source gave out.')
}

/** Bytes of a name that are not UTF-8 are kept. */
const entryOf = (ref: Ref, kind: 'object' | 'special'): Found => {
  const text = ref.path.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  const keyBytes = Buffer.from(text, 'latin1')
  const key = keyFromBytes(keyBytes)
  return { key, ...(!Buffer.from(key).equals(keyBytes) && { keyBytes }), ref, kind, size: ref.size }
}

const xml = new XMLParser({ removeNSPrefix: true, parseTagValue: false, htmlEntities: true })
const parsed = async (response: Response) => xml.parse(await response.text(), true)

export const webdavSource = ({ url, authorization }: WebdavOptions): BackupSource => {
  const base = new URL(url.replace(/\/*$/, '/'))
  if (base.username !== '' || base.password !== '')
    throw fault('invalid-config', base.host, 'the URL holds credentials; give them as `authorization` instead.')
  const uri = `${base.protocol === 'https:' ? 'webdavs' : 'webdav'}://${base.host}${base.pathname}`
  const disposed = new AbortController()

  const request = async (method: string, path: string, more: Record<string, string>, given?: AbortSignal) => {
    const signal = AbortSignal.any([disposed.signal, ...(given === undefined ? [] : [given])])
    const broken = (cause: unknown): never => {
      signal.throwIfAborted()
      throw fault('unavailable', uri + path, 'the answer broke off, or none came.', { cause })
    }
    const headers = { ...more, 'accept-encoding': 'identity', ...(authorization !== undefined && { authorization }) }
    // A redirect could carry the credentials elsewhere.
    const response = await fetch(base.href + path, { method, headers, signal, redirect: 'error' }).catch(broken)
    if (response.ok) return { response, signal, broken }
    await response.body?.cancel()
    const code = CODES[response.status] ?? (response.status >= 500 ? 'unavailable' : 'unsupported')
    const retryAfterMs = Number(response.headers.get('retry-after')) * 1_000 || undefined
    throw fault(code, uri + path, `${method} was answered with ${response.status}.`, { retryAfterMs })
  }

  /** What a path is (depth 0), or that and what the folder holds (depth 1), in key order: folders sort as `name/`. */
  const find = async (path: string, depth: 0 | 1, given?: AbortSignal): Promise<Found[]> => {
    const { response, broken } = await request('PROPFIND', path, { depth: String(depth) }, given)
    const { multistatus } = await parsed(response).catch(broken)
    if (multistatus?.response === undefined) throw fault('unsupported', uri + path, 'the answer is none of WebDAV.')
    const found = [multistatus.response].flat().map(({ href, propstat }): Found => {
      const { resourcetype, getetag, getcontentlength } = Object.assign({}, ...[propstat].flat().map((it) => it.prop))
      const isFolder = typeof resourcetype === 'object'
      // Some servers leave the slash of a folder out.
      const { pathname } = new URL(String(href).replace(/\/*$/, isFolder ? '/' : ''), base)
      if (!pathname.startsWith(base.pathname + path)) throw fault('contract', uri + path, `it lists ${pathname}.`)
      const ref = { path: pathname.slice(base.pathname.length), etag: String(getetag), size: Number(getcontentlength) }
      if (isFolder) return entryOf({ ...ref, size: 0 }, 'special')
      if (ref.etag.startsWith('"') && ref.size >= 0) return entryOf(ref, 'object')
      throw fault('unsupported', uri + ref.path, 'the server tells no strong ETag or no size, so nothing pins a read.')
    })
    return found.sort((a, b) => compareKeys(a.key, b.key))
  }

  /** Depth first, in pages of files that stand together. A folder of one level is in memory at a time. */
  async function* walk(folder: string, after: string, signal?: AbortSignal): AsyncGenerator<ObjectEntry[]> {
    const page: ObjectEntry[] = []
    for (const entry of await find(folder, 1, signal)) {
      const isAhead = compareKeys(entry.key, after) > 0
      if (entry.kind === 'object' && isAhead) page.push(entry)
      if (entry.kind === 'object' || entry.ref.path === folder || !(isAhead || after.startsWith(entry.key))) continue
      if (page.length > 0) yield page.splice(0)
      yield* walk(entry.ref.path, after, signal)
    }
    if (page.length > 0) yield page
    signal?.throwIfAborted()
  }

  const stat = async (ref: JsonValue, { signal }: CallOptions = {}): Promise<Found> => {
    const { path } = readRef(ref)
    const [entry] = await find(path, 0, signal)
    if (entry?.kind === 'object') return entry
    throw fault('not-found', uri + path, 'there is no such file (any more).')
  }

  return {
    specVersion: 'v1',
    uri,
    stat,
    list: ({ after = '', signal } = {}) => walk('', after, signal),
    async describe({ signal } = {}) {
      const [root] = await find('', 0, signal)
      if (root?.kind !== 'special') throw fault('invalid-config', uri, 'it is no folder; give one.')
      const [listingDigests, statDigests] = [Object.freeze([]), Object.freeze([])]
      const traits = { keyOrder: 'utf8', access: 'random', pinning: 'etag', readCost: 'paid', place: uri } as const
      return Object.freeze({ ...traits, listingDigests, statDigests, rangeReads: false, versions: false })
    },
    async read(given, options = {}) {
      const ref = readRef(given)
      if (options.range !== undefined) throw fault('unsupported', uri + ref.path, 'this source has no range reads.')
      const { response, signal, broken } = await request('GET', ref.path, { 'if-match': ref.etag }, options.signal)
      const reader = (response.body ?? new Blob([]).stream()).getReader()
      let left = ref.size
      const next = async (): Promise<IteratorResult<Uint8Array>> => {
        const step = await reader.read().catch((cause: unknown) => ({ done: true as const, value: undefined, cause }))
        signal.throwIfAborted()
        left -= step.value?.length ?? 0
        if (step.done !== true) return step
        // A file that changes under the server may end a body early: then that is what to tell.
        const now = await stat(ref, { signal })
        if (now.ref.etag !== ref.etag) throw fault('changed', uri + ref.path, 'it was changed while it was read.')
        if ('cause' in step) broken(step.cause)
        if (left !== 0) throw fault('corrupt', uri + ref.path, `${ref.size - left} bytes came, not ${ref.size}.`)
        return step
      }
      const close = async () => ({ done: true as const, value: await reader.cancel().catch(() => undefined) })
      return { info: entryOf(ref, 'object'), body: { [Symbol.asyncIterator]: () => ({ next, return: close }) } }
    },
    [Symbol.asyncDispose]: async () => disposed.abort(fault('invalid-config', uri, 'it was closed; open it again.')),
  }
}

/** `webdav://host/folder` over http, `webdavs://` over https; credentials from WEBDAV_AUTH. */
export const provider: ProviderDescriptor = {
  specVersion: 'v1',
  name: 'webdav',
  schemes: ['webdav', 'webdavs'],
  fromUri: (uri) => webdavSource({ url: uri.replace(/^webdav/, 'http'), authorization: process.env['WEBDAV_AUTH'] }),
}
