import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/evidence/evidence.js'
import {
  createSampleTally,
  createSelection,
  type SampleOptions,
  type SampleResult,
  validateSample,
} from '../../src/evidence/index.js'
import {
  type Coverage,
  canonicalJson,
  exitCode,
  inShard,
  mergeResults,
  type RunResult,
  summarize,
} from '../../src/report/index.js'
import { identity, makeFinding, makeResult, matches } from './make-result.js'

interface Given {
  readonly sampled: number
  readonly population: number
  readonly failing?: number
  readonly size?: number
}

/** What a run over so many objects of one size has; the threshold says only that not all were taken. */
const sampleOf = (options: SampleOptions, { sampled, population, failing = 0, size = 10 }: Given): SampleResult => {
  const tally = createSampleTally(
    validateSample(options),
    sampled === population ? Number.POSITIVE_INFINITY : sampled / population / (options.by === 'bytes' ? size : 1),
  )
  for (let i = 0; i < population; i++) tally.population(size)
  for (let i = 0; i < sampled; i++) {
    tally.sampled(size)
    tally.result(size, i < failing)
  }
  return tally.snapshot()
}

const thousand = { sampled: 1_000, population: 250_000 }
const verified = { kind: 'verify', replicas: [], expected: identity('file:///m') } as const
const withSample = (
  sample: SampleResult,
  outcomes: readonly Outcome[] = [],
  more: Partial<RunResult> = {},
): RunResult =>
  makeResult({
    findings: [
      ...matches(sample.sampled - sample.failing),
      ...outcomes.map((outcome, i) => makeFinding(`x${i}`, outcome)),
    ],
    more: { sample, ...more },
  })

