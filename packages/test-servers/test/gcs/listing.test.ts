import { compareKeys } from '@backproof/core/source'
import type { GcsServer } from '@backproof/test-servers'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { json, O, send, startServer } from './clients.js'

interface Page {
  readonly kind: string
  readonly items?: readonly Record<string, string>[]
  readonly prefixes?: readonly string[]
  readonly nextPageToken?: string
}

const page = async (server: GcsServer, query: Record<string, string>): Promise<Page> => {
  const { status, body } = await json<Page>(send(server, `${O}?${new URLSearchParams(query)}`))
  expect(status).toBe(200)
  return body
}

/** Everything that pages of `size` tell, in their order. */
const all = async (server: GcsServer, size: number, query: Record<string, string> = {}): Promise<string[]> => {
  const told: string[] = []
  for (let token: string | undefined = ''; token !== undefined; ) {
    const one: Page = await page(server, {
      ...query,
      maxResults: String(size),
      ...(token !== '' && { pageToken: token }),
    })
    const rows = [...(one.items ?? []).map((item) => item['name']!), ...(one.prefixes ?? [])]
    expect(rows.length).toBeLessThanOrEqual(size)
    told.push(...rows)
    token = one.nextPageToken
  }
  return told
}

const withObjects = async (...names: readonly string[]): Promise<GcsServer> => {
  const server = await startServer()
  for (const name of names) await server.admin.put('bucket', name, Buffer.from(name))
  return server
}

