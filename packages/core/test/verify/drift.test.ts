import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../src/report/canonical.js'
import { exitCode } from '../../src/report/exit-code.js'
import type { ObjectFinding } from '../../src/report/finding.js'
import { mergeResults } from '../../src/report/merge.js'
import { summarize } from '../../src/report/summary.js'
import { type MemoryObject, memorySource } from '../../src/testing/index.js'
import type { VerifyOptions } from '../../src/verify/options.js'
import { verify } from '../../src/verify/verify.js'

const now = () => new Date('2026-01-01T00:00:00Z')
const at = (bytes: string, modified: number): MemoryObject => ({ bytes, modified })

/** What a manifest of `objects` says. */
const baseline = (objects: Record<string, MemoryObject>) =>
  memorySource(objects, {
    uri: 'memory://manifest',
    digests: [{ algorithm: 'sha256', provenance: 'recorded' }],
    traits: { readCost: 'impossible', pinning: 'none' },
  })
const tree = (objects: Record<string, MemoryObject>) => memorySource(objects, { uri: 'memory://tree' })
const options = (before: Record<string, MemoryObject>, after: Record<string, MemoryObject>): VerifyOptions => ({
  source: tree(after),
  against: baseline(before),
  now,
})

describe('drift from a baseline', () => {
  it('tells modified from rotten, new and gone', async () => {
    const before = {
      gone: at('g', 1),
      modified: at('abc', 1),
      rot: at('abc', 1),
      same: at('s', 1),
      shrunk: at('abc', 1),
      touched: at('t', 1),
    }
    const after = {
      modified: at('abd', 2),
      new: at('n', 3),
      rot: at('abX', 1),
      same: at('s', 1),
      shrunk: at('ab', 1),
      touched: at('t', 9),
    }
    const run = verify(options(before, after))
    const found: ObjectFinding[] = []
    for await (const page of run) found.push(...page)
    expect(found.map((f) => `${f.key} ${f.outcome} ${f.drift}`)).toEqual([
      'gone missing gone',
      'modified mismatch modified',
      'new extra new',
      'rot mismatch rot',
      'same match undefined',
      'shrunk mismatch undefined',
      'touched match undefined',
    ])
    const { result } = await run.report()
    expect(result.drift).toMatchObject({
      baseline: { objects: 6, bytes: 12 },
      modified: { objects: 1, bytes: 3 },
      rot: { objects: 1, bytes: 3 },
      new: { objects: 1, bytes: 1 },
      gone: { objects: 1, bytes: 1 },
      undated: { objects: 1, bytes: 3 },
    })
    expect(result.alerts).toBeUndefined()
    expect(summarize(result).details.join('\n')).toContain('Since the record: 1 modified, 1 rot')
  })

  it('dates nothing where the baseline has no times', async () => {
    const digests = [{ algorithm: 'sha256', value: '00'.repeat(32), provenance: 'recorded' }] as const
    const against = baseline({ k: { bytes: 'abc', digests } })
    const list = against.list.bind(against)
    const timeless = {
      ...against,
      async *list(given: Parameters<typeof list>[0]) {
        for await (const page of list(given)) yield page.map(({ modified: _, version: __, ...entry }) => entry)
      },
    }
    const { result } = await verify({ source: tree({ k: at('abc', 1) }), against: timeless }).report()
    expect(result.findings.map((f) => [f.outcome, f.drift])).toEqual([['mismatch', undefined]])
    expect(result.drift?.undated.objects).toBe(1)
  })

  const many = (count: number, of: (i: number) => MemoryObject) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, of(i)]))

  it('flags a mass change by objects or by bytes, and not a small one', async () => {
    const before = many(100, (i) => at(`content ${i}`, 1))
    const changed = (share: number) => many(100, (i) => (i < share ? at(`CONTENT ${i}`, 2) : at(`content ${i}`, 1)))
    const check = async (share: number, massChange?: VerifyOptions['massChange']) => {
      const { result } = await verify({ ...options(before, changed(share)), massChange }).report()
      return result
    }
    expect(await check(29)).toMatchObject({ drift: { share: { objects: 0.29 } } })
    expect((await check(29)).alerts).toBeUndefined()
    const mass = await check(30)
    expect(mass.drift).toMatchObject({ share: { objects: 0.3 } })
    expect(mass.alerts).toEqual([
      { alert: 'mass-change', by: ['objects'], message: expect.stringContaining('30 % of the objects') },
    ])
    expect(summarize(mass).sentence).toContain('MASS CHANGE: 30 % of the objects')
    expect(exitCode(mass)).toBe(1)
    expect((await check(30, { objects: 0.5, bytes: 0.5 })).alerts).toBeUndefined()
    // Encrypted and renamed: everything is gone, and something else is there.
    const renamed = Object.fromEntries(Object.keys(before).map((key) => [`${key}.locked`, at('x', 2)]))
    expect((await verify(options(before, renamed)).report()).result).toMatchObject({
      drift: { share: { objects: 1 } },
      alerts: [{ alert: 'mass-change', by: ['objects', 'bytes'] }],
    })
    // A single large object of few: too few to be a mass.
    const few = await verify(
      options({ a: at('x'.repeat(1_000), 1), b: at('y', 1) }, { a: at('X'.repeat(1_000), 2), b: at('y', 1) }),
    ).report()
    expect(few.result.drift).toMatchObject({ share: { objects: 0.5 } })
    expect(few.result.alerts).toBeUndefined()
  })

  it('flags a rise of entropy in changed objects, as encrypting a small part of a tree makes one', async () => {
    const text = 'all work and no play makes jack a dull boy '.repeat(20)
    const noise = (i: number) =>
      Buffer.from(Array.from({ length: 860 }, (_, j) => (i * 7919 + j * j * 31 + j * 17) & 255))
    const before = many(200, (i) => at(`${i} ${text}`, 1))
    const entropies = new Map<string, number>()
    for await (const page of verify({ source: tree(before), entropy: true })) {
      for (const { key, sides } of page) entropies.set(key, sides!.source!.entropy!)
    }
    const plain = baseline(before)
    const recorded = {
      ...plain,
      async *list(given: Parameters<typeof plain.list>[0]) {
        for await (const page of plain.list(given))
          yield page.map((entry) => ({ ...entry, entropy: entropies.get(entry.key) }))
      },
    }
    const changedBy = (bytes: (i: number) => string | Uint8Array) =>
      tree(many(200, (i) => (i < 12 ? { bytes: bytes(i), modified: 2 } : at(`${i} ${text}`, 1))))
    const drift = async (source: ReturnType<typeof tree>) =>
      (await verify({ source, against: recorded }).report()).result
    const edited = await drift(changedBy((i) => `${i}! ${text}`))
    expect(edited.drift).toMatchObject({ modified: { objects: 12 }, entropy: { objects: 12 } })
    expect(edited.alerts).toBeUndefined()
    const encrypted = await drift(changedBy(noise))
    expect(encrypted.drift).toMatchObject({ share: { objects: 0.06 }, entropy: { objects: 12 } })
    expect(encrypted.alerts).toMatchObject([{ alert: 'mass-change', by: ['entropy'] }])
    expect(encrypted.drift!.entropy.rise).toBeGreaterThan(2)
  })

  it('adds up over shards, and is assessed for the whole', async () => {
    const content = fc.constantFrom('a', 'b', 'cc')
    const objects = fc.dictionary(
      fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é'), minLength: 1, maxLength: 3 }),
      fc.record({ bytes: content, modified: fc.constantFrom(1, 2) }),
      { maxKeys: 30 },
    )
    await fc.assert(
      fc.asyncProperty(objects, objects, fc.integer({ min: 2, max: 4 }), async (before, after, count) => {
        const massChange = { least: 3 }
        const whole = (await verify({ ...options(before, after), massChange }).report()).result
        const parts = await Promise.all(
          Array.from(
            { length: count },
            async (_, index) =>
              (await verify({ ...options(before, after), massChange, shard: { index, count } }).report()).result,
          ),
        )
        const merged = mergeResults(...parts.reverse())
        expect(canonicalJson([merged.drift, merged.alerts ?? []])).toBe(
          canonicalJson([whole.drift, whole.alerts ?? []]),
        )
      }),
      { numRuns: 40 },
    )
  })

  it('refuses thresholds that cannot be meant', () => {
    const given = options({}, {})
    expect(() => verify({ ...given, massChange: { objects: 30 } })).toThrow('massChange.objects')
    expect(() => verify({ ...given, massChange: { least: 0 } })).toThrow('massChange.least')
    expect(() => verify({ ...given, massChange: { share: 1 } as never })).toThrow('no option `share`')
    expect(() => verify({ source: tree({}), massChange: { objects: 0.5 } })).toThrow('needs a baseline')
  })
})