describe('the sentence of a sample', () => {
  it.each<[SampleResult, readonly Outcome[], Partial<RunResult>, string, number]>([
    [
      sampleOf({ count: 1_000 }, thousand),
      [],
      {},
      'Sample proven: all 1,000 sampled of 250,000 objects (10.0 kB of 2.50 MB) of file:///a are in file:///b, byte for byte (every byte of these was read on both sides); with 95 % confidence at most 0.30 % of the objects (746) are corrupt; 249,000 were only listed.',
      0,
    ],
    [
      sampleOf({ count: 100, by: 'bytes', confidence: 0.99 }, { sampled: 100, population: 1_000 }),
      [],
      {},
      'Sample proven: all 100 sampled of 1,000 objects (1,000 bytes of 10.0 kB) of file:///a are in file:///b, byte for byte (every byte of these was read on both sides); with 99 % confidence at most 4.6 % of the bytes (460 bytes) are corrupt; 900 were only listed.',
      0,
    ],
    [
      sampleOf({ part: 3, of: 7 }, { sampled: 14, population: 100 }),
      [],
      {},
      'Part 3 of 7 proven: all 14 in this part of 100 objects (140 bytes of 1,000 bytes) of file:///a are in file:///b, byte for byte (every byte of these was read on both sides); with 95 % confidence at most 17 % of the objects (17) are corrupt; 86 were only listed; 6 of 7 parts are not proven by this.',
      0,
    ],
    [
      sampleOf({ count: 20 }, { sampled: 20, population: 20 }),
      [],
      {},
      'Proven: all 20 objects (200 bytes) of file:///a are in file:///b, byte for byte (every byte of both sides was read); the sample took every object.',
      0,
    ],
    [
      sampleOf({ count: 1 }, { sampled: 1, population: 2 }),
      [],
      verified,
      'Sample proven: the only one sampled of 2 objects (10 bytes of 20 bytes) of file:///a has the digests that file:///m records (of these, every byte was read); with 95 % confidence at most 50 % of the objects (1) are corrupt; 1 was only listed.',
      0,
    ],
    [
      sampleOf({ count: 100 }, { sampled: 100, population: 1_000, failing: 1 }),
      ['mismatch', 'missing'],
      {},
      'NOT proven: 2 of 101 objects differ: 1 mismatch, 1 missing; the sample took 100 of 1,000 objects: with 95 % confidence at most 4.4 % of the objects (44) are corrupt, what could not be decided included.',
      1,
    ],
    [
      sampleOf({ bytes: 5 }, { sampled: 0, population: 30 }),
      [],
      {},
      'NOT proven: the sample took none of 30 objects: take a larger one.',
      3,
    ],
    [
      sampleOf({ fraction: 0.1 }, { sampled: 10, population: 100 }),
      [],
      { covered: [{ range: { to: 'm' } }], complete: false, incomplete: [{ reason: 'gap' }] },
      'NOT proven as a whole, this is only a part (keys before "m"): all 10 sampled of 100 objects (100 bytes of 1,000 bytes) of file:///a are in file:///b, byte for byte (every byte of these was read on both sides); with 95 % confidence at most 24 % of the objects (24) are corrupt; 90 were only listed.',
      3,
    ],
  ])('%#', (sample, outcomes, more, sentence, code) => {
    const result = withSample(sample, outcomes, more)
    expect(summarize(result).sentence).toBe(sentence)
    expect(exitCode(result)).toBe(code)
  })

  it('is not proven when nothing was taken, though links match', () => {
    const nothing = sampleOf({ fraction: 0.001 }, { sampled: 0, population: 30 })
    const result = makeResult({ findings: matches(2), more: { sample: nothing } })
    expect(exitCode(result)).toBe(3)
    expect(summarize(result)).toMatchObject({ proven: false, sentence: expect.stringContaining('none of 30 objects') })
  })

  it('says weakly what is weak', () => {
    const findings = matches(5, { method: 'size', reason: 'size', grade: 'size' })
    const result = makeResult({ findings, more: { sample: sampleOf({ count: 5 }, { sampled: 5, population: 9 }) } })
    expect(summarize(result).sentence).toMatch(/^Sample proven weakly: all 5 sampled of 9 objects .* by size only/)
  })

  it('never says a smaller share than the bound', () => {
    const spoken = fc.record({
      population: fc.integer({ min: 2, max: 3_000 }),
      part: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      failing: fc.integer({ min: 0, max: 2 }),
    })
    fc.assert(
      fc.property(spoken, ({ population, part, failing }) => {
        const sampled = Math.max(1, Math.floor(population * part))
        const sample = sampleOf({ count: 7 }, { sampled, population, failing: Math.min(failing, sampled) })
        const { sentence } = summarize(withSample(sample, failing > 0 ? ['mismatch'] : []))
        const share = Number(/at most ([\d.]+) %/.exec(sentence)?.[1])
        expect(share).toBeGreaterThanOrEqual(sample.upperShare * 100 * (1 - 1e-12))
        expect(share).toBeLessThan(sample.upperShare * 110 + 1e-9)
      }),
      { numRuns: 200 },
    )
  })
})

interface Member {
  readonly key: string
  readonly size: number
  readonly bad: boolean
}

/** The result of a run over one shard, as an engine makes it. */
const runOver = (members: readonly Member[], piece: Coverage, options: SampleOptions): RunResult => {
  const here = members.filter(({ key }) => piece.shard === undefined || inShard(key, piece.shard))
  const plan = validateSample(options)
  const selection = createSelection(plan)
  if (selection.needsPass) for (const { key, size } of here) selection.add(key, size)
  const tally = createSampleTally(plan, selection.threshold())
  const findings = here.flatMap(({ key, size, bad }) => {
    tally.population(size)
    if (!selection.takes(key, size)) return []
    tally.sampled(size)
    tally.result(size, bad)
    return [makeFinding(key, bad ? 'mismatch' : 'match')]
  })
  return makeResult({ findings, piece, more: { sample: tally.snapshot() } })
}

