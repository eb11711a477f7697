import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/evidence/evidence.js'
import { createTally } from '../../src/report/index.js'
import { makeFinding, matches, OUTCOMES } from './make-result.js'

describe('createTally', () => {
  it('counts what a naive count gives, per replica and in all', () => {
    const row = fc.record({ replica: fc.nat(2), outcome: fc.constantFrom<Outcome>(...OUTCOMES) })
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), fc.nat(20), (rows, findingsLimit) => {
        const findings = rows.map(({ replica, outcome }, i) =>
          makeFinding(`k${String(i).padStart(3, '0')}`, outcome, { replica }),
        )
        const tally = createTally({ replicas: 3, findingsLimit })
        for (const finding of findings) tally.add(finding)
        const { totals, byReplica, ...kept } = tally.snapshot()
        for (const outcome of OUTCOMES) {
          const of = findings.filter((finding) => finding.outcome === outcome)
          expect(totals.outcomes[outcome]).toBe(of.length)
          byReplica.forEach((one, i) => {
            expect(one.outcomes[outcome]).toBe(of.filter(({ replica }) => replica === i).length)
          })
        }
        const bad = findings.filter(({ outcome }) => outcome !== 'match')
        expect(totals.findings).toBe(findings.length)
        expect(totals.bytesProvenByReading).toBe(10 * (findings.length - bad.length))
        expect(kept).toEqual({
          findings: bad.slice(0, findingsLimit),
          findingsOmitted: Math.max(0, bad.length - findingsLimit),
          findingsLimit,
        })
      }),
    )
  })

  it('counts grades, methods, algorithms that proved, and notes', () => {
    const digest = { algorithm: 'sha256', value: 'ab', provenance: 'computed' } as const
    const sides = { source: { size: 7, digest }, replica: { size: 7, digest } }
    const tally = createTally({ replicas: 1, findingsLimit: 10 })
    tally.add(makeFinding('a', 'match', { method: 'two-sided-read', reason: 'digest', sides }))
    tally.add(makeFinding('b', 'match', { method: 'digest', reason: 'digest', grade: 'stored', sides }))
    // Recorded, but the bytes are what proved it.
    tally.add(makeFinding('c', 'match', { method: 'bytes', reason: 'bytes', sides, notes: ['same-file'] }))
    // A digest that differs proves no match.
    tally.add(makeFinding('d', 'mismatch', { method: 'two-sided-read', reason: 'digest', sides }))
    tally.add(makeFinding('e', 'match', { method: 'size', reason: 'size', grade: 'size' }))
    expect(tally.snapshot().totals).toMatchObject({
      grades: { read: 2, stored: 1, claimed: 0, size: 1 },
      methods: { bytes: 1, digest: 1, size: 1, 'two-sided-read': 1 },
      algorithms: { sha256: 2 },
      notes: { 'same-file': 1 },
      bytesProvenByReading: 14,
    })
  })

  it('keeps allowed extras after everything else', () => {
    const add = (extras: 'fail' | 'allow', findingsLimit: number): string[] => {
      const tally = createTally({ replicas: 1, findingsLimit, extras })
      for (const finding of [
        makeFinding('a', 'extra'),
        makeFinding('b', 'missing'),
        makeFinding('c', 'extra'),
        makeFinding('d', 'mismatch'),
      ])
        tally.add(finding)
      const { findings, findingsOmitted } = tally.snapshot()
      return [...findings.map(({ key }) => key), `+${findingsOmitted}`]
    }
    expect(add('allow', 10)).toEqual(['b', 'd', 'a', 'c', '+0'])
    expect(add('allow', 3)).toEqual(['b', 'd', 'a', '+1'])
    expect(add('allow', 1)).toEqual(['b', '+3'])
    expect(add('fail', 3)).toEqual(['a', 'b', 'c', '+1'])
    expect(add('fail', 0)).toEqual(['+4'])
  })

  it('refuses a finding of a replica that the run does not have', () => {
    const tally = createTally({ replicas: 1, findingsLimit: 1 })
    expect(() => tally.add(makeFinding('a', 'match', { replica: 1 }))).toThrow('replica 1')
  })

  it('takes 1,000,000 findings in well under a second', () => {
    const tally = createTally({ replicas: 1, findingsLimit: 1_000 })
    const findings = matches(1_000)
    const began = performance.now()
    for (let i = 0; i < 1_000; i++) for (const finding of findings) tally.add(finding)
    expect(performance.now() - began).toBeLessThan(1_000)
    expect(tally.snapshot().totals.outcomes.match).toBe(1_000_000)
  })
})
