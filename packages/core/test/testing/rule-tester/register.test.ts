import { registerRuleTester, ruleCheckNames } from '@backproof/core/testing'
import { expect, it } from 'vitest'
import { safeRule, testOf } from './right-rule.js'

/** A test runner that only notes what it is given. */
const noted = (test: Parameters<typeof registerRuleTester>[0], title?: string) => {
  const suites: string[] = []
  const tests: { readonly title: string; readonly body: () => Promise<void> }[] = []
  const describe = (name: string, body: () => void): void => {
    suites.push(name)
    body()
  }
  registerRuleTester(test, { describe, it: (name, body) => tests.push({ title: name, body }) }, title)
  return { suites, tests }
}

it('hands every check to the test runner, one test a check', async () => {
  const { suites, tests } = noted(testOf())
  expect(suites).toEqual(['the rule acme/safe'])
  expect(noted(testOf(), 'our safe').suites).toEqual(['our safe'])
  expect(tests.map(({ title }) => title.slice(0, title.indexOf(':')))).toEqual(ruleCheckNames)
  for (const { body } of tests) await body()
})

it('lets the test of a check fail that fails', async () => {
  const { tests } = noted(testOf({ rule: safeRule({ rationale: '' }) }))
  await expect(tests[0]?.body()).rejects.toMatchObject({
    code: 'contract',
    message: 'The rationale of acme/safe is empty.',
  })
})
