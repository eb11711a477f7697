import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AuditFinding, AuditRule, Fact } from '../../../src/audit/index.js'
import { canonicalJson } from '../../../src/report/canonical.js'
import { asset, counting, doing, enough, known, NOW, run, steady, type Tick, tick, ticking } from './parts.js'

const ids = ['a', 'b', 'c', 'd']
const targets = ids.map((id) => asset(id))
const arbitraryTicks: fc.Arbitrary<readonly Tick[]> = fc.array(
  fc
    .record({ id: fc.constantFrom(...ids, 'stranger'), at: fc.integer({ min: 0, max: 20 }), ok: fc.boolean() })
    .map(({ id, at, ok }) => tick(id, at, ok)),
  { maxLength: 40 },
)
const arbitraryFact: fc.Arbitrary<Fact<number>> = fc.oneof(
  fc
    .record({ value: fc.integer({ min: 0, max: 6 }), partial: fc.boolean() })
    .map(({ value, partial }) => known(value, { partial })),
  fc.constant<Fact<number>>({ state: 'absent', source: 'a test', observedAt: NOW }),
  fc.constantFrom('denied', 'throttled').map((reason): Fact<number> => ({ state: 'unknown', reason })),
)
const arbitrarySheet = fc.dictionary(fc.constantFrom(...ids), arbitraryFact)
const from = (sheet: Readonly<Record<string, Fact<number>>>, id?: string) => counting((target) => sheet[target.id], id)
const rules = (): readonly AuditRule[] => [enough(), steady(), doing(() => ({ message: 'ask' }))]

/** How good a row is; what cannot be known is never better than what is. */
const RANK = { pass: 2, 'not-applicable': 2, review: 1, unknown: 0, error: 0, fail: 0 } as const
const rank = (rows: readonly AuditFinding[]): ReadonlyMap<string, number> =>
  new Map(rows.map(({ rule, target, status }) => [`${rule} ${target.id}`, RANK[status]]))

describe('an audit', () => {
  it('says the same, whatever the order of rules, targets, collectors, items and pages', () =>
    fc.assert(
      fc.asyncProperty(
        arbitraryTicks,
        arbitrarySheet,
        fc.infiniteStream(fc.integer({ min: 0, max: 1_000 })),
        fc.integer({ min: 1, max: 7 }),
        async (items, sheet, random, size) => {
          const plain = await run(rules(), [from(sheet), ticking([items])], { targets })
          const shuffled = <T>(list: readonly T[]): readonly T[] =>
            list
              .map((value) => ({ value, key: random.next().value as number }))
              .sort((a, b) => a.key - b.key)
              .map(({ value }) => value)
          const mixed = shuffled(items)
          const pages = Array.from({ length: Math.ceil(mixed.length / size) }, (_, i) =>
            mixed.slice(i * size, (i + 1) * size),
          )
          const other = await run(shuffled(rules()), shuffled([ticking(pages), from(sheet)]), {
            targets: shuffled(targets),
          })
          expect(canonicalJson(other.rows)).toBe(canonicalJson(plain.rows))
          expect(canonicalJson(other.result)).toBe(canonicalJson(plain.result))
        },
      ),
      { numRuns: 60 },
    ))

  it('says of the parts of a history together what it says of the whole', () =>
    fc.assert(
      fc.asyncProperty(
        arbitraryTicks,
        fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 40, maxLength: 40 }),
        async (items, part) => {
          const whole = await run([steady()], [ticking([items])], { targets })
          const parts = [0, 1, 2].map((n) => ticking([items.filter((_, i) => part[i] === n)]))
          const split = await run([steady()], parts, { targets })
          expect(split.rows).toEqual(whole.rows)
          expect(split.result.totals).toEqual(whole.result.totals)
        },
      ),
      { numRuns: 60 },
    ))

  it('is never better for a fact that is not known beside those that are', () =>
    fc.assert(
      fc.asyncProperty(
        arbitrarySheet,
        fc.dictionary(fc.constantFrom(...ids), fc.constant<Fact<number>>({ state: 'unknown', reason: 'denied' })),
        async (sheet, unknown) => {
          const before = await run([enough()], [from(sheet)], { targets })
          const after = await run([enough()], [from(sheet), from(unknown, 'another')], { targets })
          const ranks = rank(before.rows)
          for (const [row, value] of rank(after.rows)) expect(value).toBeLessThanOrEqual(ranks.get(row)!)
          expect(after.result.score ?? 0).toBeLessThanOrEqual(before.result.score ?? 0)
        },
      ),
      { numRuns: 60 },
    ))

  it('is never better for a fact that is lost, in any row and in the score', () =>
    fc.assert(
      fc.asyncProperty(arbitrarySheet, fc.constantFrom(...ids), async (sheet, lost) => {
        const before = await run([enough()], [from(sheet)], { targets })
        const after = await run([enough()], [from({ ...sheet, [lost]: { state: 'unknown', reason: 'denied' } })], {
          targets,
        })
        const ranks = rank(before.rows)
        for (const [row, value] of rank(after.rows)) expect(value).toBeLessThanOrEqual(ranks.get(row)!)
        expect(after.result.score ?? 0).toBeLessThanOrEqual(before.result.score ?? 0)
      }),
      { numRuns: 60 },
    ))

  it('keeps its score between 0 and 1, and none where nothing was asked', () =>
    fc.assert(
      fc.asyncProperty(arbitrarySheet, async (sheet) => {
        const { result } = await run([enough()], [from(sheet)], { targets })
        const { pass, fail, unknown, review, error } = result.totals.statuses
        const asked = pass + fail + unknown + review + error
        expect(result.score).toBe(asked === 0 ? null : pass / asked)
      }),
      { numRuns: 40 },
    ))
})
