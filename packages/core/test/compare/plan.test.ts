import { createHash } from 'node:crypto'
import { compare } from '@backproof/core/compare'
import { summarizePlan } from '@backproof/core/report'
import type { BackupSource, ObjectEntry, PlacePrices, SourceTraits } from '@backproof/core/source'
import { memorySource } from '@backproof/core/testing'
import { verify } from '@backproof/core/verify'
import { describe, expect, it } from 'vitest'

const PRICES: PlacePrices = {
  currency: 'USD',
  asOf: '2026-11',
  source: 'https://example.com/prices',
  list: 5e-6,
  pageSize: 1_000,
  stat: 4e-7,
  read: 4e-7,
  egressByte: 9e-11,
  classes: { COLD: { read: 1e-6, retrievalByte: 1e-11 } },
}
const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

type Change = (entry: ObjectEntry) => Partial<ObjectEntry>

/** A place that charges, and keeps what its listing tells. */
const cloud = (
  name: string,
  objects: Record<string, string>,
  change: Change = () => ({}),
  traits: Partial<SourceTraits> = {},
): BackupSource & { readonly asked: string[] } => {
  const memory = memorySource(objects, { uri: `memory://${name}` })
  const asked: string[] = []
  return {
    ...memory,
    asked,
    describe: async () => ({ ...(await memory.describe()), readCost: 'paid', prices: PRICES, ...traits }),
    list: async function* (options) {
      for await (const page of memory.list(options)) yield page.map((entry) => ({ ...entry, ...change(entry) }))
    },
    stat: (ref, options) => {
      asked.push('stat')
      return memory.stat(ref, options)
    },
    read: (ref, options) => {
      asked.push('read')
      return memory.read(ref, options)
    },
  }
}
const stored =
  (objects: Record<string, string>): Change =>
  ({ key }) => ({ digests: [{ algorithm: 'md5', value: md5(objects[key] ?? ''), provenance: 'service' }] })

