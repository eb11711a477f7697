import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareItems } from '../../src/audit/engine/item-order.js'
import { BackupError } from '../../src/errors.js'
import { type RecoveryPointsOfOptions, recoveryPoints, recoveryPointsOf } from '../../src/history/index.js'
import type { BackupSource } from '../../src/source/backup-source.js'
import type { ObjectEntry } from '../../src/source/entry.js'
import { faultySource, type MemoryContent, memorySource } from '../../src/testing/index.js'
import { NOW, readAll, readItems } from './read-lines.js'

const URI = 's3://backups/'
const at = (objects: Readonly<Record<string, MemoryContent>>, order: 'utf8' | 'none' = 'utf8'): BackupSource =>
  memorySource(objects, { uri: URI, order, pageSize: 3 })

/** A place that lists in no order, one entry a page. */
const listed = (entries: readonly ObjectEntry[]): BackupSource => {
  const place = at({}, 'none')
  return {
    ...place,
    list: async function* () {
      for (const entry of entries) yield [entry]
    },
  }
}

const DAILY = '{asset}/{date:YYYY-MM-DD}/**'
const TREE = {
  'blog/2026-11-02/a.tar': 'aaaa',
  'shop/2026-11-01/_SUCCESS': '',
  'shop/2026-11-01/db/1.dump': '12345',
  'shop/2026-11-01/db/2.dump': '123',
  'shop/2026-11-02/db/1.dump': '1234567',
}

