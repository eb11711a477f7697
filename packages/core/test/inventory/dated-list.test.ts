import { describe, expect, it } from 'vitest'
import { compare } from '../../src/compare/index.js'
import { BackupError } from '../../src/errors.js'
import { cellCount, cellFlag, cellTime, datedList, listUri, type OpenedList } from '../../src/inventory/index.js'
import { preflight } from '../../src/preflight/index.js'
import type { BackupSource, ObjectEntry } from '../../src/source/index.js'
import { memorySource } from '../../src/testing/index.js'
import { digestOf } from './support.js'

const md5 = await digestOf('md5', 'hello')
const entry = (key: string): ObjectEntry => ({
  key,
  ref: null,
  kind: 'object',
  size: 5,
  digests: [{ algorithm: 'md5', value: md5, provenance: 'service' }],
})
const opened = (rows: OpenedList['rows']): OpenedList => ({
  asOf: Date.parse('2026-11-01T00:00:00Z'),
  listingDigests: [{ algorithm: 'md5', provenance: 'service' }],
  rows,
})
async function* pages(...keys: readonly string[]): AsyncGenerator<readonly ObjectEntry[]> {
  for (const key of keys) yield [entry(key)]
}
const listOf = (open: () => Promise<OpenedList>): BackupSource =>
  datedList({ uri: 'list+memory://x', provider: 'test', open })
const keysOf = async (source: BackupSource, options = {}): Promise<readonly string[]> => {
  const keys: string[] = []
  for await (const page of source.list(options)) keys.push(...page.map(({ key }) => key))
  return keys
}

describe('a dated list', () => {
  it('is opened once, and again after that failed', async () => {
    let times = 0
    const source = listOf(async () => {
      times += 1
      if (times === 1) throw new BackupError({ code: 'unavailable', message: 'not now' })
      return opened(() => pages('b', 'a', 'c'))
    })
    await expect(source.describe()).rejects.toMatchObject({ code: 'unavailable' })
    expect(await source.describe()).toMatchObject({
      asOf: Date.parse('2026-11-01T00:00:00Z'),
      place: 'list+memory://x',
    })
    expect(await keysOf(source)).toEqual(['b', 'a', 'c'])
    expect(await keysOf(source, { range: { from: 'b' } })).toEqual(['b', 'c'])
    expect(times).toBe(2)
  })

  it('is refused with a date that is none', async () => {
    for (const asOf of [Number.NaN, 9e15]) {
      const list = listOf(async () => ({ ...opened(() => pages('a')), asOf }))
      await expect(list.describe()).rejects.toMatchObject({ code: 'corrupt' })
    }
  })

  it('is no more once it was disposed of, also in the middle of a listing', async () => {
    const source = listOf(async () => opened(() => pages('a', 'b')))
    const listing = source.list()[Symbol.asyncIterator]()
    await listing.next()
    await source[Symbol.asyncDispose]?.()
    await expect(listing.next()).rejects.toMatchObject({ code: 'invalid-config' })
    for (const late of [source.describe(), source.stat(null), source.read(null)]) {
      await expect(late).rejects.toMatchObject({ code: 'invalid-config' })
    }
  })

  it('is sorted by the engine, proves what is in it, and nothing of what must be read', async () => {
    const content = { a: 'hello', b: 'hello', c: 'hello', é: 'hello' }
    const place = memorySource(content, { digests: [{ algorithm: 'md5', provenance: 'service' }] })
    const list = listOf(async () => opened(() => pages('é', 'c', 'a', 'b')))
    const { result } = await compare({ source: place, replicas: [list] }).report()
    expect(result.totals.outcomes).toMatchObject({ match: 4 })
    const read = await compare({ source: place, replicas: [list], require: 'read' }).report()
    expect(read.result.totals.outcomes).toMatchObject({ match: 0, unverifiable: 4 })
  })

  it('that fails at its end has proven nothing', async () => {
    async function* broken(): AsyncGenerator<readonly ObjectEntry[]> {
      yield* pages('a', 'b')
      throw new BackupError({ code: 'corrupt', message: 'its md5 is another' })
    }
    const place = memorySource({ a: 'hello', b: 'hello' }, { digests: [{ algorithm: 'md5', provenance: 'service' }] })
    const { result } = await compare({ source: place, replicas: [listOf(async () => opened(broken))] }).report()
    expect(result.complete).toBe(false)
    expect(result.totals.outcomes.match).toBe(0)
  })

  it('passes the checks before a run, which say how old it is', async () => {
    const found = await preflight(listOf(async () => opened(() => pages('a'))))
    expect(found.ok).toBe(true)
    const checks = Object.fromEntries(found.checks.map(({ id, status, detail }) => [id, `${status}: ${detail}`]))
    expect(checks).toMatchObject({
      stat: expect.stringMatching(/^notice: Not tried: it is a list/),
      read: expect.stringMatching(/^notice: Not tried: it is a list without bytes/),
      dated: expect.stringMatching(/^notice: It was made at 2026-11-01T00:00:00.000Z/),
    })
    const broken = listOf(async () =>
      Promise.reject(new BackupError({ code: 'corrupt', message: 'its md5 is another' })),
    )
    const failed = await preflight(broken)
    expect(failed.ok).toBe(false)
    expect(failed.checks).toMatchObject([{ id: 'reach', status: 'problem', detail: 'its md5 is another' }])
  })

  it('has a URI that says which file it is in, and what of it is looked at', () => {
    expect(listUri('s3-inventory', 's3://lists/', 'a b/ü?#.json')).toBe(
      's3-inventory+s3://lists/a%20b/%C3%BC%3F%23.json',
    )
    expect(listUri('x', 'file:///srv', 'm', { prefix: 'a/&b', versions: undefined })).toBe(
      'x+file:///srv/m?prefix=a%2F%26b',
    )
  })
})

describe('cells', () => {
  it.each([
    ['12', 12],
    [12, 12],
    ['', undefined],
    [undefined, undefined],
    ['-1', null],
    ['1.5', null],
    ['1e3', null],
    ['0x10', null],
    ['9007199254740993', null],
    ['99999999999999999999', null],
    [Number.NaN, null],
  ])('count %j is %j', (cell, value) => {
    expect(cellCount(cell)).toBe(value)
  })

  it.each([
    [true, true],
    ['True', true],
    ['FALSE', false],
    ['', undefined],
    ['yes', null],
    [1, null],
  ])('flag %j is %j', (cell, value) => {
    expect(cellFlag(cell)).toBe(value)
  })

  it.each([
    [1_700_000_000_000, 1_700_000_000_000],
    ['2026-11-01T10:00:00.000Z', Date.UTC(2026, 10, 1, 10)],
    ['2026-11-01 10:00:00', Date.UTC(2026, 10, 1, 10)],
    ['Sun, 01 Nov 2026 10:00:00 GMT', Date.UTC(2026, 10, 1, 10)],
    ['', undefined],
    ['soon', null],
    [Number.NaN, null],
  ])('time %j is %j', (cell, value) => {
    expect(cellTime(cell)).toBe(value)
  })
})