describe('objects.list', () => {
  test('an empty bucket has no items', async () => {
    expect(await page(await startServer(), {})).toEqual({ kind: 'storage#objects' })
  })

  test('pages of any size tell each name once, in the order of UTF-8 bytes', async () => {
    const names = ['a', 'a/', 'a/b', 'B', 'é', '\uFFFD', '\u{10000}', ' ', '%', 'a\u0000b', '\\', 'z'.repeat(1024)]
    const server = await withObjects(...names)
    const expected = [...names].sort(compareKeys)
    for (const size of [1, 2, 5, 1000, 5000]) expect(await all(server, size), String(size)).toEqual(expected)
  })

  test('prefixes, delimiters and offsets agree with a plain filter', async () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '/', 'é', '\u{1F600}'), minLength: 1, maxLength: 5 })
    const short = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 2 })
    const query = fc.record({
      prefix: short,
      delimiter: fc.constantFrom('', '/', 'b'),
      startOffset: short,
      endOffset: short,
      includeTrailingDelimiter: fc.boolean(),
    })
    const names = fc.sample(name, { numRuns: 40, seed: 7 })
    const server = await withObjects(...new Set(names))
    await fc.assert(
      fc.asyncProperty(query, fc.integer({ min: 1, max: 9 }), async (asked, size) => {
        const { prefix, delimiter, startOffset, endOffset, includeTrailingDelimiter } = asked
        const told = await all(server, size, {
          prefix,
          delimiter,
          startOffset,
          endOffset,
          includeTrailingDelimiter: String(includeTrailingDelimiter),
        })
        const inside = [...new Set(names)].filter(
          (one) =>
            one.startsWith(prefix) &&
            compareKeys(one, startOffset) >= 0 &&
            (endOffset === '' || compareKeys(one, endOffset) < 0),
        )
        const expected = new Set<string>()
        const items: string[] = []
        for (const one of inside) {
          const cut = delimiter === '' ? -1 : one.indexOf(delimiter, prefix.length)
          const common = one.slice(0, cut + delimiter.length)
          if (cut >= 0) expected.add(common)
          if (cut < 0 || (includeTrailingDelimiter && common === one)) items.push(one)
        }
        expect([...told].sort(compareKeys)).toEqual([...expected, ...items].sort(compareKeys))
      }),
      {
        numRuns: 100,
        // The object named like the prefix is before the offset.
        examples: [
          [{ prefix: '', delimiter: 'b', startOffset: 'ba', endOffset: '', includeTrailingDelimiter: true }, 1],
        ],
      },
    )
  })

  test('generations of a name come in their order, also across pages', async () => {
    const server = await startServer()
    server.admin.createBucket({ name: 'versioned', versioning: true })
    const generations: string[] = []
    for (const text of ['1', '2', '3']) generations.push(await server.admin.put('versioned', 'a', Buffer.from(text)))
    await server.admin.put('versioned', 'b', Buffer.from('b'))
    const told: (readonly [string, boolean])[] = []
    let token: string | undefined = ''
    while (token !== undefined) {
      const query = new URLSearchParams({
        versions: 'true',
        maxResults: '1',
        ...(token !== '' && { pageToken: token }),
      })
      const one: Page = (await json<Page>(send(server, `/storage/v1/b/versioned/o?${query}`))).body
      told.push(...one.items!.map((item) => [item['generation']!, item['timeDeleted'] !== undefined] as const))
      token = one.nextPageToken
    }
    expect(told.slice(0, 3)).toEqual([
      [generations[0], true],
      [generations[1], true],
      [generations[2], false],
    ])
    expect(told).toHaveLength(4)
    expect(BigInt(generations[1]!) > BigInt(generations[0]!)).toBe(true)
  })

  test('soft-deleted objects are told until their time is over', async () => {
    const server = await startServer()
    server.admin.createBucket({ name: 'soft', softDeleteSeconds: 60 })
    await server.admin.put('soft', 'a', Buffer.from('1'))
    await server.admin.put('soft', 'a', Buffer.from('2'))
    server.admin.remove('soft', 'a')
    const deleted = async () =>
      (await json<Page>(send(server, '/storage/v1/b/soft/o?softDeleted=true'))).body.items?.map((item) => [
        item['name'],
        item['softDeleteTime'] !== undefined && item['timeDeleted'] === undefined,
      ])
    expect(await deleted()).toEqual([
      ['a', true],
      ['a', true],
    ])
    expect((await json<Page>(send(server, '/storage/v1/b/soft/o?versions=true'))).body.items).toBeUndefined()
    server.clockOffsetMs = 61_000
    expect(await deleted()).toBeUndefined()
  })

  test('fields select what is told, and a malformed selector is an error', async () => {
    const server = await withObjects('a', 'b')
    expect(await page(server, { fields: 'items(name,size),nextPageToken', maxResults: '1' })).toEqual({
      items: [{ name: 'a', size: '1' }],
      nextPageToken: expect.any(String),
    })
    expect(await page(server, { fields: 'items/name' })).toEqual({ items: [{ name: 'a' }, { name: 'b' }] })
    expect(await page(server, { fields: 'kind,items(*)', maxResults: '1' })).toMatchObject({ items: [{ name: 'a' }] })
    for (const fields of ['items(name', 'items(nam)', 'item', 'items/', ',', 'items)']) {
      const wrong = await json(send(server, `${O}?${new URLSearchParams({ fields })}`))
      expect(wrong).toMatchObject({ status: 400, body: { error: { errors: [{ reason: 'invalidParameter' }] } } })
    }
  })

  test.each([
    ['maxResults=0'],
    ['maxResults=x'],
    ['pageToken=x'],
    ['versions=true&softDeleted=true'],
    ['versions=yes'],
    ['projection=all'],
  ])('%s is refused', async (query) => {
    expect((await json(send(await startServer(), `${O}?${query}`))).status).toBe(400)
  })

  test('ten thousand objects come within seconds', async () => {
    const server = await startServer()
    const start = performance.now()
    for (let i = 0; i < 10_000; i++) await server.admin.put('bucket', `k/${i}`, Buffer.from(String(i)))
    expect(await all(server, 1000)).toHaveLength(10_000)
    expect(server.requests.count('objects.list')).toBe(10)
    expect(performance.now() - start).toBeLessThan(20_000)
  })
})
