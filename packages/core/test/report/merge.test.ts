import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/evidence/evidence.js'
import {
  type Coverage,
  canonicalJson,
  hashOptions,
  mergeResults,
  type ObjectFinding,
  type RunResult,
} from '../../src/report/index.js'
import { compareKeys } from '../../src/source/key.js'
import { identity, makeFinding, makeResult, matches, OUTCOMES } from './make-result.js'

const keys = fc.uniqueArray(
  fc.string({
    unit: fc.constantFrom('a', 'b', 'm', 'z', '/', 'é', '\uffff', '😀', '\udc80'),
    minLength: 1,
    maxLength: 4,
  }),
  { maxLength: 40 },
)
const outcomes = fc.array(fc.constantFrom<Outcome>('match', ...OUTCOMES), { minLength: 80, maxLength: 80 })

const allFindings = (names: readonly string[], drawn: readonly Outcome[]): ObjectFinding[] =>
  [...names]
    .sort(compareKeys)
    .flatMap((key, i) => [0, 1].map((replica) => makeFinding(key, drawn[2 * i + replica]!, { replica })))

const PARTITIONS: readonly (readonly Coverage[])[] = [
  [{}],
  [
    { range: { to: 'b' } },
    { range: { from: 'b', to: 'é' } },
    { range: { from: 'é', to: '😀' } },
    { range: { from: '😀' } },
  ],
  [0, 1, 2].map((index) => ({ shard: { index, count: 3 } })),
  [
    { range: { to: 'm' }, shard: { index: 0, count: 2 } },
    { range: { to: 'm' }, shard: { index: 1, count: 2 } },
    { range: { from: 'm' }, shard: { index: 0, count: 3 } },
    { range: { from: 'm' }, shard: { index: 1, count: 3 } },
    { range: { from: 'm' }, shard: { index: 2, count: 3 } },
  ],
]

/** Merges in any grouping that `picks` says, two neighbours at a time. */
const mergeSomehow = (parts: readonly RunResult[], picks: readonly number[]): RunResult => {
  const left = [...parts]
  for (let step = 0; left.length > 1; step++) {
    const at = (picks[step % picks.length] ?? 0) % (left.length - 1)
    left.splice(at, 2, mergeResults(left[at]!, left[at + 1]!))
  }
  return left[0]!
}

describe('mergeResults', () => {
  it('gives the whole, byte for byte, from parts in any order and grouping', () => {
    fc.assert(
      fc.property(
        keys,
        outcomes,
        fc.constantFrom(...PARTITIONS),
        fc.constantFrom(0, 3, 1_000),
        fc.constantFrom('fail', 'allow'),
        fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
        fc.infiniteStream(fc.nat()),
        (names, drawn, pieces, findingsLimit, extras, picks, stream) => {
          const common = { findings: allFindings(names, drawn), replicas: 2, findingsLimit, options: { extras } }
          const whole = makeResult(common)
          const parts = pieces.map((piece, i) => {
            const time = `2026-11-2${i}T00:00:00.000Z`
            return makeResult({ ...common, piece, more: { asOf: { from: time, to: time } } })
          })
          const shuffled = parts.map((part) => ({ part, at: stream.next().value ?? 0 })).sort((a, b) => a.at - b.at)
          const merged = mergeSomehow(
            shuffled.map(({ part }) => part),
            picks,
          )
          expect(canonicalJson(merged)).toBe(canonicalJson(mergeResults(...parts)))
          const to = `2026-11-2${pieces.length - 1}T00:00:00.000Z`
          const expected = { ...whole, covered: merged.covered, asOf: { from: '2026-11-20T00:00:00.000Z', to } }
          expect(canonicalJson(merged)).toBe(canonicalJson(expected))
          expect(merged.complete).toBe(true)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('tells a gap as long as there is one, and keeps why a part is incomplete', () => {
    const [a, b, c] = [0, 1, 2].map((index) =>
      makeResult({ findings: matches(30), piece: { shard: { index, count: 3 } } }),
    )
    expect(mergeResults(a!, b!)).toMatchObject({ complete: false, incomplete: [{ reason: 'gap' }] })
    expect(mergeResults(a!, b!, c!)).toMatchObject({ complete: true, incomplete: [] })
    const cancelled = { ...c!, incomplete: [{ reason: 'aborted' as const }, { reason: 'gap' as const }] }
    expect(mergeResults(cancelled, a!, b!)).toMatchObject({ complete: false, incomplete: [{ reason: 'aborted' }] })
    const twice = [cancelled, { ...a!, incomplete: cancelled.incomplete }] as const
    expect(mergeResults(...twice).incomplete).toEqual([{ reason: 'aborted' }, { reason: 'gap' }])
  })

  it('adds up sides, and takes the earliest and latest time', () => {
    const part = (index: number, from: string): RunResult =>
      makeResult({
        piece: { shard: { index, count: 2 } },
        more: {
          kind: 'verify',
          source: identity('file:///a', {
            objects: 2,
            bytes: 30,
            bytesRead: 30,
            excluded: index === 0 ? { symlink: 1 } : { filter: 2, symlink: 3 },
          }),
          expected: identity('file:///m', { objects: 2 }),
          asOf: { from, to: from },
        },
      })
    const merged = mergeResults(part(1, '2026-11-02T00:00:00.000Z'), part(0, '2026-11-01T00:00:00.000Z'))
    expect(merged.source).toEqual({
      uri: 'file:///a',
      objects: 4,
      bytes: 60,
      bytesRead: 60,
      excluded: { filter: 2, symlink: 4 },
    })
    expect(merged.expected).toEqual(identity('file:///m', { objects: 4 }))
    expect(merged.asOf).toEqual({ from: '2026-11-01T00:00:00.000Z', to: '2026-11-02T00:00:00.000Z' })
  })

  const half = (index: number, more: Partial<RunResult> = {}): RunResult =>
    makeResult({ piece: { shard: { index, count: 2 } }, more })
  const strict = { extras: 'fail', require: 'read' }

  it.each<[string, readonly RunResult[], RegExp]>([
    ['nothing', [], /no result to merge/],
    [
      'another schema',
      [half(0), half(1, { schema: 'backproof.report/v2' as never })],
      /Result 2 has the schema backproof.report\/v2/,
    ],
    ['another kind', [half(0), half(1, { kind: 'verify' })], /kind is "compare" in one and "verify"/],
    [
      'other options',
      [half(0), half(1, { options: strict, optionsHash: hashOptions(strict) })],
      /options is .*"require":"read"/,
    ],
    ['altered options', [half(0), half(1, { options: strict })], /Result 2 was altered/],
    [
      'another source',
      [half(0), half(1, { source: identity('file:///z') })],
      /source is "file:\/\/\/a" in one and "file:\/\/\/z"/,
    ],
    ['other replicas', [half(0), half(1, { replicas: [identity('file:///z')] })], /replicas is/],
    ['another baseline', [half(0), half(1, { expected: identity('file:///z') })], /expected is null/],
    ['the same part twice', [half(0), half(0)], /overlap/],
    ['shards of different counts', [half(0), makeResult({ piece: { shard: { index: 1, count: 3 } } })], /overlap/],
    ['a part and the whole', [half(0), makeResult()], /overlap/],
    ['ranges that overlap', [{ to: 'm' }, { from: 'l' }].map((range) => makeResult({ piece: { range } })), /overlap/],
  ])('refuses %s', (_, results, message) => {
    expect(() => mergeResults(...results)).toThrow(message)
    expect(() => mergeResults(...results)).toThrow(expect.objectContaining({ code: 'invalid-config' }))
  })
})
