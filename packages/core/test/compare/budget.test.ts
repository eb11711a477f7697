import { type Budget, type CompareOptions, compare } from '@backproof/core/compare'
import { exitCode, type ObjectFinding, type RunResult, summarize } from '@backproof/core/report'
import type { BackupSource, ObjectEntry, PlacePrices, SourceTraits } from '@backproof/core/source'
import { memorySource } from '@backproof/core/testing'
import { verify } from '@backproof/core/verify'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const PRICES: PlacePrices = {
  currency: 'USD',
  asOf: '2026-11',
  source: 'https://example.com/prices',
  list: 1e-3,
  pageSize: 100,
  stat: 1e-4,
  read: 1e-4,
  egressByte: 1e-6,
  classes: { COLD: { retrievalByte: 1e-6 } },
}

interface Cloud extends BackupSource {
  /** What was asked of it, in order. */
  readonly calls: string[]
  bytes: number
}

const cloud = (
  name: string,
  objects: Record<string, string>,
  traits: Partial<SourceTraits> = {},
  change: (entry: ObjectEntry) => Partial<ObjectEntry> = () => ({}),
): Cloud => {
  const memory = memorySource(objects, { uri: `memory://${name}` })
  const place: Cloud = {
    ...memory,
    calls: [],
    bytes: 0,
    describe: async () => ({ ...(await memory.describe()), readCost: 'paid', prices: PRICES, ...traits }),
    list: async function* (options) {
      for await (const page of memory.list(options)) yield page.map((entry) => ({ ...entry, ...change(entry) }))
    },
    stat: (ref, options) => {
      place.calls.push('stat')
      return memory.stat(ref, options)
    },
    read: (ref, options) => {
      const bytes = objects[String(ref)]?.length ?? 0
      place.calls.push('read')
      place.bytes += bytes
      return memory.read(ref, options)
    },
  }
  return place
}

