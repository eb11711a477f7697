import { compare } from '@backproof/core/compare'
import { memorySource } from '@backproof/core/testing'
import { verify } from '@backproof/core/verify'
import type { GcsPutOptions, Intercept } from '@backproof/test-servers'
import { bytesOf, QUICK, told } from '@backproof/test-servers/suites'
import { afterAll, describe, expect, it } from 'vitest'
import {
  both,
  documents,
  emptyPagesBetween,
  ignoring,
  media,
  openOther,
  pages,
  refusing,
  resources,
  shortPages,
  without,
} from './other-services.js'
import { openPlace } from './place.js'

const place = await openPlace()
const other = await openOther(place)
afterAll(() => other[Symbol.asyncDispose]())

const KINDS: Readonly<Record<string, readonly [Buffer, GcsPutOptions]>> = {
  'a composite': [bytesOf(3_000, 1), { componentCount: 2 }],
  'b empty': [Buffer.alloc(0), {}],
  'c gzip': [bytesOf(3_000, 2), { contentEncoding: 'gzip' }],
  'd html': [bytesOf(3_000, 3), { contentType: 'text/html' }],
  'e json': [bytesOf(3_000, 4), { contentType: 'application/json' }],
  'f plain': [bytesOf(3_000, 5), {}],
  'g rotten': [bytesOf(3_000, 6), {}],
  'ö/+%2F ': [bytesOf(3_000, 7), {}],
}
const few = await place.bucket(KINDS)
place.server.admin.corrupt(few, 'g rotten', 1_234)
const fewFiles = memorySource(Object.entries(KINDS).map(([key, [bytes]]) => [key, bytes] as const))

/** Four pages of 100 rows: services may give fewer than they were asked for. */
const MANY = 345
const rows = Array.from(
  { length: MANY },
  (_, i) => [`k/${String(i * 7).padStart(6, '0')}`, Buffer.from(`${i}`)] as const,
)
const many = await place.bucket(Object.fromEntries(rows.map(([key, bytes]) => [key, [bytes]])))
const manyFiles = memorySource(rows)

const GOOGLE = /^x-(?:goog|guploader)-/
const BARE =
  /^(?:x-goog-.*|x-guploader-.*|etag|last-modified|accept-ranges|cache-control|content-disposition|date|server|vary)$/

const dropped = (...names: readonly string[]): Intercept =>
  resources((resource) => Object.fromEntries(Object.entries(resource).filter(([name]) => !names.includes(name))))
const bareMedia = media((reply, headers) => ({ ...reply, headers: without(headers, BARE) }))

/** Each must tell what an honest service tells. */
const WAYS: Readonly<Record<string, Intercept>> = {
  'tells all': (_, handOn) => handOn(),
  'downloads without the headers of Google': media((reply, headers) => ({
    ...reply,
    headers: without(headers, GOOGLE),
  })),
  'downloads with nothing but their type and length': bareMedia,
  'downloads in chunks, without a length': media((reply, headers) => ({ ...reply, headers, chunked: true })),
  'downloads in chunks, with nothing but their type': both(
    bareMedia,
    media((reply) => ({ ...reply, chunked: true })),
  ),
  'headers in another case': media((reply, headers) => ({
    ...reply,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase()),
        value,
      ]),
    ),
  })),
  'no kinds': documents(({ kind: _, ...json }) => json),
  'no times': dropped('updated', 'timeCreated', 'timeFinalized', 'timeStorageClassUpdated'),
  'no storage class': dropped('storageClass'),
  'numbers that are numbers': resources(({ size, generation, ...rest }) => ({
    ...rest,
    size: Number(size),
    generation: Number(generation),
  })),
  'members that nobody asked for': resources((resource) => ({
    ...resource,
    selfLink: 'http://elsewhere.invalid',
    owner: { entity: 'user-x' },
    metadata: { size: '1', md5Hash: 'x' },
    acl: [],
    etag: 'CAE=',
    somethingNew: [{ deep: {} }],
  })),
  'an empty token at the end': pages((page) => ({ nextPageToken: '', ...page })),
  'null where nothing is': pages((page) => ({ nextPageToken: null, prefixes: null, ...page })),
  'pages of 3 rows': shortPages(3),
  'empty pages among the others': emptyPagesBetween(),
  'no startOffset': ignoring(place, ['startOffset']),
  'no endOffset': ignoring(place, ['endOffset']),
  'no offsets': ignoring(place, ['startOffset', 'endOffset']),
  'no offsets, and short pages': both(ignoring(place, ['startOffset', 'endOffset']), shortPages(30)),
  'no settings of buckets (501)': refusing(['buckets.get', 'buckets.getStorageLayout'], 501, 'notImplemented'),
  'no settings of buckets (404)': refusing(['buckets.get', 'buckets.getStorageLayout'], 404, 'Not Found'),
  'no settings of buckets (405)': refusing(['buckets.get', 'buckets.getStorageLayout'], 405, 'Method Not Allowed'),
  'no layout': refusing(['buckets.getStorageLayout'], 404, 'Not Found'),
  'no generation for downloads': ignoring(place, ['generation'], []),
}