describe('recovery points of a place', () => {
  it('are what the keys of one asset and date hold', async () => {
    const source = recoveryPointsOf({ source: at(TREE), pattern: DAILY, store: 'cloud', complete: '_SUCCESS' })
    const { traits, items } = await readAll(source)
    expect(traits).toEqual({ order: 'target-time', source: URI, observedAt: NOW })
    const point = (asset: string, date: string, more: object): object => {
      const id = `s3://backups/${asset}/${date}`
      return { id, uri: id, asset, created: Date.parse(date), store: 'cloud', ...more }
    }
    expect(items).toEqual([
      point('blog', '2026-11-02', { objects: 1, bytes: 4, complete: false }),
      point('shop', '2026-11-01', { objects: 2, bytes: 8, complete: true }),
      point('shop', '2026-11-02', { objects: 1, bytes: 7, complete: false }),
    ])
  })

  it('may be one file each, and nobody can say that they are complete', async () => {
    const objects = {
      'db-20261101T031500Z.dump.gz': 'xx',
      'db-20261102T031501Z.dump.gz': { bytes: 'yyy', modified: 5 },
    }
    const pattern = 'db-{date:YYYYMMDD}T{time:HHmmss}Z.dump.gz'
    const items = await readItems(recoveryPointsOf({ source: at(objects), pattern, asset: 'shop' }))
    expect(items.map(({ asset, created, bytes, complete }) => ({ asset, created, bytes, complete }))).toEqual([
      { asset: 'shop', created: Date.parse('2026-11-01T03:15:00Z'), bytes: 2, complete: null },
      { asset: 'shop', created: Date.parse('2026-11-02T03:15:01Z'), bytes: 3, complete: null },
    ])
  })

  it('are of the newest modification where keys have no date, whatever order they come in', async () => {
    const objects = {
      'shop/7/a': { bytes: 'x', modified: 1_000.75 },
      'shop/8/a': { bytes: 'x', modified: 10 },
      'shop/7/b': { bytes: 'x', modified: 2_000.75 },
      'shop/7/c': 'x',
    }
    const source = recoveryPointsOf({ source: at(objects, 'none'), pattern: '{asset}/{id}/**' })
    const { traits, items } = await readAll(source)
    expect(traits.order).toBe('none')
    expect(items.map(({ id, created, objects: held }) => [id, created, held])).toEqual([
      ['s3://backups/shop/7', 2_000, 3],
      ['s3://backups/shop/8', 10, 1],
    ])
    const undated = recoveryPointsOf({ source: at({ 'shop/1/a': 'x' }), pattern: '{asset}/{id}/**' })
    await expect(readItems(undated)).rejects.toMatchObject({ code: 'unsupported' })
  })

  it('have dates in a time zone, also where clocks jump', async () => {
    const keys = ['2026-03-29T02:30', '2026-07-01T00:00', '2026-10-25T02:30', '2026-12-01T00:00']
    const source = at(Object.fromEntries(keys.map((key) => [key, 'x'])))
    const options = { source, pattern: '{date:YYYY-MM-DDTHH:mm}', asset: 'shop', timezone: 'Europe/Berlin' }
    const items = await readItems(recoveryPointsOf(options))
    expect(items.map(({ created }) => new Date(created).toISOString())).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-06-30T22:00:00.000Z',
      '2026-10-25T00:30:00.000Z',
      '2026-11-30T23:00:00.000Z',
    ])
  })

  it('hold objects: links make none, and a marker alone is not complete', async () => {
    const objects = {
      'shop/2026-11-01/_SUCCESS': '',
      'shop/2026-11-02/latest': { kind: 'symlink', linkTarget: '../2026-11-01/a' },
      'shop/2026-11-03/a': 'x',
      'shop/2026-11-03/link': { kind: 'symlink', linkTarget: 'a' },
    } as const
    const items = await readItems(recoveryPointsOf({ source: at(objects), pattern: DAILY, complete: '_SUCCESS' }))
    expect(items.map(({ id, objects: held, complete }) => [id, held, complete])).toEqual([
      ['s3://backups/shop/2026-11-01', 0, false],
      ['s3://backups/shop/2026-11-03', 1, false],
    ])
  })

  it('have names that stay apart, whatever bytes they have', async () => {
    const names = ['a%20b', 'a b', '\udc80', '\udc81', 'ä', 'a?b', '\n', '\u202e']
    const objects = Object.fromEntries(names.map((name) => [`${name}/2026-11-01/x`, 'x']))
    const items = await readItems(recoveryPointsOf({ source: at(objects), pattern: DAILY }))
    expect(new Set(items.map(({ id }) => id)).size).toBe(names.length)
    expect(items.map(({ asset }) => asset).sort()).toEqual([...names].sort())
    for (const { id } of items) expect(id).toMatch(/^s3:\/\/backups\/[\x21-\x7e]+$/)
    expect(items.find(({ asset }) => asset === '\udc80')?.id).toBe('s3://backups/%80/2026-11-01')
  })

  it('get what keys do not tell from their caller, who cannot change what they are', async () => {
    const details: RecoveryPointsOfOptions['details'] = ({ created, asset }) => ({
      expires: created + 30 * 86_400_000,
      encrypted: asset === 'shop',
      ...{ id: 'another', asset: 'another' },
    })
    const items = await readItems(
      recoveryPointsOf({ source: at({ 'shop/2026-11-01/a': 'x' }), pattern: DAILY, details }),
    )
    expect(items).toMatchObject([
      { id: 's3://backups/shop/2026-11-01', asset: 'shop', expires: Date.parse('2026-12-01'), encrypted: true },
    ])
  })

  it('of a dated list are known until then', async () => {
    const source = memorySource({ 'shop/2026-11-01/a': 'x' }, { traits: { asOf: NOW - 5 } })
    expect((await readAll(recoveryPointsOf({ source, pattern: DAILY }))).traits.observedAt).toBe(NOW - 5)
  })

  it('say what nobody knows: sizes that a listing does not tell, classes that differ', async () => {
    const entry = (key: string, more: Partial<ObjectEntry>): ObjectEntry => ({
      key,
      ref: null,
      kind: 'object',
      size: 1,
      ...more,
    })
    // In an order in which the entries of one point do not follow each other.
    const source = listed([
      entry('a/2026-11-01/1', { storageClass: 'STANDARD' }),
      entry('b/2026-11-01/1', { storageClass: 'GLACIER' }),
      entry('c/2026-11-01/1', { size: undefined }),
      entry('d/2026-11-01/1', {}),
      entry('a/2026-11-01/2', { storageClass: 'GLACIER' }),
      entry('b/2026-11-01/2', { storageClass: 'GLACIER' }),
      entry('c/2026-11-01/2', {}),
      entry('d/2026-11-01/2', { storageClass: 'COLD' }),
      entry('a/2026-11-01/3', { storageClass: 'GLACIER' }),
    ])
    const items = await readItems(recoveryPointsOf({ source, pattern: DAILY }))
    expect(items.map(({ asset, bytes, objects, storageClass }) => [asset, bytes, objects, storageClass])).toEqual([
      ['a', 3, 3, null],
      ['b', 2, 2, 'GLACIER'],
      ['c', null, 2, undefined],
      ['d', 2, 2, 'COLD'],
    ])
  })
})

