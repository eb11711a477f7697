import { type Asset, assetPolicy, collected, judge } from '@backproof/core/audit'
import { type ProofReport, proofReports } from '@backproof/core/history'
import type { RunResult, SourceIdentity } from '@backproof/core/report'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { refusalOf } from '../../src/proof/refusal.js'
import { copiesInSync } from '../../src/rules/copies-in-sync.js'
import { integrityVerified } from '../../src/rules/integrity-verified.js'
import { compared, DAY, HOUR, NOW, verified } from './report.js'

const A = 'file:///srv/backup/shop'
const B = 's3://backups/shop/'
const MAX_AGE = 7 * DAY
const terms = { now: NOW, maxAge: MAX_AGE, samples: false }

const objects = fc.integer({ min: 1, max: 1_000_000 })
/** A report that is accepted. */
const accepted = fc.record({ match: objects, age: fc.integer({ min: 0, max: MAX_AGE }) })

const onBothSides = (result: RunResult, more: Partial<SourceIdentity>): RunResult => ({
  ...result,
  source: { ...result.source, ...more },
  replicas: result.replicas.map((side) => ({ ...side, ...more })),
})

/** Ways in which a report stops to speak for everything. */
const spoiled = fc.oneof(
  fc.tuple(fc.constantFrom('include', 'exclude'), fc.array(fc.string({ minLength: 1 }), { minLength: 1 })).map(
    ([name, globs]) =>
      (result: RunResult): RunResult => ({ ...result, options: { ...result.options, [name]: globs } }),
  ),
  fc.integer({ min: 2, max: 100 }).chain((count) =>
    fc.integer({ min: 0, max: count - 1 }).map(
      (index) =>
        (result: RunResult): RunResult => ({ ...result, covered: [{ shard: { index, count } }] }),
    ),
  ),
  fc.constantFrom('from', 'to').map(
    (end) =>
      (result: RunResult): RunResult => ({ ...result, covered: [{ range: { [end]: 'orders/' } }] }),
  ),
  fc.constant((result: RunResult): RunResult => ({ ...result, covered: [] })),
  fc.constantFrom('aborted', 'left-early', 'failed', 'gap', 'budget').map(
    (reason) =>
      (result: RunResult): RunResult => ({ ...result, complete: false, incomplete: [{ reason } as never] }),
  ),
  fc.constant((result: RunResult): RunResult => ({ ...result, complete: false })),
  fc.tuple(fc.constantFrom('symlink', 'mount-point', 'other-prefix', 'filter', 'of-a-later-version'), objects).map(
    ([name, count]) =>
      (result: RunResult): RunResult =>
        onBothSides(result, { excluded: { [name]: count } }),
  ),
  fc.integer({ min: 1, max: 1_000 * DAY }).map(
    (beyond) =>
      (result: RunResult): RunResult => ({
        ...result,
        asOf: { ...result.asOf, from: new Date(NOW - MAX_AGE - beyond).toISOString() },
      }),
  ),
  fc.integer({ min: 1, max: 1_000 * DAY }).map(
    (beyond) =>
      (result: RunResult): RunResult =>
        onBothSides(result, { asOf: NOW - MAX_AGE - beyond }),
  ),
  fc.integer({ min: 300_001, max: 1_000 * DAY }).map(
    (ahead) =>
      (result: RunResult): RunResult => ({
        ...result,
        asOf: { ...result.asOf, to: new Date(NOW + ahead).toISOString() },
      }),
  ),
  fc.constantFrom('', 'yesterday', '2026-13-01').map(
    (text) =>
      (result: RunResult): RunResult => ({ ...result, asOf: { from: text, to: text } }),
  ),
  fc.constant((result: RunResult): RunResult => ({ ...result, schema: 'backproof.report/v2' as never })),
)

