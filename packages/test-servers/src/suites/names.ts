import { compare } from '@backproof/core/compare'
import { type BackupSource, compareKeys, type ListOptions, type ObjectEntry } from '@backproof/core/source'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { HOSTILE_KEYS, manyHostileKeys } from './hostile-keys.js'
import { costOf, outcomeOf } from './outcome.js'
import { openStore, type Store, type StoreHarness } from './store.js'

/** What a platform's names are like. */
export interface NamesHarness extends StoreHarness {
  /** Why there is no such key, a sentence; `undefined` for one that there is. */
  refuses(key: string): string | undefined
  /** How many keys of `HOSTILE_KEYS` are refused: none is left out unseen. */
  readonly refused: number
  /** In which keys are listed. Only `utf8` can be resumed after a key and in ranges. */
  readonly order: 'utf8' | 'utf16'
  /** Whether it can hold two versions of a key. */
  readonly versions: boolean
  readonly pageRows: number
  /** How opaque objects are read: what is required, and what one costs. */
  readonly opaque: {
    readonly require: 'stored' | 'claimed' | 'read'
    readonly costs: Readonly<Record<string, number>>
  }
}

const objectsOf = (keys: readonly string[]): (readonly [string, Uint8Array])[] =>
  keys.map((key) => [key, Buffer.from(`content of ${key}`)])
const listed = async (source: BackupSource, options: ListOptions = {}): Promise<readonly ObjectEntry[]> => {
  const entries: ObjectEntry[] = []
  for await (const page of source.list(options)) entries.push(...page)
  return entries
}
const keysOf = (entries: readonly ObjectEntry[]): string[] => entries.map(({ key }) => key)

/** Registers what must hold of names that break careless code. */
export const nameSuite = (harness: NamesHarness): void => {
  const store = openStore(harness)
  describe('hostile keys', () => hostileKeys(harness, store))
  describe('a prefix', () => prefixes(harness, store))
  describe('10,000 hostile keys', () => manyKeys(harness, store))
}

const isHeld = (harness: NamesHarness, key: string): boolean => harness.refuses(key) === undefined
/** Those that the platform can hold, in the order of its listings. */
const inOrder = ({ order }: NamesHarness, keys: Iterable<string>): string[] =>
  order === 'utf8' ? [...keys].sort(compareKeys) : [...keys].sort()

const hostileKeys = (harness: NamesHarness, store: Store): void => {
  const keys = HOSTILE_KEYS.filter((key) => isHeld(harness, key))
  const sorted = [...keys].sort(compareKeys)
  const matches = sorted.map((key) => [key, 'match'])

  it(`are what ${harness.name} takes, or there is a reason`, () => {
    expect(new Set(HOSTILE_KEYS).size).toBe(HOSTILE_KEYS.length)
    expect(HOSTILE_KEYS.length - keys.length).toBe(harness.refused)
    for (const key of HOSTILE_KEYS) {
      expect(key.isWellFormed()).toBe(true)
      expect(Buffer.byteLength(key)).toBeLessThanOrEqual(1_024)
      if (!keys.includes(key)) expect(harness.refuses(key)).toMatch(/^\S+( \S+){3,}\.$/)
    }
  })

  it(`come back as they are, in the order of their bytes${harness.versions ? '; all versions too' : ''}`, async () => {
    const bucket = await store.bucket(objectsOf(keys), harness.versions ? 'versioned' : undefined)
    expect(keysOf(await listed(store.source(bucket)))).toEqual(inOrder(harness, keys))
    if (!harness.versions) return
    expect(keysOf(await listed(store.source(bucket), { versions: true }))).toEqual(inOrder(harness, keys))
  })

  it('are compared between buckets without a request of their own', async () => {
    const [a, b] = [await store.bucket(objectsOf(keys)), await store.bucket(objectsOf(keys))]
    const run = compare({ source: store.source(a), replicas: [store.source(b)], require: store.proves })
    const { findings, requests } = await outcomeOf(store, run)
    expect(findings.map(({ key, outcome }) => [key, outcome])).toEqual(matches)
    expect(costOf(requests, store.ofBucket, 2)).toBe('nothing')
  })

  it('are asked for and read under their own names', async () => {
    const [a, b] = [await store.bucket(objectsOf(keys), 'opaque'), await store.bucket(objectsOf(keys), 'opaque')]
    await store.rot(b, 'a/../b', 1)
    const { require, costs } = harness.opaque
    const run = compare({ source: store.source(a), replicas: [store.source(b)], require })
    const { findings, requests } = await outcomeOf(store, run)
    expect(findings.filter(({ outcome }) => outcome !== 'match').map(({ key }) => key)).toEqual(['a/../b'])
    expect(new Set(findings.map(({ method }) => method))).toEqual(new Set(['two-sided-read']))
    const expected = Object.entries(costs).map(([operation, each]) => `${operation} ${each * 2 * keys.length}`)
    expect(costOf(requests, store.ofBucket, 2)).toBe(expected.sort().join(', '))
  })

  it('of any make come back', async () => {
    const key = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 40 })
      .filter((text) => text.isWellFormed() && isHeld(harness, text))
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(key, { minLength: 1, maxLength: 20 }), async (some) => {
        const bucket = await store.bucket(objectsOf(some))
        expect(keysOf(await listed(store.source(bucket)))).toEqual(inOrder(harness, some))
      }),
      { numRuns: 40 },
    )
  })
}

