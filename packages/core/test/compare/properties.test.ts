import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compare } from '../../src/compare/compare.js'
import type { CompareOptions } from '../../src/compare/options.js'
import type { ObjectFinding } from '../../src/report/finding.js'
import { mergeResults } from '../../src/report/merge.js'
import type { RunResult } from '../../src/report/report.js'
import { compareKeys } from '../../src/source/key.js'
import { memorySource } from '../../src/testing/index.js'

const now = () => new Date('2026-01-01T00:00:00Z')
const key = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 5 }),
  fc.constantFrom('a', 'b', 'c', 'a/b', 'a.b', '\uffee', '😀'),
)
const tree = fc.dictionary(key, fc.constantFrom('', 'x', 'y', 'xx'), { maxKeys: 25 })
const source = (name: string, objects: Record<string, string>, order: 'utf8' | 'none' = 'utf8', pageSize = 3) =>
  memorySource(objects, { uri: `memory://${name}`, order, pageSize })

const collect = async (options: CompareOptions) => {
  const run = compare({ now, ...options })
  const findings: ObjectFinding[] = []
  for await (const page of run) findings.push(...page)
  return { findings, result: (await run.report()).result }
}

/** What a reader of the vocabulary would say, key by key. */
const naive = (a: Record<string, string>, replicas: readonly Record<string, string>[]): string[] => {
  const all = [...new Set([a, ...replicas].flatMap(Object.keys))].sort(compareKeys)
  return all.flatMap((k) =>
    replicas.flatMap((b, i) => {
      const [inA, inB] = [Object.hasOwn(a, k), Object.hasOwn(b, k)]
      if (!inA && !inB) return []
      return [`${k}@${i} ${!inB ? 'missing' : !inA ? 'extra' : a[k] === b[k] ? 'match' : 'mismatch'}`]
    }),
  )
}
const brief = (findings: readonly ObjectFinding[]): string[] =>
  findings.map((f) => `${f.key}@${f.replica} ${f.outcome}`)

describe('compare: properties', () => {
  it('gives the outcomes of a naive map, in any listing order and page size', async () => {
    await fc.assert(
      fc.asyncProperty(
        tree,
        fc.array(tree, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 30 }),
        async (a, bs, shuffled, pageSize) => {
          const order = shuffled ? 'none' : 'utf8'
          const replicas = bs.map((b, i) => source(`r${i}`, b, order, pageSize))
          const { findings, result } = await collect({ source: source('a', a, 'utf8', pageSize), replicas })
          expect(brief(findings)).toEqual(naive(a, bs))
          expect(result.complete).toBe(true)
          expect(result.totals.findings).toBe(findings.length)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('gives the same in any shards and ranges, merged in any order and grouping', async () => {
    const cuts = fc.uniqueArray(key, { maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(
        tree,
        tree,
        cuts,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 0, max: 1_000 }),
        async (a, b, unsorted, shards, pick) => {
          const options = { source: source('a', a), replicas: [source('b', b, 'none')], findingsLimit: 5 }
          const whole = (await collect(options)).result
          const bounds = [undefined, ...[...unsorted].sort(compareKeys), undefined]
          const parts: RunResult[] = []
          for (let i = 0; i + 1 < bounds.length; i++) {
            const range = {
              ...(bounds[i] !== undefined && { from: bounds[i] }),
              ...(bounds[i + 1] !== undefined && { to: bounds[i + 1] }),
            }
            for (let index = 0; index < shards; index++) {
              parts.push((await collect({ ...options, range, shard: { index, count: shards } })).result)
            }
          }
          const { covered: _, ...expected } = whole
          const rotated = [...parts.slice(pick % parts.length), ...parts.slice(0, pick % parts.length)]
          const cut = 1 + (pick % Math.max(1, parts.length - 1))
          const grouped =
            parts.length > 1 ? [mergeResults(...rotated.slice(0, cut)), mergeResults(...rotated.slice(cut))] : rotated
          const { covered, ...merged } = mergeResults(...grouped)
          expect(merged).toEqual(expected)
          expect(JSON.stringify(mergeResults(...parts))).toBe(JSON.stringify({ ...mergeResults(...grouped) }))
          expect(covered.length).toBe(parts.length)
        },
      ),
      { numRuns: 100 },
    )
  })

  it('gives the same result bytes whatever the concurrency', async () => {
    await fc.assert(
      fc.asyncProperty(tree, tree, async (a, b) => {
        const results = []
        for (const concurrency of [1, 2, 16]) {
          const { result } = await collect({ source: source('a', a), replicas: [source('b', b)], concurrency })
          results.push(JSON.stringify(result))
        }
        expect(new Set(results).size).toBe(1)
      }),
      { numRuns: 50 },
    )
  })

  it('finds any flipped, inserted or removed byte at any position', async () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 })
    const damage = fc.record({
      kind: fc.constantFrom('flip', 'insert', 'remove'),
      at: fc.nat(),
      bit: fc.integer({ min: 0, max: 7 }),
    })
    await fc.assert(
      fc.asyncProperty(
        bytes,
        damage,
        fc.constantFrom('error-detecting', 'cryptographic'),
        async (good, { kind, at, bit }, strength) => {
          const i = at % good.length
          const bad =
            kind === 'flip'
              ? good.map((byte, j) => (j === i ? byte ^ (1 << bit) : byte))
              : kind === 'insert'
                ? Uint8Array.from([...good.slice(0, i), good[i]!, ...good.slice(i)])
                : Uint8Array.from([...good.slice(0, i), ...good.slice(i + 1)])
          const options = {
            source: memorySource({ k: good }, { uri: 'memory://a' }),
            replicas: [memorySource({ k: bad }, { uri: 'memory://b' })],
          }
          const { findings } = await collect({ ...options, require: 'read', strength: strength as 'cryptographic' })
          expect(findings.map((f) => f.outcome)).toEqual(['mismatch'])
        },
      ),
      { numRuns: 300 },
    )
  })
})
