import { compare } from '@backproof/core/compare'
import { type BackupSource, compareKeys, type ListOptions, type ObjectEntry } from '@backproof/core/source'
import { verify } from '@backproof/core/verify'
import type { PutOptions } from '@backproof/test-servers'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { HOSTILE_KEYS, manyHostileKeys } from './hostile-keys.js'
import { costOf, outcomeOf } from './outcome.js'
import { openPlace } from './place.js'

const place = await openPlace()
const sorted = (keys: Iterable<string>): string[] => [...keys].sort(compareKeys)
const objectsOf = (keys: readonly string[], put: PutOptions = {}): Record<string, readonly [Uint8Array, PutOptions]> =>
  Object.fromEntries(keys.map((key) => [key, [Buffer.from(`content of ${key}`), put]]))
const listed = async (source: BackupSource, options: ListOptions = {}): Promise<readonly ObjectEntry[]> => {
  const entries: ObjectEntry[] = []
  for await (const page of source.list(options)) entries.push(...page)
  return entries
}
const keysOf = (entries: readonly ObjectEntry[]): string[] => entries.map(({ key }) => key)

describe('hostile keys', () => {
  it('are what S3 takes', () => {
    for (const key of HOSTILE_KEYS) {
      expect(key.isWellFormed()).toBe(true)
      expect(Buffer.byteLength(key)).toBeLessThanOrEqual(1_024)
    }
    expect(new Set(HOSTILE_KEYS).size).toBe(HOSTILE_KEYS.length)
  })

  it('come back as they are, in the order of their bytes; all versions too', async () => {
    const bucket = await place.bucket(objectsOf(HOSTILE_KEYS), { versioning: 'Enabled' })
    expect(keysOf(await listed(place.source(bucket)))).toEqual(sorted(HOSTILE_KEYS))
    expect(keysOf(await listed(place.source(bucket), { versions: true }))).toEqual(sorted(HOSTILE_KEYS))
  })

  it('are compared between buckets without a request of their own', async () => {
    const [a, b] = [await place.bucket(objectsOf(HOSTILE_KEYS)), await place.bucket(objectsOf(HOSTILE_KEYS))]
    const run = compare({ source: place.source(a), replicas: [place.source(b)] })
    const { findings, requests } = await outcomeOf(place.server, run)
    expect(findings.map(({ key, outcome }) => [key, outcome])).toEqual(
      sorted(HOSTILE_KEYS).map((key) => [key, 'match']),
    )
    expect(costOf(requests, 2)).toBe('nothing')
  })

  it('are asked for and read under their own names', async () => {
    const under = { sse: 'aws:kms', checksum: 'none' } as const
    const [a, b] = [
      await place.bucket(objectsOf(HOSTILE_KEYS, under)),
      await place.bucket(objectsOf(HOSTILE_KEYS, under)),
    ]
    place.server.admin.corrupt(b, 'a/../b', 1)
    const { findings, requests } = await outcomeOf(
      place.server,
      compare({ source: place.source(a), replicas: [place.source(b)] }),
    )
    expect(findings.filter(({ outcome }) => outcome !== 'match').map(({ key }) => key)).toEqual(['a/../b'])
    expect(new Set(findings.map(({ method }) => method))).toEqual(new Set(['two-sided-read']))
    const count = 2 * HOSTILE_KEYS.length
    expect(costOf(requests, 2)).toBe(`GetObject ${count}, HeadObject ${count}`)
  })

  it('are verified in a directory bucket, which lists in no order', async () => {
    // Directory buckets take neither keys that end in a slash nor empty components.
    const keys = HOSTILE_KEYS.filter((key) => key.split('/').every((component) => !/^\.{0,2}$/.test(component)))
    const source = place.source(await place.bucket(objectsOf(keys), { kind: 'directory' }))
    expect(keysOf(await listed(source))).not.toEqual(sorted(keys))
    const { findings } = await outcomeOf(place.server, verify({ source }))
    expect(findings.map(({ key, outcome }) => [key, outcome])).toEqual(sorted(keys).map((key) => [key, 'match']))
  })

  it('of any make come back', async () => {
    const key = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).filter((text) => text.isWellFormed())
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(key, { minLength: 1, maxLength: 20 }), async (keys) => {
        const bucket = await place.bucket(objectsOf(keys))
        expect(keysOf(await listed(place.source(bucket)))).toEqual(sorted(keys))
      }),
      { numRuns: 40 },
    )
  })
})

describe('a prefix', () => {
  it('is left out as a marker where it is an empty object, and the key "/" where it is not', async () => {
    const marked = await place.bucket({ ...objectsOf(['p/a', 'p/!', 'p', 'q/']), 'p/': [Buffer.alloc(0)] })
    const entries = await listed(place.source(marked, { prefix: 'p/' }))
    expect(entries.map(({ key, excluded }) => [key, excluded])).toEqual([
      ['!', undefined],
      ['/', 'folder-marker'],
      ['a', undefined],
    ])
    const filled = await place.bucket(objectsOf(['p/a', 'p/!', 'p', 'q/', 'p/']))
    const run = compare({
      source: place.source(marked, { prefix: 'p/' }),
      replicas: [place.source(filled, { prefix: 'p/' })],
    })
    const { findings, report } = await outcomeOf(place.server, run)
    expect(findings.map(({ key, outcome }) => `${key} ${outcome}`)).toEqual(['! match', '/ extra', 'a match'])
    expect(report.result.source.excluded).toEqual({ 'folder-marker': 1 })
  })

  it('of hostile characters is taken as it is', async () => {
    for (const prefix of ['a+b %2F/', '\u0001/', '//', '../', '\uffff', '語/'.repeat(100)]) {
      const short = HOSTILE_KEYS.filter((key) => Buffer.byteLength(prefix + key) <= 1_024)
      const bucket = await place.bucket(objectsOf([...short.map((key) => prefix + key), 'outside', '\u{10ffff}']))
      expect(keysOf(await listed(place.source(bucket, { prefix })))).toEqual(sorted(short))
    }
  })
})

describe('10,000 hostile keys', () => {
  const keys = sorted(manyHostileKeys(10_000))
  let bucket: string
  let serial: readonly ObjectEntry[]
  let requests: Readonly<Record<string, number>>
  beforeAll(async () => {
    bucket = await place.bucket(objectsOf(keys, { checksum: 'none' }))
    place.server.requests.reset()
    serial = await listed(place.source(bucket, { listConcurrency: 1 }))
    requests = place.server.requests.counts()
  })

  it('are all listed, page by page', () => {
    expect(keysOf(serial)).toEqual(keys)
    expect(requests).toEqual({ ListObjectsV2: 10 })
  })

  it.each([2, 4, 16])('are the same when %i ranges are listed at once', async (listConcurrency) => {
    place.server.requests.reset()
    expect(await listed(place.source(bucket, { listConcurrency }))).toEqual(serial)
    // A quarter more than the pages, and one for each range: see `rangeListing`.
    expect(place.server.requests.count('ListObjectsV2')).toBeLessThanOrEqual(10 * 1.25 + listConcurrency)
  })

  it('are the same within ranges and behind keys', async () => {
    const source = place.source(bucket, { listConcurrency: 8 })
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
})
