import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { compareKeys, type ObjectEntry } from '../../src/source/index.js'
import { type MemorySourceOptions, memorySource } from '../../src/testing/index.js'
import { bytesOf, entryOf, listAll } from './read-source.js'

const KEYS = ['A-B', 'A/x', 'a', 'b\udc80', 'é', '\uffff', '😀', 'z'] as const
const objects = Object.fromEntries(KEYS.map((key) => [key, `content of ${key}`]))
const keysOf = async (options: MemorySourceOptions): Promise<string[]> =>
  (await listAll(memorySource(objects, options))).map(({ key }) => key)

describe('memorySource lists', () => {
  it('in the order it declares', async () => {
    const utf8 = [...KEYS].sort(compareKeys)
    expect(await keysOf({})).toEqual(utf8)
    expect(await keysOf({ order: 'utf16' })).toEqual([...KEYS].sort())
    expect(await keysOf({ order: 'utf16' })).not.toEqual(utf8)
    const path = await keysOf({ order: 'path' })
    expect(path.slice(0, 2)).toEqual(['A/x', 'A-B'])
    expect([...path].sort(compareKeys)).toEqual(utf8)
    for (const order of ['utf8', 'utf16', 'path', 'none'] as const) {
      expect(await memorySource({}, { order }).describe()).toMatchObject({ keyOrder: order })
    }
  })

  it('shuffled by the seed, and the same each time', async () => {
    const shuffled = await keysOf({ order: 'none', seed: 7 })
    expect(shuffled).not.toEqual([...KEYS].sort(compareKeys))
    expect(await keysOf({ order: 'none', seed: 7 })).toEqual(shuffled)
    expect(await keysOf({ order: 'none', seed: 8 })).not.toEqual(shuffled)
    expect([...shuffled].sort()).toEqual([...KEYS].sort())
  })

  it('in pages, after a key, and in a range', async () => {
    const source = memorySource(objects, { pageSize: 3 })
    const sizes: number[] = []
    for await (const page of source.list()) sizes.push(page.length)
    expect(sizes).toEqual([3, 3, 2])
    const keys = async (options: Parameters<typeof source.list>[0]): Promise<string[]> =>
      (await listAll(source, options)).map(({ key }) => key)
    expect(await keys({ after: 'a' })).toEqual(['b\udc80', 'z', 'é', '\uffff', '😀'])
    expect(await keys({ range: { from: 'a', to: 'z' } })).toEqual(['a', 'b\udc80'])
    await expect(listAll(source, { versions: true })).rejects.toMatchObject({ code: 'unsupported' })
  })

  it('bytes of keys that are not UTF-8, and what an object is given', async () => {
    const problem = { code: 'access-denied', message: 'no' } as const
    const source = memorySource({
      'x\udcff': 'abc',
      link: { kind: 'symlink', linkTarget: 'x', modified: 5 },
      'sub/': { kind: 'special', problem },
      left: { excluded: 'filter' },
    })
    const found = Object.fromEntries((await listAll(source)).map((entry) => [entry.key, entry])) as Record<
      string,
      ObjectEntry
    >
    expect(found['x\udcff']).toMatchObject({ kind: 'object', size: 3, keyBytes: Buffer.from([0x78, 0xff]) })
    expect(found['link']).toMatchObject({ kind: 'symlink', linkTarget: 'x', modified: 5 })
    expect(found['sub/']).toMatchObject({ kind: 'special', problem })
    expect(found['left']).toMatchObject({ excluded: 'filter' })
  })

  it('refuses keys that cannot be', () => {
    for (const key of ['', '/a'])
      expect(() => memorySource({ [key]: 'x' })).toThrow(expect.objectContaining({ code: 'invalid-config' }))
  })
})

