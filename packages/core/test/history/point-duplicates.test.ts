import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Digest } from '../../src/digest/digest.js'
import { type RecoveryPoint, type RecoveryPointsOfOptions, recoveryPointsOf } from '../../src/history/index.js'
import { type MemoryContent, type MemorySourceOptions, memorySource } from '../../src/testing/index.js'
import { readItems } from './read-lines.js'

const DAILY = '{asset}/{date:YYYY-MM-DD}/**'
const SHA256 = { algorithm: 'sha256', provenance: 'recorded' } as const

const pointsOf = (
  objects: Readonly<Record<string, MemoryContent>>,
  options: Partial<RecoveryPointsOfOptions> = {},
  place: MemorySourceOptions = {},
): Promise<RecoveryPoint[]> => {
  const source = memorySource(objects, { uri: 's3://backups/', pageSize: 3, digests: [SHA256], ...place })
  return readItems(recoveryPointsOf({ source, pattern: DAILY, ...options }))
}

/** What each tells of its bytes that repeat, by its path. */
const repeatedIn = async (...given: Parameters<typeof pointsOf>): Promise<object> =>
  Object.fromEntries(
    (await pointsOf(...given)).map(({ id, duplicateBytes }) => [id.slice('s3://backups/'.length), duplicateBytes]),
  )

const NIGHTS = {
  'shop/2026-11-01/DONE': 'DONE',
  'shop/2026-11-01/a': 'aaaa',
  'shop/2026-11-01/b': 'bb',
  'shop/2026-11-01/copy of b': 'bb',
  'shop/2026-11-02/DONE': 'DONE',
  'shop/2026-11-02/a': 'aaaa',
  'shop/2026-11-02/b': 'BB',
}

describe('bytes that repeat', () => {
  it('are those of objects that the point or an older one holds already', async () => {
    expect(await repeatedIn(NIGHTS, { complete: 'DONE' })).toEqual({ 'shop/2026-11-01': 2, 'shop/2026-11-02': 4 })
    expect(await repeatedIn(NIGHTS)).toEqual({ 'shop/2026-11-01': 2, 'shop/2026-11-02': 8 })
  })

  it('count in all of the place, whatever the asset; at the same time, in the one that is named later', async () => {
    const objects = { 'b/2026-11-01/x': 'same', 'a/2026-11-02/x': 'same', 'c/2026-11-01/x': 'same' }
    expect(await repeatedIn(objects)).toEqual({ 'b/2026-11-01': 0, 'a/2026-11-02': 4, 'c/2026-11-01': 4 })
  })

  it('are not sought among what is no recovery point', async () => {
    const objects = { ...NIGHTS, 'README.md': 'BB', 'old/b': 'BB' }
    expect(await repeatedIn(objects, { complete: 'DONE', others: 'ignore' })).toMatchObject({ 'shop/2026-11-02': 4 })
  })

  it('can be told by the caller instead', async () => {
    const details = (): object => ({ duplicateBytes: 1 })
    expect(await repeatedIn({ 'a/2026-11-01/x': 'x' }, { details })).toEqual({ 'a/2026-11-01': 1 })
  })

  it('need no digest where there are no bytes', async () => {
    const empty = { bytes: '', digests: [] }
    const objects = { 'a/2026-11-01/x': 'x', 'a/2026-11-02/empty': empty, 'a/2026-11-03/x': 'x' }
    expect(await repeatedIn(objects)).toEqual({ 'a/2026-11-01': 0, 'a/2026-11-02': 0, 'a/2026-11-03': 1 })
  })
})

