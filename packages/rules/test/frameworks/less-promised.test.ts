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
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { policyOf } from '../job-run.js'
import { DAY, NOW } from '../restore-test.js'

const IDS = FRAMEWORKS.map(({ id }) => id)

const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined })
const span = optional(fc.constantFrom(1, 7, 8, 92, 93, 366, 367).map((days) => days * DAY))

const asset = fc.record({
  rpo: span,
  rto: span,
  restoreEvery: span,
  dataClasses: optional(fc.subarray(['card', 'personal', 'audit-log', 'documentation'])),
  retention: optional(
    fc.record({
      id: fc.constant('kept'),
      minDays: optional(fc.constantFrom(35, 90, 365, 2_192)),
      maxDays: optional(fc.constantFrom(30, 3_000)),
    }),
  ),
})
const review = fc.record({
  kind: fc.constantFrom('access', 'access-log', 'policy'),
  at: fc.constantFrom(-1, 0.5, 3, 100, 200, 400).map((days) => NOW - days * DAY),
  by: fc.constant('ciso'),
})
const policy = fc
  .record({
    assets: fc.array(asset, { maxLength: 3 }),
    reviews: fc.array(review, { maxLength: 4 }),
    reviewed: optional(fc.constantFrom(100, 400).map((days) => NOW - days * DAY)),
    frameworks: fc.subarray(IDS, { minLength: 1 }),
  })
  .map(({ assets, ...rest }) =>
    policyOf({ ...rest, assets: assets.map((one, i): Asset => ({ id: `a${i}`, plans: [], copies: [], ...one })) }),
  )

const rule = policyMeetsFramework()
const ask = (given: Policy): readonly Judgement[] =>
  judge(rule, {
    facts: [collected(policyFact, { state: 'known', value: given, source: 'policy', observedAt: NOW })],
    now: new Date(NOW),
  })
const statusOf = (rows: readonly Judgement[], subject: string | undefined): readonly string[] =>
  rows.filter((row) => row.subject === subject).map(({ status }) => status)

describe('policies of any kind', () => {
  it('a promise that is left out, a review that is forgotten, data that nobody classed: nothing passes that did not', () => {
    fc.assert(
      fc.property(policy, fc.nat(5), fc.nat(2), fc.nat(3), (given, way, at, which) => {
        const members = ['rpo', 'rto', 'restoreEvery', 'dataClasses', 'retention']
        const less: Policy =
          way === 5
            ? { ...given, reviews: given.reviews.filter((_, i) => i !== which) }
            : {
                ...given,
                assets: given.assets.map((one, i) => (i === at ? { ...one, [members[way]!]: undefined } : one)),
              }
        const [before, after] = [ask(given), ask(less)]
        for (const { subject, status } of after)
          if (status === 'pass') expect(statusOf(before, subject), subject).toEqual(['pass'])
      }),
      { numRuns: 250 },
    )
  })

  it('one framework more makes nothing pass that failed', () => {
    fc.assert(
      fc.property(policy, fc.constantFrom(...IDS), (given, id) => {
        const [before, after] = [ask(given), ask({ ...given, frameworks: [...given.frameworks!, id] })]
        for (const { subject, status } of before)
          if (status !== 'pass') expect(statusOf(after, subject), subject).not.toContain('pass')
      }),
      { numRuns: 250 },
    )
  })
})
