import type { TestRunner } from '../conformance/register.js'
import { ruleTester } from './tester.js'
import type { RuleTest } from './types.js'

const TIMEOUT = 60_000

/**
 * Hands the checks of a rule to a test runner, one test a check, titled `name: title`.
 *
 * @param title Default: the rule's id.
 */
export const registerRuleTester = (
  test: RuleTest,
  { describe, it }: Pick<TestRunner, 'describe'> & { readonly it: (...test: Parameters<TestRunner['it']>) => unknown },
  title?: string,
): void => {
  describe(title ?? `the rule ${test.rule.meta.id}`, () => {
    for (const check of ruleTester(test).checks) it(`${check.name}: ${check.title}`, () => check.run(), TIMEOUT)
  })
}