describe('nobody can say what repeats', () => {
  const nights = ['2026-11-01', '2026-11-02', '2026-11-03']
  const withOne = (digests: readonly Digest[]): Readonly<Record<string, MemoryContent>> =>
    Object.fromEntries(nights.map((night, i) => [`a/${night}/x`, i === 1 ? { bytes: 'same', digests } : 'same']))
  const told: Digest = { ...SHA256, value: '0'.repeat(64) }
  const nothing = Object.fromEntries(nights.map((night) => [`a/${night}`, undefined]))

  it.each<[string, readonly Digest[]]>([
    ['has no digest', []],
    ['has one of another algorithm', [{ algorithm: 'md5', value: '0'.repeat(32), provenance: 'recorded' }]],
    ['has one that a client claimed', [{ ...told, provenance: 'claimed' }]],
    ['has one of which only equality proves', [{ ...told, equalityOnly: true }]],
    ['has one of its parts', [{ ...told, coverage: { parts: 2 } }]],
    ['has one of what unpacking it yields', [{ ...told, representation: 'logical:gzip' }]],
  ])('of any point where one object %s', async (_name, digests) => {
    expect(await repeatedIn(withOne([told]))).toEqual({ 'a/2026-11-01': 0, 'a/2026-11-02': 0, 'a/2026-11-03': 4 })
    expect(await repeatedIn(withOne(digests))).toEqual(nothing)
  })

  it.each<[string, MemorySourceOptions]>([
    ['no digests', { digests: [] }],
    ['short digests', { digests: [{ algorithm: 'crc64nvme', provenance: 'service' }] }],
    ['claims', { digests: [{ algorithm: 'sha256', provenance: 'claimed' }] }],
    ['digests on request', { digests: [{ ...SHA256, in: 'stat' }] }],
  ])('where a listing carries %s', async (_name, place) => {
    expect(await repeatedIn(withOne([told]), {}, place)).toEqual(nothing)
  })

  it('where sizes are not told', async () => {
    const place = memorySource(withOne([told]), { uri: 's3://backups/', digests: [SHA256] })
    const source: typeof place = {
      ...place,
      list: async function* (options) {
        for await (const page of place.list(options)) yield page.map((entry) => ({ ...entry, size: undefined }))
      },
    }
    const points = await readItems(recoveryPointsOf({ source, pattern: DAILY }))
    expect(points.map(({ bytes, duplicateBytes }) => [bytes, duplicateBytes])).toEqual(
      nights.map(() => [null, undefined]),
    )
  })

  it('where keys have no dates: which is older shows at the end only', async () => {
    const objects = { 'a/1/x': { bytes: 'x', modified: 1 }, 'a/2/x': { bytes: 'x', modified: 2 } }
    expect(await repeatedIn(objects, { pattern: '{asset}/{id}/**' })).toEqual({ 'a/1': undefined, 'a/2': undefined })
  })

  it('where there are more objects than they are sought among', async () => {
    const objects = withOne([told])
    expect(await repeatedIn(objects, { duplicatesWithin: 3 })).toMatchObject({ 'a/2026-11-03': 4 })
    expect(await repeatedIn(objects, { duplicatesWithin: 2 })).toEqual(nothing)
    expect(await repeatedIn(objects, { duplicatesWithin: 0 })).toEqual(nothing)
    for (const duplicatesWithin of [-1, 1.5, Number.NaN])
      expect(() => pointsOf({}, { duplicatesWithin })).toThrow(`duplicatesWithin is ${duplicatesWithin}`)
  })
})

it('the longest digest of the listing decides', async () => {
  const md5: Digest = { algorithm: 'md5', value: '0'.repeat(32), provenance: 'recorded' }
  const of = (digit: string): MemoryContent => ({
    bytes: 'x',
    digests: [md5, { ...SHA256, value: digit.repeat(64) }],
  })
  const digests = [{ algorithm: 'md5', provenance: 'recorded' } as const, SHA256]
  const objects = { 'a/2026-11-01/x': of('1'), 'a/2026-11-02/x': of('2') }
  expect(await repeatedIn(objects, {}, { digests })).toEqual({ 'a/2026-11-01': 0, 'a/2026-11-02': 0 })
})

it('property: counted as by a map, whatever the order and the size of pages', async () => {
  const object = fc.record({
    asset: fc.constantFrom('a', 'b'),
    day: fc.integer({ min: 1, max: 3 }),
    id: fc.constantFrom('x', 'y'),
    name: fc.integer({ min: 0, max: 4 }),
    content: fc.constantFrom('', '1', '2', 'three'),
  })
  const pointOf = ({ asset, day, id }: { asset: string; day: number; id: string }): string =>
    `${asset}/2026-11-0${day}/${id}`
  const held = fc.uniqueArray(object, { maxLength: 25, selector: (one) => `${pointOf(one)}/${one.name}` })
  const place = fc.record({
    order: fc.constantFrom('utf8', 'none'),
    seed: fc.nat(),
    pageSize: fc.integer({ min: 1, max: 9 }),
  })
  await fc.assert(
    fc.asyncProperty(held, place, async (given, how) => {
      const expected = new Map(given.map((one) => [pointOf(one), 0]))
      const seen = new Set<string>()
      const named = given.toSorted((a, b) => a.day - b.day || (pointOf(a) < pointOf(b) ? -1 : 1))
      for (const one of named) {
        if (seen.has(one.content)) expected.set(pointOf(one), expected.get(pointOf(one))! + one.content.length)
        seen.add(one.content)
      }
      const objects = Object.fromEntries(given.map((one) => [`${pointOf(one)}/${one.name}`, one.content]))
      const pattern = '{asset}/{date:YYYY-MM-DD}/{id}/**'
      expect(await repeatedIn(objects, { pattern }, how)).toEqual(Object.fromEntries(expected))
    }),
    { numRuns: 100 },
  )
})