const asset: Asset = { id: 'shop', plans: [], copies: [{ uri: A }, { uri: B }] }
const ask = (rule: typeof copiesInSync | typeof integrityVerified, reports: readonly ProofReport[]) =>
  judge(rule({ maxAgeDays: MAX_AGE / DAY }), {
    now: new Date(NOW),
    facts: [
      collected(assetPolicy, { state: 'known', value: asset, source: 'test', observedAt: NOW }),
      collected(proofReports, { state: 'known', value: reports, source: 'test', observedAt: NOW }),
    ],
  }).map(({ status }) => status)

describe('acceptance of reports', () => {
  it('takes what is complete, unfiltered and young enough, and nothing that is spoiled in any way', () => {
    fc.assert(
      fc.property(accepted, spoiled, ({ match, age }, spoil) => {
        const { source, result } = compared(A, { [B]: { match, read: match } }, { at: NOW - age })
        expect(refusalOf(result, [result.source, ...result.replicas], terms)).toBe(undefined)
        expect(ask(copiesInSync, [{ source, result }])).toEqual(['pass'])
        expect(ask(integrityVerified, [{ source, result }])).toEqual(['pass', 'pass'])

        const bad = spoil(result)
        expect(refusalOf(bad, [bad.source, ...bad.replicas], terms)).not.toBe(undefined)
        expect(ask(copiesInSync, [{ source, result: bad }])).toEqual(['unknown'])
        expect(ask(integrityVerified, [{ source, result: bad }])).toEqual(['unknown', 'unknown'])
      }),
      { numRuns: 60 },
    )
  })

  it('binds to URIs that are equal, and to no others', () => {
    const other = fc
      .oneof(
        fc.string(),
        fc.nat(B.length - 1).map((length) => B.slice(0, length)),
        fc.string({ minLength: 1 }).map((more) => B + more),
        fc.constant(B.toUpperCase()),
      )
      .filter((uri) => uri !== A && uri !== B)
    fc.assert(
      fc.property(other, objects, (uri, match) => {
        expect(ask(copiesInSync, [compared(A, { [uri]: { match, read: match } })])).toEqual(['unknown'])
        expect(ask(integrityVerified, [verified(uri, { match })])).toEqual(['unknown', 'unknown'])
      }),
      { numRuns: 40 },
    )
  })
})

describe('several reports', () => {
  const count = fc.integer({ min: 0, max: 2 })
  const report = fc
    .record({
      match: count,
      missing: count,
      mismatch: count,
      extra: count,
      size: count,
      hours: fc.integer({ min: 1, max: 200 }),
    })
    .map(({ hours, size, match, ...others }) => ({ match: match + size, size, hours, ...others }))
  const reports = fc
    .array(report, { maxLength: 5 })
    .map((all) =>
      all.map(({ hours, ...counted }, i) =>
        i % 2 === 0
          ? compared(A, { [B]: counted }, { at: NOW - hours * HOUR, name: `${i}.json` })
          : compared(B, { [A]: counted }, { at: NOW - hours * HOUR, name: `${i}.json` }),
      ),
    )

  it('say the same in any order', () => {
    fc.assert(
      fc.property(reports, fc.infiniteStream(fc.nat()), (all, order) => {
        const ranks = new Map(all.map((one) => [one, order.next().value]))
        const shuffled = [...all].sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0))
        expect(ask(copiesInSync, shuffled)).toEqual(ask(copiesInSync, all))
        expect(ask(integrityVerified, shuffled)).toEqual(ask(integrityVerified, all))
      }),
      { numRuns: 60 },
    )
  })

  it('pass only where the newest of them that are accepted and complete prove it', () => {
    fc.assert(
      fc.property(reports, (all) => {
        const young = all.filter(({ result }) => NOW - Date.parse(result.asOf.from) <= MAX_AGE)
        const newest = Math.max(...young.map(({ result }) => Date.parse(result.asOf.to)))
        const differing = young.some(({ result: { asOf, totals } }) => {
          const { missing, extra, mismatch } = totals.outcomes
          return Date.parse(asOf.to) === newest && missing + extra + mismatch > 0
        })
        if (differing || young.length === 0) expect(ask(copiesInSync, all)).not.toEqual(['pass'])
      }),
      { numRuns: 80 },
    )
  })
})
