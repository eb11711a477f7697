import type { EarlierAudit, EarlierRow } from '@backproof/core/history'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { earlierAudits } from '../../src/audits/earlier.js'
import { openRows } from '../../src/audits/open-rows.js'
import { earlierAudit, earlierRow, earlierRule } from '../earlier-audit.js'

const NOW = Date.UTC(2026, 10, 1, 12)
const open = (audits: readonly EarlierAudit[]) => openRows(earlierAudits(audits, NOW).past)

/** How a row stood in the audit of one day; `absent`: its rule was not asked. */
const WAYS = ['fails', 'in-order', 'undecided', 'target-undecided', 'omitted', 'cancelled', 'absent', 'moot'] as const
type Way = (typeof WAYS)[number]

const row = earlierRow('job-not-missed', { subject: 'nightly' })
const dayOf = (day: number): string => new Date(Date.UTC(2026, 9, 1 + day, 3)).toISOString()

const audited = (way: Way, day: number): EarlierAudit => {
  const { subject: _, ...ofTarget } = row
  const told: Record<Way, () => EarlierAudit> = {
    fails: () => earlierAudit(dayOf(day), { rules: [earlierRule(row.rule, { fail: 1 })], failing: [row] }),
    'in-order': () => earlierAudit(dayOf(day), { rules: [earlierRule(row.rule, { pass: 1 })] }),
    undecided: () =>
      earlierAudit(dayOf(day), { rules: [earlierRule(row.rule, { pass: 1, unknown: 1 })], undecided: [row] }),
    'target-undecided': () =>
      earlierAudit(dayOf(day), {
        rules: [earlierRule(row.rule, { pass: 1, unknown: 1 })],
        undecided: [{ ...ofTarget, fingerprint: 'other' }],
      }),
    omitted: () =>
      earlierAudit(dayOf(day), { rules: [earlierRule(row.rule, { pass: 1, fail: 1 })], failingOmitted: 1 }),
    cancelled: () => earlierAudit(dayOf(day), { rules: [earlierRule(row.rule, { pass: 1 })], complete: false }),
    absent: () => earlierAudit(dayOf(day), { rules: [earlierRule('job-success-rate')] }),
    moot: () => earlierAudit(dayOf(day), { rules: [earlierRule(row.rule, { 'not-applicable': 1 })] }),
  }
  return told[way]()
}

/** The same by a plain reading of the words: the last day that says something decides, back to the last one in order. */
const expected = (ways: readonly Way[]): readonly { readonly first: string; readonly last: string }[] => {
  const since = ways.lastIndexOf('in-order')
  const failed = ways.flatMap((way, day) => (way === 'fails' && day > since ? [day] : []))
  return failed.length === 0 ? [] : [{ first: dayOf(failed[0]!), last: dayOf(failed.at(-1)!) }]
}

describe('open rows', () => {
  it('are those that failed since they were in order the last time, whatever does not say so', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...WAYS), { maxLength: 8 }), fc.boolean(), (ways, reversed) => {
        const audits = ways.map(audited)
        const found = open(reversed ? audits.toReversed() : audits)
        expect(
          found.map(({ first, last }) => ({ first: new Date(first).toISOString(), last: last.audit.result.asOf })),
        ).toEqual(expected(ways))
      }),
      { numRuns: 300 },
    )
  })

  it('are in order where the rule says something else of the same thing, which is open then', () => {
    const other: EarlierRow = { ...row, message: 'never', fingerprint: 'never' }
    const later = earlierAudit(dayOf(2), { rules: [earlierRule(row.rule, { fail: 1 })], failing: [other] })
    expect(open([audited('fails', 1), later]).map((one) => one.row.fingerprint)).toEqual(['never'])
  })

  it('stay open where nobody knows which targets there are', () => {
    const lost = earlierRow(row.rule, { target: { kind: 'estate', id: 'estate' }, message: 'targets-unknown' })
    const later = earlierAudit(dayOf(2), {
      rules: [earlierRule(row.rule, { pass: 1, unknown: 1 })],
      undecided: [lost],
    })
    expect(open([audited('fails', 1), later])).toHaveLength(1)
  })

  it('about waivers are in order without a rule, in a report that leaves nothing out', () => {
    const waived = earlierRow('waiver-valid', { target: { kind: 'waiver', id: 'w' } })
    const first = earlierAudit(dayOf(1), { failing: [waived] })
    expect(open([first, earlierAudit(dayOf(2))])).toEqual([])
    expect(open([first, earlierAudit(dayOf(2), { undecidedOmitted: 1 })])).toHaveLength(1)
  })

  it('of many audits are found in time', () => {
    const rows = Array.from({ length: 1_000 }, (_, i) =>
      earlierRow(row.rule, { fingerprint: `row-${i}`, target: { kind: 'asset', id: `asset-${i}` } }),
    )
    const audits = Array.from({ length: 200 }, (_, day) =>
      earlierAudit(new Date(NOW - (day + 1) * 86_400_000).toISOString(), {
        rules: [earlierRule(row.rule, { fail: day % 2 === 0 ? 1_000 : 500 })],
        failing: day % 2 === 0 ? rows : rows.slice(500),
      }),
    )
    const started = performance.now()
    expect(open(audits)).toHaveLength(1_000)
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})