describe('merged samples', () => {
  const members = fc.uniqueArray(
    fc.record({
      key: fc.string({ minLength: 1, maxLength: 5 }),
      size: fc.nat({ max: 2_000 }),
      bad: fc.boolean(),
    }),
    { selector: ({ key }) => key, maxLength: 60 },
  )
  const options = fc.constantFrom<SampleOptions>(
    { fraction: 0.4 },
    { fraction: 0.4, by: 'bytes' },
    { count: 4 },
    { count: 4, by: 'bytes' },
    { bytes: 3_000 },
    { bytes: 3_000, by: 'bytes' },
    { part: 2, of: 3 },
  )
  const shards = [0, 1, 2, 3].map((index) => ({ shard: { index, count: 4 } }))

  it('are the same whatever the order and grouping', () => {
    fc.assert(
      fc.property(members, options, fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), (all, plan, order) => {
        const parts = shards.map((piece) => runOver(all, piece, plan))
        const [a, b, c, d] = order.map((index) => parts[index]!)
        const whole = canonicalJson(mergeResults(...parts))
        expect(canonicalJson(mergeResults(mergeResults(mergeResults(a!, b!), c!), d!))).toBe(whole)
        expect(canonicalJson(mergeResults(a!, mergeResults(b!, mergeResults(c!, d!))))).toBe(whole)
        expect(canonicalJson(mergeResults(mergeResults(a!, b!), mergeResults(c!, d!)))).toBe(whole)
      }),
      { numRuns: 200 },
    )
  })

  it('of a fraction or a part are the sample of the whole', () => {
    fc.assert(
      fc.property(members, fc.constantFrom<SampleOptions>({ fraction: 0.4 }, { part: 2, of: 3 }), (all, plan) => {
        const merged = mergeResults(...shards.map((piece) => runOver(all, piece, plan)))
        expect(merged.sample).toEqual(runOver(all, {}, plan).sample)
      }),
      { numRuns: 100 },
    )
  })

  it('have a bound that is no looser than that of their parts by far', () => {
    const shard = (index: number): RunResult =>
      makeResult({
        piece: { shard: { index, count: 4 } },
        // Different populations: each shard has a threshold of its own.
        more: { sample: sampleOf({ count: 250 }, { sampled: 250, population: 60_000 + index }) },
      })
    const { sample } = mergeResults(...[0, 1, 2, 3].map(shard))
    expect(sample).toMatchObject({ sampled: 1_000, population: 240_006, failing: 0 })
    expect(sample?.strata).toHaveLength(4)
    expect(sample?.upperShare).toBeGreaterThan(0.002_99)
    expect(sample?.upperShare).toBeLessThan(0.003)
  })

  it('are refused when they are not of one plan', () => {
    const shard = (index: number, more: Partial<RunResult>): RunResult =>
      makeResult({ piece: { shard: { index, count: 2 } }, more })
    const sample = sampleOf({ count: 2 }, { sampled: 2, population: 5 })
    const other = sampleOf({ count: 2, seed: 'other' }, { sampled: 2, population: 5 })
    expect(() => mergeResults(shard(0, { sample }), shard(1, {}))).toThrow(/sample is .* in one and null/)
    expect(() => mergeResults(shard(0, { sample }), shard(1, { sample: other }))).toThrow(/"seed":"other"/)
  })
})

describe('a sample tally', () => {
  it('counts what was taken and had no result as failing', () => {
    const tally = createSampleTally(validateSample({ count: 3 }), 0.5)
    for (let i = 0; i < 6; i++) tally.population(10)
    for (let i = 0; i < 3; i++) tally.sampled(10)
    tally.result(10, false)
    tally.result(10, true)
    expect(tally.snapshot()).toMatchObject({ sampled: 3, population: 6, failing: 2, failingBytes: 20 })
  })

  it('by bytes tells large objects, which were sure to be taken, from those below the interval', () => {
    const tally = createSampleTally(validateSample({ count: 3, by: 'bytes' }), 1 / 100)
    for (const size of [100, 100, 250, 99, 30, 5, undefined]) tally.population(size)
    for (const [size, failing] of [
      [100, true],
      [250, false],
      [99, true],
      [30, false],
    ] as const) {
      tally.sampled(size)
      tally.result(size, failing)
    }
    const sample = tally.snapshot()
    expect(sample.strata).toEqual([
      {
        threshold: 0.01,
        sampled: 4,
        sampledBytes: 479,
        population: 7,
        populationBytes: 584,
        failing: 2,
        failingBytes: 199,
        failingBelowInterval: 1,
        certainFailingBytes: 100,
      },
    ])
    // 4.74 intervals of 100 bytes are more than there is: what was seen to fail, and what was not taken.
    expect(sample.upper).toBe(100 + 99 + 584 - 479)
  })
})