const many = (count: number, size = 10): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${String(i).padStart(6, '0')}`, 'x'.repeat(size)]))

const run = async (
  options: CompareOptions,
): Promise<{ readonly found: readonly ObjectFinding[]; readonly result: RunResult }> => {
  const found: ObjectFinding[] = []
  const started = compare({ now: () => new Date(0), ...options })
  for await (const page of started) found.push(...page)
  return { found, result: (await started.report()).result }
}

const unproven = (found: readonly ObjectFinding[]): number => found.filter(({ outcome }) => outcome !== 'match').length

describe('a budget', () => {
  const objects = many(50)
  const disk = (): BackupSource => memorySource(objects, { uri: 'memory://disk' })

  it('of bytes reads what it can pay for, in the order of keys, and says what is left', async () => {
    const b = cloud('b', objects)
    const { found, result } = await run({ source: disk(), replicas: [b], budget: { bytes: 20 * 12 + 19 } })
    expect(found).toHaveLength(50)
    expect(found.slice(0, 12).every(({ outcome }) => outcome === 'match')).toBe(true)
    expect(found.slice(12).every(({ outcome, reason }) => outcome === 'unverifiable' && reason === 'budget')).toBe(true)
    expect(result.source.bytesRead + result.replicas[0]!.bytesRead).toBe(240)
    expect(result.unspent).toEqual({ budget: { findings: 38, bytes: 380 } })
    expect(result.complete).toBe(true)
    expect(exitCode(result)).toBe(3)
    expect(summarize(result).sentence).toBe(
      'NOT proven: 38 of 50 objects could not be decided: 38 unverifiable; 38 of these (380 bytes) are beyond the budget.',
    )
  })

  it('never reads beyond it, and always the same objects, whatever the concurrency', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 8_000 }),
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 30 }),
        async (bytes, concurrency, sizes) => {
          const contents = Object.fromEntries(sizes.map((size, i) => [`k${i}`, 'y'.repeat(size)]))
          const results = await Promise.all(
            [1, concurrency].map((one) =>
              run({
                source: memorySource(contents, { uri: 'memory://disk' }),
                replicas: [cloud('b', contents)],
                budget: { bytes },
                concurrency: one,
              }),
            ),
          )
          const [first, second] = results.map(({ result }) => result)
          expect(second).toEqual(first)
          const read = first!.source.bytesRead + first!.replicas[0]!.bytesRead
          expect(read).toBeLessThanOrEqual(bytes)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('of requests counts pages of listings, questions and reads', async () => {
    const b = cloud('b', objects)
    const { found, result } = await run({ source: disk(), replicas: [b], budget: { requests: 11 } })
    // A page of each listing, and reads of both sides: the last request would be half of a proof.
    expect(b.calls).toEqual(['read', 'read', 'read', 'read'])
    expect(unproven(found)).toBe(46)
    expect(result.unspent?.budget?.findings).toBe(unproven(found))
  })

  it('of requests counts questions about attributes too', async () => {
    const [a, b] = [cloud('a', objects), cloud('b', objects)]
    const options = { source: a, replicas: [b], require: 'size', metadata: ['mtime'] } as const
    const { found } = await run({ ...options, budget: { requests: 2 + 2 * 7 } })
    expect(a.calls.concat(b.calls).filter((call) => call === 'stat')).toHaveLength(14)
    expect(found.filter(({ reason }) => reason === 'budget')).toHaveLength(43)
  })

  it('of money is kept by the prices, and ends the run where not even the listing can be paid', async () => {
    const b = cloud('b', objects)
    // A page, and 7 reads of 10 bytes.
    const limit = 1e-3 + 7 * (1e-4 + 10e-6)
    const { found, result } = await run({
      source: disk(),
      replicas: [b],
      prices: { 'memory://disk': { ...PRICES, list: 0, read: 0, stat: 0, egressByte: 0 } },
      budget: { money: limit + 1e-9 },
    })
    expect(b.calls).toHaveLength(7)
    expect(unproven(found)).toBe(43)
    expect(exitCode(result)).toBe(3)
    const long = many(1_000, 1)
    const poor = await run({
      source: cloud('a', long, { prices: { ...PRICES, egressByte: 0 } }),
      replicas: [cloud('b', long)],
      budget: { money: 8e-3 },
    })
    expect(poor.result.incomplete).toEqual([{ reason: 'budget', limit: 'money' }])
    expect(poor.result.complete).toBe(false)
    expect(poor.found.length).toBeLessThan(1_000)
    expect(summarize(poor.result).sentence).toMatch(
      /the budget \(money\) was spent after \d+ findings, before everything/,
    )
  })

  it('of seconds ends it in time', async () => {
    const { found, result } = await run({ source: disk(), replicas: [cloud('b', objects)], budget: { seconds: 0 } })
    expect(found).toEqual([])
    expect(result.incomplete).toEqual([{ reason: 'budget', limit: 'seconds' }])
    expect(exitCode(result)).toBe(3)
  })

  it('of bytes ends the reading of an archive, which cannot be read in part', async () => {
    const archive = memorySource(objects, { uri: 'memory://tar', chunkSize: 5, traits: { access: 'sequential' } })
    const scanned: BackupSource = {
      ...archive,
      scan: async function* () {
        for await (const page of archive.list()) for (const { ref } of page) yield archive.read(ref)
      },
    }
    const small = await run({ source: disk(), replicas: [scanned], budget: { bytes: 120 } })
    expect(small.found).toEqual([])
    expect(small.result.incomplete).toEqual([{ reason: 'budget', limit: 'bytes' }])
    expect(exitCode(small.result)).toBe(3)
    // 500 bytes of the archive, and of each file 10.
    const part = await run({ source: disk(), replicas: [scanned], budget: { bytes: 500 + 70 } })
    expect(unproven(part.found)).toBe(43)
    expect(unproven((await run({ source: disk(), replicas: [scanned], budget: { bytes: 1_000 } })).found)).toBe(0)
  })

  it('counts the pass of a sample, and plans it', async () => {
    const b = cloud('b', objects)
    const options = { source: disk(), replicas: [b], sample: { count: 5 } }
    const plan = await compare(options).plan()
    expect(plan.requests).toEqual({ list: 4, stat: 0, read: 10 })
    expect(unproven((await run({ ...options, budget: { requests: 14 } })).found)).toBe(0)
    expect(unproven((await run({ ...options, budget: { requests: 13 } })).found)).toBe(1)
  })

  it('counts what is read of objects whose size nobody tells', async () => {
    const lots = many(300)
    const source = cloud('b', lots, {}, () => ({ size: undefined }))
    const { result } = await verify({ source, budget: { bytes: 100 } }).report()
    // The first batch of rows is read before anybody knows how much it is.
    expect(result.source.bytesRead).toBe(2_560)
    expect(result.incomplete).toEqual([{ reason: 'budget', limit: 'bytes' }])
  })

  it('of a verification leaves the rest unproven, with what there is of it', async () => {
    const report = await verify({
      source: cloud('a', objects, {}, () => ({
        digests: [{ algorithm: 'md5', value: '00'.repeat(16), provenance: 'service' }],
      })),
      budget: { bytes: 100 },
    }).report()
    expect(report.result.totals.outcomes).toMatchObject({ mismatch: 10, unverifiable: 40 })
    expect(report.result.findings.at(-1)).toMatchObject({ reason: 'budget', sides: { source: { size: 10 } } })
  })

  it.each<[Budget, RegExp]>([
    [{}, /limits nothing/],
    [{ bytes: -1 }, /budget\.bytes/],
    [{ money: Number.NaN }, /budget\.money/],
    [{ megabytes: 1 } as Budget, /no option `megabytes`/],
  ])('refuses %j', (budget, message) => {
    expect(() => compare({ source: disk(), replicas: [cloud('b', objects)], budget })).toThrow(message)
  })

  it('of money refuses places whose prices nobody knows, and prices in two currencies', async () => {
    const money = (prices: PlacePrices | undefined): Promise<unknown> =>
      run({ source: cloud('a', objects), replicas: [cloud('b', objects, { prices })], budget: { money: 1 } })
    await expect(money(undefined)).rejects.toThrow(/what memory:\/\/b charges is not known/)
    await expect(money({ ...PRICES, currency: 'EUR' })).rejects.toThrow(/EUR and USD/)
  })
})

describe('the ceiling of what is read of a place that charges', () => {
  const objects = many(20)

  it('takes the caller’s word', async () => {
    const options = { source: memorySource(objects, { uri: 'memory://disk' }), replicas: [cloud('b', objects)] }
    const { found, result } = await run({ ...options, readCeiling: 55 })
    expect(unproven(found)).toBe(15)
    expect(result.unspent).toEqual({ 'read-ceiling': { findings: 15, bytes: 150 } })
    expect(summarize(result).sentence).toContain('allow it with `readCeiling`')
    expect(unproven((await run({ ...options, readCeiling: 'none' })).found)).toBe(0)
    expect(unproven((await run(options)).found)).toBe(0)
  })

  it('is 100 GB by default, and 10 GB of classes that charge for retrieval', async () => {
    const huge = { a: 'x', b: 'x', c: 'x' }
    // Nothing of that size is read here: the place fails every read, and what counts is which are tried.
    const sized = async (gigabytes: number, storageClass?: string): Promise<string[]> => {
      const change = (): Partial<ObjectEntry> => ({
        size: gigabytes * 1e9,
        ...(storageClass !== undefined && { storageClass }),
      })
      const [a, b] = [cloud('a', huge, {}, change), cloud('b', huge, {}, change)]
      const { found } = await run({ source: a, replicas: [b] })
      return found.map(({ reason }) => reason)
    }
    expect(await sized(33)).not.toContain('read-ceiling')
    expect((await sized(34)).filter((reason) => reason === 'read-ceiling')).toHaveLength(1)
    expect((await sized(101)).filter((reason) => reason === 'read-ceiling')).toHaveLength(3)
    expect((await sized(4, 'COLD')).filter((reason) => reason === 'read-ceiling')).toHaveLength(1)
  })

  it('holds for a place that charges and calls itself free, as a bucket that is mounted does', async () => {
    const mounted = memorySource(objects, { uri: 'memory://mounted' })
    const prices = { 'memory://mounted': PRICES }
    const { result } = await run({ source: memorySource(objects), replicas: [mounted], prices, readCeiling: 55 })
    expect(result.unspent).toEqual({ 'read-ceiling': { findings: 15, bytes: 150 } })
  })

  it('spends nothing of the other side on what it refuses', async () => {
    const [a, b] = [cloud('a', objects), cloud('b', objects)]
    const { result } = await run({ source: a, replicas: [b], readCeiling: 0 })
    expect(a.calls.concat(b.calls)).toEqual([])
    expect(result.totals.outcomes.unverifiable).toBe(20)
  })

  it('lets pairs that need no such read go on', async () => {
    const disk = memorySource(objects, { uri: 'memory://disk' })
    const near = memorySource(objects, { uri: 'memory://near' })
    const { found, result } = await run({ source: disk, replicas: [near, cloud('b', objects)], readCeiling: 0 })
    expect(found.filter(({ replica }) => replica === 0).every(({ outcome }) => outcome === 'match')).toBe(true)
    expect(found.filter(({ replica }) => replica === 1).every(({ reason }) => reason === 'read-ceiling')).toBe(true)
    expect(result.source.bytesRead).toBe(200)
  })
})
