import {
  type Asset,
  collected,
  FRAMEWORKS,
  type Judgement,
  judge,
  type Policy,
  policyFact,
} from '@backproof/core/audit'
import { policyMeetsFramework } from '@backproof/rules/policy-meets-framework'
import { describe, expect, it } from 'vitest'
import { policyOf } from '../job-run.js'
import { DAY, NOW, shop } from '../restore-test.js'

const ask = (
  assets: readonly Asset[],
  frameworks: readonly string[],
  parts: Partial<Policy> = {},
): readonly Judgement[] =>
  judge(policyMeetsFramework(), {
    facts: [
      collected(policyFact, {
        state: 'known',
        value: policyOf({ assets, frameworks, ...parts }),
        source: 'policy',
        observedAt: NOW,
      }),
    ],
    now: new Date(NOW),
  })
const clausesIn = (rows: readonly Judgement[], subject: string) =>
  rows.filter((row) => row.subject === subject).map(({ message, clauses }) => [message, clauses])

describe('the clauses of rows of policy-meets-framework', () => {
  it('are those that are kept, or those that are not, and never both', () => {
    const rows = ask([shop({ restoreEvery: 180 * DAY, rpo: 8 * DAY })], ['cis-v8.1', 'dora', 'pci-dss'], {
      reviews: [{ kind: 'access-log', at: NOW - 6 * DAY, by: 'ciso' }],
    })
    expect(clausesIn(rows, 'restoreEvery')).toEqual([['too-weak', ['cis-v8.1 11.5']]])
    expect(clausesIn(rows, 'accessLogReview')).toEqual([['review-overdue', ['pci-dss 10.4.1']]])
    expect(clausesIn(rows, 'accessReview')).toEqual([['never-reviewed', ['pci-dss 7.2.4', 'cis-v8.1 6.8']]])
    // DORA wants any number, CIS one of a week.
    expect(clausesIn(rows, 'rpo')).toEqual([['too-weak', ['cis-v8.1 11.2']]])
  })

  it('are all that ask where every asset keeps the strictest, or where nobody can say', () => {
    const meets = ask([shop({ restoreEvery: 90 * DAY })], ['pci-dss', 'cis-v8.1'])
    expect(clausesIn(meets, 'restoreEvery')).toEqual([['meets', ['cis-v8.1 11.5', 'pci-dss 12.10.2']]])
    const unsure = ask([shop()], ['pci-dss', 'cis-v8.1'])
    expect(clausesIn(unsure, 'minRetention (audit-log)')).toEqual([
      ['class-unknown', ['pci-dss 10.5.1', 'cis-v8.1 8.10']],
    ])
  })

  it('are known, and of the frameworks that were asked for', () => {
    const known = FRAMEWORKS.flatMap(({ id, clauses }) => Object.keys(clauses).map((clause) => `${id} ${clause}`))
    for (const { id } of FRAMEWORKS)
      for (const { clauses = [] } of ask([shop({ rpo: DAY, dataClasses: ['personal'] })], [id])) {
        expect(known).toEqual(expect.arrayContaining(clauses as string[]))
        expect(clauses.every((clause) => clause.startsWith(`${id} `))).toBe(true)
      }
  })
})
