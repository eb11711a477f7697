import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Standing, standingsOf } from '../../src/proof/agreement.js'
import { type ComparisonTerms, comparisonsOf } from '../../src/proof/comparisons.js'
import { compared, HOUR, NOW } from './report.js'

const terms: ComparisonTerms = { now: NOW, maxAge: 1_000 * HOUR, samples: false, required: 'checksum', maxLag: 0 }
const tolerance = { maxMissing: 0, extras: 'fail' } as const

/** Two places, compared so many hours ago, and whether they are equal. */
interface Edge {
  readonly near: string
  readonly far: string
  readonly hours: number
  readonly equal: boolean
}

const statesOf = (edges: readonly Edge[], copies: readonly string[]): Readonly<Record<string, Standing['state']>> => {
  const reports = edges.map(({ near, far, hours, equal }, i) =>
    compared(
      near,
      { [far]: equal ? { match: 2 } : { match: 1, mismatch: 1 } },
      { at: NOW - hours * HOUR, name: `${i}.json` },
    ),
  )
  const standings = standingsOf('p', copies, comparisonsOf(reports, new Set(['p', ...copies]), terms), tolerance)
  return Object.fromEntries([...standings].map(([copy, { state }]) => [copy, state]))
}

const equal = (near: string, far: string, hours = 1): Edge => ({ near, far, hours, equal: true })
const different = (near: string, far: string, hours = 1): Edge => ({ near, far, hours, equal: false })

describe('agreement of copies', () => {
  it('goes along a chain, in either direction of each comparison', () => {
    expect(statesOf([equal('a', 'p'), equal('a', 'b'), equal('c', 'b')], ['a', 'b', 'c'])).toEqual({
      a: 'agrees',
      b: 'agrees',
      c: 'agrees',
    })
  })

  it('does not go through a copy that differs, however much agrees behind it', () => {
    expect(statesOf([different('p', 'a'), equal('a', 'b')], ['a', 'b'])).toEqual({ a: 'differs', b: 'unknown' })
  })

  it('does not go through a copy that came to differ from another one since', () => {
    const edges = [equal('p', 'a', 9), equal('p', 'b', 9), different('a', 'b', 5), equal('a', 'c', 5)]
    expect(statesOf(edges, ['a', 'b', 'c'])).toEqual({ a: 'differs', b: 'differs', c: 'unknown' })
  })

  it('forgets a difference that was followed by proof', () => {
    expect(statesOf([different('p', 'a', 9), equal('p', 'a', 5)], ['a'])).toEqual({ a: 'agrees' })
    expect(statesOf([equal('p', 'a', 9), different('p', 'a', 5)], ['a'])).toEqual({ a: 'differs' })
    expect(statesOf([equal('p', 'a', 5), different('p', 'a', 5)], ['a'])).toEqual({ a: 'differs' })
  })

  const place = fc.constantFrom('p', 'a', 'b', 'c')
  const edges = fc.array(
    fc
      .record({ near: place, far: place, hours: fc.integer({ min: 1, max: 4 }), equal: fc.boolean() })
      .filter(({ near, far }) => near !== far),
    { maxLength: 8 },
  )

  it('needs a chain of proofs, and ends with a difference from the primary that is newer', () => {
    fc.assert(
      fc.property(edges, fc.constantFrom('a', 'b', 'c'), (all, last) => {
        const states = statesOf(all, ['a', 'b', 'c'])
        const reached = new Set(['p'])
        for (let i = 0; i < 3; i++)
          for (const edge of all)
            if (edge.equal && (reached.has(edge.near) || reached.has(edge.far))) reached.add(edge.near).add(edge.far)
        for (const copy of ['a', 'b', 'c']) if (!reached.has(copy)) expect(states[copy]).not.toBe('agrees')
        expect(statesOf([...all, different('p', last, 0)], ['a', 'b', 'c'])[last]).toBe('differs')
      }),
    )
  })

  it('blames the copy that differs from the primary, where two differ from each other', () => {
    const edges = [equal('p', 'a', 9), equal('p', 'b', 9), different('a', 'b', 5)]
    expect(statesOf([...edges, different('p', 'a', 4)], ['a', 'b'])).toEqual({ a: 'differs', b: 'agrees' })
  })

  it('is the same in any order of reports', () => {
    fc.assert(
      fc.property(edges, (all) => {
        expect(statesOf([...all].reverse(), ['a', 'b', 'c'])).toEqual(statesOf(all, ['a', 'b', 'c']))
        expect(statesOf(all, ['c', 'b', 'a'])).toEqual(statesOf(all, ['a', 'b', 'c']))
      }),
    )
  })
})