describe('memorySource reads', () => {
  it('all bytes in chunks, or a range', async () => {
    const source = memorySource({ a: '0123456789', empty: '' }, { chunkSize: 3 })
    const entry = await entryOf(source, 'a')
    const { info, body } = await source.read(entry.ref)
    expect(info).toMatchObject({ key: 'a', size: 10, version: 'v1' })
    const chunks: string[] = []
    for await (const chunk of body) chunks.push(Buffer.from(chunk).toString())
    expect(chunks).toEqual(['012', '345', '678', '9'])
    const part = await source.read(entry.ref, { range: { start: 4, end: 9 } })
    expect(part.range).toEqual({ start: 4, end: 9 })
    expect((await bytesOf(part)).toString()).toBe('45678')
    expect(await bytesOf(await source.read((await entryOf(source, 'empty')).ref))).toHaveLength(0)
    await expect(source.read(entry.ref, { range: { start: 4, end: 11 } })).rejects.toMatchObject({
      code: 'invalid-config',
    })
  })

  it('only while a chunk is valid: the next one overwrites it', async () => {
    const source = memorySource({ a: 'abcd' }, { chunkSize: 2 })
    const kept: Uint8Array[] = []
    for await (const chunk of (await source.read((await entryOf(source, 'a')).ref)).body) kept.push(chunk)
    expect(kept.map((chunk) => Buffer.from(chunk).toString())).toEqual(['cd', 'cd'])
  })

  it('one version: a change is told, at the latest at the end', async () => {
    const source = memorySource({ a: 'abcd', b: 'xyz' }, { chunkSize: 2 })
    const entry = await entryOf(source, 'a')
    for (const change of [(): void => source.set('a', 'abcd'), (): void => source.delete('a')]) {
      const { body } = await source.read((await entryOf(source, 'a')).ref)
      const iterator = body[Symbol.asyncIterator]()
      await iterator.next()
      await iterator.next()
      change()
      await expect(iterator.next()).rejects.toMatchObject({ code: 'changed', subject: 'a' })
    }
    await expect(source.read(entry.ref)).rejects.toMatchObject({ code: 'not-found' })
    await expect(source.stat(entry.ref)).rejects.toMatchObject({ code: 'not-found' })
    const before = await entryOf(source, 'b')
    source.set('b', 'new')
    await expect(source.read(before.ref)).rejects.toMatchObject({ code: 'changed' })
    expect(await source.stat(before.ref)).toMatchObject({ key: 'b', version: 'v4' })
  })

  it('refuses what has no bytes, and refs of others', async () => {
    const source = memorySource({ link: { kind: 'symlink', linkTarget: 'x' } })
    await expect(source.read((await entryOf(source, 'link')).ref)).rejects.toMatchObject({ code: 'unsupported' })
    await expect(source.read('link')).rejects.toMatchObject({ code: 'invalid-config' })
  })
})

describe('memorySource stores digests', () => {
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

  it('in the listing, in stat or in both, with their provenance', async () => {
    const source = memorySource(
      { a: 'abc' },
      {
        digests: [
          { algorithm: 'sha256', provenance: 'service', in: 'stat' },
          { algorithm: 'md5', provenance: 'claimed' },
        ],
      },
    )
    expect(await source.describe()).toMatchObject({
      listingDigests: [{ algorithm: 'md5', provenance: 'claimed' }],
      statDigests: [
        { algorithm: 'sha256', provenance: 'service' },
        { algorithm: 'md5', provenance: 'claimed' },
      ],
    })
    const entry = await entryOf(source, 'a')
    const claimed = { algorithm: 'md5', value: md5('abc'), provenance: 'claimed' }
    expect(entry.digests).toEqual([claimed])
    const full = [{ algorithm: 'sha256', value: sha256('abc'), provenance: 'service' }, claimed]
    expect((await source.stat(entry.ref, { want: ['digests'] })).digests).toEqual(full)
  })

  it('that stay when the bytes rot, and go with a new version', async () => {
    const source = memorySource({ a: 'abc' }, { digests: [{ algorithm: 'sha256', provenance: 'service' }] })
    source.rot('a', 'abX')
    const rotten = await entryOf(source, 'a')
    expect(rotten.version).toBe('v1')
    expect(rotten.digests?.[0]?.value).toBe(sha256('abc'))
    expect((await bytesOf(await source.read(rotten.ref))).toString()).toBe('abX')
    source.set('a', 'abX')
    expect((await entryOf(source, 'a')).digests?.[0]?.value).toBe(sha256('abX'))
  })

  it('as they were given, right or wrong', async () => {
    const digests = [{ algorithm: 'md5', value: 'f'.repeat(32), provenance: 'claimed' }] as const
    expect((await entryOf(memorySource({ a: { bytes: 'abc', digests } }), 'a')).digests).toEqual(digests)
  })
})

describe('memorySource ends', () => {
  it('every call on abort', async () => {
    const source = memorySource(objects, { chunkSize: 2, pageSize: 1 })
    const entry = await entryOf(source, 'a')
    const reason = new Error('stop')
    const controller = new AbortController()
    const { signal } = controller
    const pages = source.list({ signal })[Symbol.asyncIterator]()
    await pages.next()
    const body = (await source.read(entry.ref, { signal })).body[Symbol.asyncIterator]()
    await body.next()
    controller.abort(reason)
    for (const call of [
      pages.next(),
      body.next(),
      source.describe({ signal }),
      source.stat(entry.ref, { signal }),
      source.read(entry.ref, { signal }),
      listAll(source, { signal }),
    ]) {
      await expect(call).rejects.toBe(reason)
    }
  })

  it('every call after it was disposed of', async () => {
    const source = memorySource(objects)
    const entry = await entryOf(source, 'a')
    await source[Symbol.asyncDispose]?.()
    for (const call of [source.describe(), source.stat(entry.ref), source.read(entry.ref), listAll(source)]) {
      await expect(call).rejects.toMatchObject({ code: 'invalid-config' })
    }
  })
})
