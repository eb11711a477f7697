import { type CompareOptions, compare } from '@backproof/core/compare'
import {
  canonicalJson,
  exitCode,
  mergeResults,
  type ObjectFinding,
  type RunResult,
  summarize,
} from '@backproof/core/report'
import type { BackupSource } from '@backproof/core/source'
import { memorySource } from '@backproof/core/testing'
import { verify } from '@backproof/core/verify'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const many = (count: number, size: (i: number) => number = () => 10): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${String(i).padStart(4, '0')}`, 'x'.repeat(size(i))]))

const place = (name: string, objects: Record<string, string>): BackupSource =>
  memorySource(objects, { uri: `memory://${name}` })

const run = async (
  options: CompareOptions,
): Promise<{ readonly found: readonly ObjectFinding[]; readonly result: RunResult }> => {
  const found: ObjectFinding[] = []
  const started = compare({ now: () => new Date(0), ...options })
  for await (const page of started) found.push(...page)
  return { found, result: (await started.report()).result }
}

const keysOf = (found: readonly ObjectFinding[]): readonly string[] => found.map(({ key }) => key)

describe('a comparison of a sample', () => {
  const objects = many(300)
  const sides = (): Pick<CompareOptions, 'source' | 'replicas'> => ({
    source: place('a', objects),
    replicas: [place('b', objects)],
  })

  it('reads what it takes and nothing else, and says what that tells of the rest', async () => {
    const { found, result } = await run({ ...sides(), sample: { count: 40 } })
    expect(found).toHaveLength(40)
    expect(keysOf(found)).toEqual([...keysOf(found)].sort())
    expect(result.source.bytesRead).toBe(400)
    expect(result.sample).toMatchObject({ sampled: 40, population: 300, failing: 0, confidence: 0.95 })
    // Nothing found in 40 of 300: C(280,40) / C(300,40) = 0.0516 is still possible, C(279,40) / C(300,40) = 0.0442 no more.
    expect(result.sample!.upperShare).toBeCloseTo(20 / 300, 10)
    expect(exitCode(result)).toBe(0)
    expect(summarize(result).sentence).toMatch(/^Sample proven: all 40 sampled of 300 objects/)
  })

  it('judges every object by what the listings tell', async () => {
    const { x: _, ...fewer } = { ...objects, x: '' }
    const source = place('a', { ...objects, gone: '1', longer: '22' })
    const { found, result } = await run({
      source,
      replicas: [place('b', { ...fewer, longer: '2', new: '3' })],
      sample: { count: 1 },
    })
    const outcomes = found.map(({ key, outcome }) => `${key} ${outcome}`)
    expect(outcomes).toContain('gone missing')
    expect(outcomes).toContain('longer mismatch')
    expect(outcomes).toContain('new extra')
    expect(found).toHaveLength(4)
    expect(result.sample).toMatchObject({ sampled: 1, population: 300 })
    expect(exitCode(result)).toBe(1)
  })

  it('takes the same objects whatever the concurrency, the order of the listing and the day', async () => {
    const shuffled = memorySource(objects, { uri: 'memory://a', order: 'none', seed: 7 })
    const first = await run({ ...sides(), sample: { count: 25, seed: 'monday' } })
    const again = await run({
      source: shuffled,
      replicas: sides().replicas,
      concurrency: 1,
      sample: { count: 25, seed: 'monday' },
    })
    expect(keysOf(again.found)).toEqual(keysOf(first.found))
    const other = await run({ ...sides(), sample: { count: 25, seed: 'tuesday' } })
    expect(keysOf(other.found)).not.toEqual(keysOf(first.found))
  })

  it('finds what is corrupt among what it takes, and raises the bound', async () => {
    const rotten = { ...objects }
    for (const key of Object.keys(objects).filter((_, i) => i % 3 === 0)) rotten[key] = 'y'.repeat(10)
    const { found, result } = await run({
      source: place('a', objects),
      replicas: [place('b', rotten)],
      sample: { count: 60 },
    })
    const failing = found.filter(({ outcome }) => outcome === 'mismatch').length
    expect(failing).toBeGreaterThan(5)
    expect(result.sample).toMatchObject({ sampled: 60, failing })
    expect(result.sample!.upperShare).toBeGreaterThan(1 / 3 - 0.1)
    expect(exitCode(result)).toBe(1)
  })

  it('of parts covers everything exactly once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fc.string({ minLength: 1, maxLength: 5 }), async (of, text) => {
        const seed = text.replaceAll('\0', '_')
        const seen: string[] = []
        for (let part = 1; part <= of; part++) {
          const { found, result } = await run({ ...sides(), sample: { part, of, seed } })
          seen.push(...keysOf(found))
          if (of > 1 && found.length > 0) expect(summarize(result).sentence).toContain(`art ${part} of ${of}`)
        }
        expect(seen.sort()).toEqual(Object.keys(objects).sort())
      }),
      { numRuns: 8 },
    )
  })

  it('of shards merges, in any order, into that of the whole', async () => {
    const shard = (index: number): Promise<{ readonly result: RunResult }> =>
      run({ ...sides(), sample: { fraction: 0.2 }, shard: { index, count: 3 } })
    const parts = (await Promise.all([0, 1, 2].map(shard))).map(({ result }) => result)
    const merged = mergeResults(...parts)
    const whole = (await run({ ...sides(), sample: { fraction: 0.2 } })).result
    expect(merged.sample).toEqual(whole.sample)
    expect(canonicalJson(mergeResults(parts[2]!, mergeResults(parts[1]!, parts[0]!)))).toBe(canonicalJson(merged))
    expect(exitCode(merged)).toBe(0)
    expect(summarize(merged).sentence).toMatch(/^Sample proven/)
  })

  it('by bytes prefers large objects, and limits the share of bytes', async () => {
    const mixed = many(200, (i) => (i % 10 === 0 ? 5_000 : 5))
    const { found, result } = await run({
      source: place('a', mixed),
      replicas: [place('b', mixed)],
      sample: { count: 20, by: 'bytes' },
    })
    const large = found.filter(({ sides: of }) => of?.source?.size === 5_000).length
    expect(large).toBeGreaterThan(15)
    expect(result.sample).toMatchObject({ plan: { by: 'bytes' }, sampled: 20, population: 200, failing: 0 })
    expect(result.sample!.upperShare).toBeGreaterThan(0)
    expect(result.sample!.upperShare).toBeLessThan(1)
  })

  it('is planned like it is run', async () => {
    const started = compare({ ...sides(), sample: { count: 40 } })
    const plan = await started.plan()
    expect(plan).toMatchObject({ pairs: 300, proofs: { 'two-sided-read': 40 }, unsampled: 260, bytesToRead: 800 })
    expect((await started.report()).result.totals.methods).toEqual({ 'two-sided-read': 40 })
  })

  it('counts an object once, and as its worst copy', async () => {
    const rotten = Object.fromEntries(Object.keys(objects).map((key) => [key, 'z'.repeat(10)]))
    const { found, result } = await run({
      source: place('a', objects),
      replicas: [place('b', objects), place('c', rotten)],
      sample: { count: 10 },
    })
    expect(found).toHaveLength(20)
    expect(result.sample).toMatchObject({ sampled: 10, population: 300, failing: 10 })
  })

  it('refuses what is no sample', () => {
    expect(() => compare({ ...sides(), sample: { count: 0 } })).toThrow(/sample\.count/)
    expect(() => compare({ ...sides(), sample: { fraction: 2 } })).toThrow(/sample\.fraction/)
  })
})

describe('a verification of a sample', () => {
  it('reads and proves what it takes', async () => {
    const objects = many(100)
    const source = memorySource(objects, {
      uri: 'memory://a',
      digests: [{ algorithm: 'sha256', provenance: 'service' }],
    })
    const { result } = await verify({ source, sample: { count: 10 } }).report()
    expect(result.totals.outcomes.match).toBe(10)
    expect(result.source.bytesRead).toBe(100)
    expect(result.sample).toMatchObject({ sampled: 10, population: 100, failing: 0 })
    expect(summarize(result).proven).toBe(true)
    expect(summarize(result).sentence).toMatch(/^Sample proven/)
  })
})