describe('property: recovery points', () => {
  it('are the same in any order of listing, and however little is held in memory', async () => {
    const key = fc.tuple(
      fc.constantFrom('a', 'a-b', 'b', 'ä'),
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom('x', 'y/z', 'w', 'v'),
    )
    const shared = fc.uniqueArray(key, { maxLength: 25, selector: (parts) => parts.join() })
    await fc.assert(
      fc.asyncProperty(shared, fc.constantFrom('{asset}/', '*/{asset}-'), async (keys, before) => {
        const objects = Object.fromEntries(
          keys.map(([asset, date, rest], i) => {
            const folder = before === '{asset}/' ? `${asset}/` : `${rest.replace('/', '_')}/${asset}-`
            return [`${folder}2026-11-${String(date).padStart(2, '0')}/${rest}`, 'x'.repeat(i)]
          }),
        )
        const pattern = `${before}{date:YYYY-MM-DD}/**`
        const [sorted, shuffled] = await Promise.all(
          (['utf8', 'none'] as const).map((order) =>
            readItems(recoveryPointsOf({ source: at(objects, order), pattern, complete: 'w' })),
          ),
        )
        expect(shuffled).toEqual(sorted)
        expect(sorted).toEqual(sorted!.toSorted(compareItems(recoveryPoints)))
        const told = sorted!.map(({ asset, created, ...rest }) => [asset, new Date(created).getUTCDate(), rest])
        const expected = new Map<string, { objects: number; bytes: number; marked: boolean }>()
        for (const [i, [asset, date, rest]] of keys.entries()) {
          const name = JSON.stringify([asset, date])
          const point = expected.get(name) ?? { objects: 0, bytes: 0, marked: false }
          if (rest === 'w') point.marked = true
          else Object.assign(point, { objects: point.objects + 1, bytes: point.bytes + i })
          expected.set(name, point)
        }
        expect(told).toHaveLength(expected.size)
        for (const [asset, date, rest] of told) {
          const { objects: held, bytes, marked } = expected.get(JSON.stringify([asset, date]))!
          expect(rest).toMatchObject({ objects: held, bytes, complete: marked && held > 0 })
        }
      }),
      { numRuns: 60 },
    )
  })

  it('of many more than one batch of the sorting holds come sorted', async () => {
    const count = 40_000
    const source: BackupSource = {
      ...at({}),
      describe: async () => ({ ...(await at({}).describe()), keyOrder: 'none' }),
      list: async function* () {
        for (let from = 0; from < count; from += 5_000) {
          yield Array.from({ length: 5_000 }, (_, i) => {
            const id = String(((from + i) * 7_919) % count).padStart(6, '0')
            return { key: `shop/2026-11-01/${id}.dump`, ref: null, kind: 'object' as const, size: 1 }
          })
        }
      },
    }
    const points = recoveryPointsOf({ source, pattern: '{asset}/{date:YYYY-MM-DD}/{id}.dump' })
    let last = ''
    let seen = 0
    for await (const page of points.read({ signal: new AbortController().signal, now: NOW })) {
      for (const { id } of page) {
        if (id <= last) throw new Error(`${id} after ${last}`)
        last = id
        seen += 1
      }
    }
    expect(seen).toBe(count)
  })
})