const prefixes = (harness: NamesHarness, store: Store): void => {
  it('is left out as a marker where it is an empty object, and the key "/" where it is not', async () => {
    const marker = [['p/', Buffer.alloc(0)]] as const
    const marked = await store.bucket([...objectsOf(['p/a', 'p/!', 'p', 'q/']), ...marker])
    const entries = await listed(store.source(marked, { prefix: 'p/' }))
    expect(entries.map(({ key, excluded }) => [key, excluded])).toEqual([
      ['!', undefined],
      ['/', 'folder-marker'],
      ['a', undefined],
    ])
    const filled = await store.bucket(objectsOf(['p/a', 'p/!', 'p', 'q/', 'p/']))
    const run = compare({
      source: store.source(marked, { prefix: 'p/' }),
      replicas: [store.source(filled, { prefix: 'p/' })],
      require: store.proves,
    })
    const { findings, report } = await outcomeOf(store, run)
    expect(findings.map(({ key, outcome }) => `${key} ${outcome}`)).toEqual(['! match', '/ extra', 'a match'])
    expect(report.result.source.excluded).toEqual({ 'folder-marker': 1 })
  })

  it('of hostile characters is taken as it is', async () => {
    const all = ['a+b %2F/', '\u0001/', '//', '../', '\uffff', '語/'.repeat(100)]
    const held = all.filter((prefix) => isHeld(harness, `${prefix}a`))
    expect(held.length).toBeGreaterThan(all.length / 2)
    for (const prefix of held) {
      const short = HOSTILE_KEYS.filter(
        (key) => Buffer.byteLength(prefix + key) <= 1_024 && isHeld(harness, prefix + key),
      )
      const outside = ['outside', '\u{10ffff}'].filter((key) => isHeld(harness, key))
      const bucket = await store.bucket(objectsOf([...short.map((key) => prefix + key), ...outside]))
      expect(keysOf(await listed(store.source(bucket, { prefix })))).toEqual(inOrder(harness, short))
    }
  })
}

const manyKeys = (harness: NamesHarness, store: Store): void => {
  const held = manyHostileKeys(10_000 + harness.refused * 200).filter((key) => isHeld(harness, key))
  const keys = inOrder(harness, held.slice(0, 10_000))
  const pages = 10_000 / harness.pageRows
  const { list } = store.operations
  let bucket: string
  let serial: readonly ObjectEntry[]
  let requests: Readonly<Record<string, number>>
  beforeAll(async () => {
    bucket = await store.bucket(objectsOf(keys))
    const source = store.source(bucket, { listConcurrency: 1 })
    // Some have to be asked for their order first.
    await source.describe()
    store.requests.reset()
    serial = await listed(source)
    requests = store.requests.counts()
  })

  it('are all listed, page by page', () => {
    expect(keys).toHaveLength(10_000)
    expect(keysOf(serial)).toEqual(keys)
    expect(requests).toEqual({ [list]: pages })
  })

  if (harness.order !== 'utf8') return
  it.each([2, 4, 16])('are the same when %i ranges are listed at once', async (listConcurrency) => {
    store.requests.reset()
    expect(await listed(store.source(bucket, { listConcurrency }))).toEqual(serial)
    // A quarter more than the pages, and one for each range: see `rangeListing`.
    expect(store.requests.count(list)).toBeLessThanOrEqual(pages * 1.25 + listConcurrency)
  })

  it('are the same within ranges and behind keys', async () => {
    const source = store.source(bucket, { listConcurrency: 8 })
    for (let i = 0; i < 5; i++) {
      const at = Math.floor((i * keys.length) / 6)
      const [from, after, to] = [keys[at]!, keys[at + 5]!, keys[Math.min(keys.length - 1, at + 1_000 + i * 1_500)]!]
      const within = (low: number): readonly ObjectEntry[] =>
        serial.slice(low).filter(({ key }) => compareKeys(key, to) < 0)
      expect(keysOf(await listed(source, { range: { from, to } }))).toEqual(keysOf(within(at)))
      expect(await listed(source, { after, range: { from, to } })).toEqual(within(at + 6))
      expect(keysOf(await listed(source, { range: { to: from } }))).toEqual(keys.slice(0, at))
    }
  })
}
