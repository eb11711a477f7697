import type { AuditFinding } from '@backproof/core/audit'
import { ruleCheckNames, ruleTester } from '@backproof/core/testing'
import { describe, expect, it } from 'vitest'
import { checkNoBetter } from '../../../src/testing/rule-tester/variants.js'
import { cases, testOf } from './right-rule.js'
import { WRONG_DEFINITIONS } from './wrong-definitions.js'
import { WRONG_VERDICTS } from './wrong-verdicts.js'

const WRONG_RULES = [...WRONG_VERDICTS, ...WRONG_DEFINITIONS]

it('a rule that is right passes every check', async () => {
  const { ok, passed, results } = await ruleTester(testOf()).run()
  expect(results.filter(({ outcome }) => outcome === 'failed')).toEqual([])
  expect([ok, passed]).toEqual([true, ruleCheckNames.length])
})

describe('a rule that', () => {
  it.each(WRONG_RULES)('$what is caught by $caught.0', async ({ test, caught, because, endMs }) => {
    const { ok, results } = await ruleTester(test, { endMs }).run()
    const failed = results.filter(({ outcome }) => outcome === 'failed')
    expect(ok).toBe(false)
    expect(failed.map(({ name }) => name)).toEqual(expect.arrayContaining([...caught]))
    expect(failed.find(({ name }) => name === caught[0])?.reason).toMatch(because)
  })
})

describe('the checks', () => {
  it('catch one of them each, but for those that only an engine fails which is wrong', () => {
    const caught = new Set(WRONG_RULES.flatMap((one) => one.caught))
    expect(WRONG_RULES.length).toBeGreaterThanOrEqual(20)
    expect(ruleCheckNames.filter((name) => !caught.has(name))).toEqual(['unknown-never-passes', 'stale-never-passes'])
  })

  it('take no pass, and no row, for an answer where something is unknown', () => {
    const rows = (...statuses: readonly string[]) =>
      statuses.map((status) => ({ status, message: status, text: '' })) as unknown as readonly AuditFinding[]
    const check = (after: readonly string[], before: readonly string[]) => () =>
      checkNoBetter(rows(...after), rows(...before), cases[0]!, 'safe denied')
    expect(check(['unknown'], ['pass'])).not.toThrow()
    expect(check(['not-applicable'], ['not-applicable'])).not.toThrow()
    expect(check(['unknown', 'pass'], ['pass'])).toThrow(/"Two tapes are in the safe", with safe denied, is unknown/)
    expect(check(['not-applicable'], ['fail'])).toThrow(/safe denied/)
    expect(check([], ['pass'])).toThrow(/no row came/)
  })
})