describe('nothing is skipped in silence:', () => {
  it('keys that do not match are told, the first of them by name', async () => {
    const others = { 'README.md': 'x', 'shop/latest': 'x', 'shop/2026-11-31/a': 'x', 'x\u001b[31m': 'x' }
    const points = recoveryPointsOf({ source: at({ ...TREE, ...others }), pattern: DAILY })
    await expect(readItems(points)).rejects.toMatchObject({
      code: 'invalid-config',
      message:
        'Not every key of s3://backups/ has the pattern "{asset}/{date:YYYY-MM-DD}/**": "README.md", "shop/2026-11-31/a", "shop/latest" and 1 more do not match. Change the pattern, open a folder further down, or leave them out with others: "ignore".',
    })
    const ignoring = recoveryPointsOf({ source: at({ ...TREE, ...others }), pattern: DAILY, others: 'ignore' })
    expect(await readItems(ignoring)).toHaveLength(3)
  })

  it('a pattern that matches nothing is wrong, also where others are left out', async () => {
    const points = recoveryPointsOf({ source: at(TREE), pattern: '{asset}/{date:YYYYMMDD}/**', others: 'ignore' })
    await expect(readItems(points)).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringContaining('No key of'),
    })
    expect(await readItems(recoveryPointsOf({ source: at({}), pattern: DAILY }))).toEqual([])
  })

  it('what cannot be listed in full ends the reading', async () => {
    const problem = new BackupError({ code: 'access-denied', message: 'No permission.' }).toJSON()
    const objects = { ...TREE, 'shop/2026-11-03/': { kind: 'special', problem } } as const
    await expect(readItems(recoveryPointsOf({ source: at(objects), pattern: DAILY }))).rejects.toMatchObject({
      code: 'access-denied',
      subject: 'shop/2026-11-03/',
    })
  })

  it('what the source was told to leave out is left out', async () => {
    const objects = { ...TREE, 'lost+found': { excluded: 'filter' } }
    expect(await readItems(recoveryPointsOf({ source: at(objects), pattern: DAILY }))).toHaveLength(3)
  })

  it('a place that is not there rejects, and a passing fault does not', async () => {
    const error = new BackupError({ code: 'not-found', message: 'gone' })
    const gone = faultySource(at(TREE), [{ kind: 'error', at: 'describe', error }])
    await expect(readAll(recoveryPointsOf({ source: gone, pattern: DAILY }))).rejects.toMatchObject({
      code: 'not-found',
    })
    const passing = new BackupError({ code: 'throttled', message: 'slow down', retryAfterMs: 1 })
    const busy = faultySource(at(TREE), [
      { kind: 'error', at: 'describe', error: passing, times: 1 },
      { kind: 'error', at: 'list', page: 1, error: passing, times: 1 },
    ])
    expect(await readItems(recoveryPointsOf({ source: busy, pattern: DAILY }))).toHaveLength(3)
  })
})

describe('options', () => {
  const source = at({})
  it.each<[object, string]>([
    [{ source, pattern: '{date:YYYY-MM}/**' }, 'the pattern has no {asset}, so give the option asset'],
    [{ source, pattern: DAILY, asset: 'shop' }, 'the pattern has {asset}, so leave the option asset out'],
    [{ source, pattern: '{date:YYYY-MM}', asset: '' }, 'asset is ""'],
    [{ source, pattern: '{asset}-{date:YYYY-MM}.tar', complete: '_SUCCESS' }, 'has to end in * or **'],
    [{ source, pattern: DAILY, timezone: 'Europe/Berln' }, 'did you mean Europe/Berlin'],
    [{ source, pattern: DAILY, others: 'skip' }, 'others is "skip"; it must be error or ignore'],
    [{ source, pattern: DAILY, marker: 'x' }, 'has no option "marker"'],
    [{ source: '/srv', pattern: DAILY }, 'source must be a source'],
    [{ source }, 'The pattern undefined cannot be used'],
  ])('that cannot work are refused at once', (options, expected) => {
    expect(() => recoveryPointsOf(options as RecoveryPointsOfOptions)).toThrow(expected)
  })
})