describe.each(Object.entries(WAYS))('a service of which this is known: %s', (name, way) => {
  const opened = (bucket: string, listConcurrency: number) => {
    const one = name === 'no generation for downloads' ? exceptGzip(way) : way
    other.behave(both(one, shortPages(100)))
    return place.source(bucket, { endpoint: other.url, listConcurrency })
  }

  it('what is stored is proven, key for key', async () => {
    for (const listConcurrency of [1, 4]) {
      const replicas = [opened(many, listConcurrency)]
      const { result } = await compare({ source: manyFiles, replicas, retry: QUICK }).report()
      expect(result).toMatchObject({ complete: true, totals: { outcomes: { match: MANY } } })
      expect(Object.values(result.totals.outcomes).reduce((a, b) => a + b)).toBe(MANY)
    }
  })

  it('what is read is proven, and what is rotten is found', async () => {
    const run = compare({ source: fewFiles, replicas: [opened(few, 4)], require: 'read', retry: QUICK })
    const findings = []
    for await (const page of run) findings.push(...page)
    expect(findings.map(({ key, outcome }) => `${key}: ${outcome}`)).toEqual(
      Object.keys(KINDS).map((key) => `${key}: ${key === 'g rotten' ? 'mismatch' : 'match'}`),
    )
    const { result } = await verify({ source: opened(few, 4), retry: QUICK }).report()
    expect(result.totals.outcomes).toMatchObject({ match: 7, mismatch: 1 })
    expect(result.findings.map(told)).toEqual([expect.stringMatching(/^mismatch digest \w+ source is rotten$/)])
  })
})

/** `fetch`, with which parameters are left out, would decompress. */
const exceptGzip =
  (way: Intercept): Intercept =>
  (request, handOn) =>
    request.key === 'c gzip' ? handOn() : way(request, handOn)

describe('a service that', () => {
  const failure = async (bucket: string, way: Intercept, prefix = '') => {
    other.behave(both(way, shortPages(100)))
    const source = place.source(bucket, { endpoint: other.url, prefix, listConcurrency: 1 })
    return await compare({ source: manyFiles, replicas: [source], retry: QUICK })
      .report()
      .then(
        ({ result }) => result.incomplete[0]?.error,
        (error: unknown) => error,
      )
  }

  it.each([
    ['lists what does not begin with the prefix', ignoring(place, ['prefix']), 'k/001'],
    ['lists in another order', pages((page, items) => ({ ...page, items: items.toReversed() })), ''],
    ['tells a size that is no number', resources((resource) => ({ ...resource, size: 'large' })), ''],
    ['tells no names', dropped('name'), ''],
    ['lists something that is no list', pages((page) => ({ ...page, items: { 0: {} } })), ''],
    ['repeats a row', pages((page, items) => ({ ...page, items: [...items.slice(0, 5), ...items] })), ''],
    ['gives the same page for ever', ignoring(place, ['pageToken']), ''],
  ] as const)('%s cannot be trusted (contract)', async (_, way, prefix) => {
    expect(await failure(many, way, prefix)).toMatchObject({ code: 'contract' })
  })

  it('refuses without reasons, or with a line of text: by the status, with the permission', async () => {
    for (const body of ['{"error":{"code":403,"message":"no"}}', '{"error":"no"}', '{}', 'no', '']) {
      const error = await failure(many, ({ operation }, handOn) =>
        operation === 'objects.list' ? { status: 403, headers: {}, body } : handOn(),
      )
      expect(error).toMatchObject({ code: 'access-denied', message: expect.stringContaining('storage.objects.list') })
    }
  })

  it('gives what is there now, whatever generation it is asked for: changed, never rotten', async () => {
    const bytes = [bytesOf(3_000, 8), bytesOf(3_000, 9)] as const
    for (const bare of [false, true]) {
      const bucket = await place.bucket({ k: [bytes[0]] })
      const present = ignoring(place, ['generation'])
      other.behave(bare ? both(present, both(bareMedia, dropped('etag'))) : present)
      const source = place.source(bucket, { endpoint: other.url })
      const [entry] = (await source.list()[Symbol.asyncIterator]().next()).value!
      await place.server.admin.put(bucket, 'k', bytes[1])
      const read = async () => {
        for await (const _ of (await source.read(entry!.ref)).body);
      }
      await expect(read()).rejects.toMatchObject({ code: 'changed' })
    }
  })

  it('knows no ranges: said, and never taken for damage', async () => {
    const bucket = await place.bucket({ k: [bytesOf(33 * 1024 * 1024)] })
    other.behave(ignoring(place, [], ['range']))
    const { result } = await verify({ source: place.source(bucket, { endpoint: other.url }), retry: QUICK }).report()
    expect(result.findings.map(told)).toEqual(['unverifiable read-failed unsupported (source)'])
  })

  it('tells no length of the whole with a range', async () => {
    const bucket = await place.bucket({ k: [bytesOf(33 * 1024 * 1024)] })
    other.behave(
      media((reply, headers) => ({
        ...reply,
        headers: { ...headers, 'content-range': (headers['content-range'] ?? '').replace(/\d+$/, '*') },
      })),
    )
    const { result } = await verify({ source: place.source(bucket, { endpoint: other.url }), retry: QUICK }).report()
    expect(result.totals.outcomes).toMatchObject({ match: 1 })
  })

  it('does not know versions: what is present is listed', async () => {
    const bucket = await place.bucket({ a: [bytesOf(10)], b: [bytesOf(20)] }, { versioning: true })
    await place.server.admin.put(bucket, 'a', bytesOf(30))
    other.behave(ignoring(place, ['versions']))
    const keys: string[] = []
    for await (const page of place.source(bucket, { endpoint: other.url }).list({ versions: true }))
      keys.push(...page.map(({ key, size }) => `${key} ${size}`))
    expect(keys).toEqual(['a 30', 'b 20'])
  })
})