describe('a plan', () => {
  const objects = { a: 'abc', b: 'abcd', c: 'abcde', d: 'x' }

  it('costs nothing where digests that both sides store decide, and asks and reads nothing to find out', async () => {
    const [a, b] = [cloud('a', objects, stored(objects)), cloud('b', objects, stored(objects))]
    const run = compare({ source: a, replicas: [b], now: () => new Date(0) })
    const plan = await run.plan()
    expect(plan).toMatchObject({
      schema: 'backproof.plan/v1',
      kind: 'compare',
      asOf: '1970-01-01T00:00:00.000Z',
      pairs: 4,
      proofs: { digest: 4 },
      grades: { read: 0, stored: 4, claimed: 0, size: 0 },
      decided: {},
      unprovable: {},
      requests: { list: 2, stat: 0, read: 0 },
      bytesToRead: 0,
      bytesOfBothSides: 26,
      bytesSaved: 26,
      money: { USD: 1e-5 },
      readInstead: { objects: 0, bytes: 0 },
      atMost: { bytesToRead: 0, requests: 2, money: { USD: 1e-5 } },
    })
    expect(a.asked.concat(b.asked)).toEqual([])
    // The run is still there to be started.
    const { result, telemetry } = await run.report()
    expect(result.totals.methods).toEqual({ digest: 4 })
    expect(telemetry.bytesRead).toBe(0)
  })

  it('tells what the listings decide, and what nothing can prove', async () => {
    const a = cloud('a', { ...objects, gone: '1', longer: '12' })
    const b = cloud('b', { ...objects, new: '2', longer: '1' }, () => ({ archived: true }))
    const plan = await compare({ source: a, replicas: [b] }).plan()
    expect(plan.decided).toEqual({ missing: 1, extra: 1, mismatch: 1 })
    expect(plan.unprovable).toEqual({ archived: 4 })
    expect(plan.pairs).toBe(7)
    expect(plan.bytesToRead).toBe(0)
  })

  it('reads the source once for all replicas, and names the prices of each place', async () => {
    const disk = memorySource(objects, { uri: 'memory://disk' })
    const cold = cloud('cold', objects, () => ({ storageClass: 'COLD' }))
    const b = cloud('b', objects, stored(objects))
    const plan = await compare({ source: disk, replicas: [b, cold] }).plan()
    expect(plan.proofs).toEqual({ 'one-sided-read': 4, 'two-sided-read': 4 })
    expect(plan.source).toMatchObject({ bytesToRead: 13 })
    expect(plan.replicas[0]).toMatchObject({ bytesToRead: 0, requests: { list: 1, stat: 0, read: 0 } })
    expect(plan.replicas[1]).toMatchObject({
      bytesToRead: 13,
      bytesOfColdClasses: 13,
      requests: { list: 1, stat: 0, read: 4 },
      prices: { asOf: '2026-11', source: 'https://example.com/prices' },
    })
    expect(plan.replicas[1]!.money!['USD']).toBeCloseTo(5e-6 + 4 * 1e-6 + 13 * 1e-10, 12)
    expect(plan.bytesSaved).toBe(39 - 26)
  })

  it('is what the run then does', async () => {
    const rest = { ...objects, z: 'z'.repeat(50_000) }
    const opaque: Change = () => ({
      digests: [{ algorithm: 'md5', value: '00'.repeat(16), provenance: 'service', equalityOnly: true }],
      offers: [{ algorithm: 'crc32c', provenance: 'service' }],
    })
    const [a, b] = [
      cloud('a', rest),
      cloud('b', rest, opaque, { statDigests: [{ algorithm: 'crc32c', provenance: 'service' }] }),
    ]
    const run = compare({ source: a, replicas: [b], require: 'read' })
    const plan = await run.plan()
    const { result, telemetry } = await run.report()
    expect(plan.requests.read).toBe(telemetry.requests['read'])
    expect(plan.bytesToRead).toBe(result.source.bytesRead + result.replicas[0]!.bytesRead)
    expect(plan.proofs).toEqual(result.totals.methods)
    expect(plan.grades).toEqual(result.totals.grades)
  })

  it('says that it reads small objects instead of asking about them, where that costs no less', async () => {
    const opaque: Change = () => ({ offers: [{ algorithm: 'crc64nvme', provenance: 'service' }] })
    const b = cloud('b', objects, opaque)
    const options = { source: memorySource(objects, { uri: 'memory://disk' }), replicas: [b] }
    const far = await compare(options).plan()
    expect(far).toMatchObject({
      proofs: { 'one-sided-read': 4 },
      requests: { stat: 4, read: 4 },
      readInstead: { objects: 0 },
    })
    expect(far.replicas[0]!.bytesToRead).toBe(0)
    const near = await compare({ ...options, prices: { 'memory://b': { ...PRICES, egressByte: 0 } } }).plan()
    expect(near).toMatchObject({
      proofs: { 'two-sided-read': 4 },
      grades: { read: 4 },
      readInstead: { objects: 4, bytes: 13 },
    })
    expect(near.requests.stat).toBe(0)
    expect(summarizePlan(near).details.join('\n')).toContain(
      '4 objects (13 bytes) would be read instead of asked about',
    )
  })

  it('says what lies beyond the ceiling of reading, and the run then leaves it unread', async () => {
    const [source, b] = [memorySource(objects, { uri: 'memory://disk' }), cloud('b', objects)]
    const run = compare({ source, replicas: [b], readCeiling: 5 })
    const plan = await run.plan()
    expect(plan.replicas[0]).toMatchObject({ bytesToRead: 13, bytesBeyondCeiling: 8 })
    expect(summarizePlan(plan).details.join('\n')).toContain('8 bytes of it beyond the ceiling of reading')
    expect(summarizePlan(plan).sentence).toContain('26 bytes would be read, 8 bytes of it only with your word')
    expect((await run.report()).result.unspent?.['read-ceiling']).toEqual({ findings: 2, bytes: 9 })
  })

  it('saves nothing against reading what cannot be read', async () => {
    const own = await verify({ source: cloud('a', objects, stored(objects)) }).plan()
    expect([own.bytesToRead, own.bytesOfBothSides, own.bytesSaved]).toEqual([13, 13, 0])
    const list = cloud('list', objects, stored(objects), { readCost: 'impossible', prices: undefined })
    const plan = await compare({ source: memorySource(objects, { uri: 'memory://disk' }), replicas: [list] }).plan()
    expect([plan.bytesToRead, plan.bytesOfBothSides, plan.bytesSaved]).toEqual([13, 13, 0])
    expect(summarizePlan(plan).sentence).not.toContain('less than')
  })

  it('of a verification reads every object, and asks where nothing else tells', async () => {
    const plan = await verify({ source: cloud('a', objects, stored(objects)) }).plan()
    expect(plan).toMatchObject({
      kind: 'verify',
      proofs: { 'one-sided-read': 4 },
      bytesToRead: 13,
      requests: { stat: 0, read: 4 },
    })
    expect(plan.replicas).toEqual([])
    const against = await verify({
      source: cloud('a', objects),
      against: cloud('list', objects, stored(objects), { readCost: 'impossible', prices: undefined }),
    }).plan()
    expect(against.expected).toMatchObject({ uri: 'memory://list', requests: { list: 0, stat: 0, read: 0 } })
    expect(against).toMatchObject({ proofs: { 'one-sided-read': 4 }, bytesToRead: 13 })
  })

  it('of a verification against a list never counts on reading what is listed', async () => {
    const list = cloud('list', objects, undefined)
    const run = verify({ source: memorySource(objects, { uri: 'memory://disk' }), against: list })
    expect(await run.plan()).toMatchObject({ proofs: {}, unprovable: { 'no-digest': 4 }, bytesToRead: 13 })
    expect((await run.report()).result.totals.outcomes.unverifiable).toBe(4)
  })

  it('does not count on sizes where listed digests differ that prove only by being equal', async () => {
    const wrong: Change = () => ({
      digests: [{ algorithm: 'md5', value: '00'.repeat(16), provenance: 'service', equalityOnly: true }],
    })
    const run = compare({
      source: cloud('a', objects, stored(objects)),
      replicas: [cloud('b', objects, wrong)],
      require: 'size',
    })
    const plan = await run.plan()
    const { result } = await run.report()
    expect(plan).toMatchObject({ proofs: { 'one-sided-read': 4 }, bytesToRead: 13 })
    expect(result.totals.methods).toEqual(plan.proofs)
    expect(result.source.bytesRead + result.replicas[0]!.bytesRead).toBeLessThanOrEqual(plan.atMost.bytesToRead)
  })

  it('counts the questions for metadata, of both sides of every match', async () => {
    const [a, b] = [cloud('a', { ...objects, gone: '1' }, stored(objects)), cloud('b', objects, stored(objects))]
    const run = compare({ source: a, replicas: [b], metadata: ['mtime'] })
    const plan = await run.plan()
    expect(plan.requests).toEqual({ list: 2, stat: 8, read: 0 })
    expect(plan.atMost.requests).toBe(10)
    await run.report()
    expect(a.asked.concat(b.asked)).toEqual(Array<string>(8).fill('stat'))
  })

  it('reads well', async () => {
    const a = cloud('a', objects, stored(objects))
    const b = cloud('b', objects, undefined, { prices: undefined })
    const summary = summarizePlan(await compare({ source: a, replicas: [b], now: () => new Date(0) }).plan())
    expect([summary.sentence, ...summary.details]).toMatchInlineSnapshot(`
      [
        "13 bytes would be read, 13 bytes less than by reading both sides; 6 requests, $0.000005 (prices of memory://b are not known), about 1 second.",
        "4 objects: 4 by reading one side",
        "Grades of matches: 4 stored",
        "memory://a: 4 objects, 13 bytes; 0 bytes to read; requests: 1 list; $0.000005 (prices of 2026-11)",
        "memory://b: 4 objects, 13 bytes; 13 bytes to read; requests: 1 list, 4 read",
      ]
    `)
  })

  it('says in its sentence what it costs at most, where listed digests may mislead', async () => {
    const opaque: Change = () => ({
      digests: [{ algorithm: 'md5', value: '00'.repeat(16), provenance: 'service', equalityOnly: true }],
    })
    const disk = memorySource(objects, { uri: 'memory://disk' })
    const plan = await compare({ source: disk, replicas: [cloud('b', objects, opaque)] }).plan()
    // The disk is read, twice at most, and the place once at most.
    expect(plan).toMatchObject({ bytesToRead: 13, atMost: { bytesToRead: 39 } })
    const { sentence, details } = summarizePlan(plan)
    expect(sentence).toContain('$0.000005 (at most $0.0000066)')
    expect(details.at(-1)).toContain('At most, where listed digests turn out to be none of the bytes: 39 bytes')
  })

  it('ends on abort, and with what a listing that fails says', async () => {
    const controller = new AbortController()
    const slow: BackupSource = {
      ...cloud('slow', objects),
      list: async function* ({ signal } = {}) {
        await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)))
        yield []
      },
    }
    const plan = compare({ source: slow, replicas: [cloud('b', objects)], signal: controller.signal }).plan()
    setTimeout(() => controller.abort(new Error('enough')), 20)
    await expect(plan).rejects.toThrow('enough')
    const broken: BackupSource = {
      ...cloud('broken', objects),
      // biome-ignore lint/correctness/useYield: it fails before it has anything
      list: async function* () {
        throw new TypeError('no')
      },
    }
    await expect(compare({ source: broken, replicas: [cloud('b', objects)] }).plan()).rejects.toThrow(/no/)
  })
})
