import type { AuditFinding } from '../../audit/finding.js'
import type { RuleFactory } from '../../audit/rule.js'
import { isBackupError } from '../../errors.js'
import { allChecks } from './all-checks.js'
import { ask } from './ask.js'
import { benchOf } from './bench.js'
import { broken } from './broken.js'
import { questionOf } from './question.js'
import type { RuleCheck, RuleCheckResult, RuleQuestion, RuleTest, RuleTester, RuleTesterOptions } from './types.js'

/**
 * The checks that every rule must pass, bound to its cases. All questions go through `audit` itself, or through the functions of the
 * rule with frozen inputs. Run them with `run()`, or hand them to a test runner with `registerRuleTester`. What a rule reads beside
 * its inputs (network, files, clock) `rulePurity` finds.
 */
export const ruleTester = (test: RuleTest, { endMs = 10_000 }: RuleTesterOptions = {}): RuleTester => {
  const bench = benchOf(test, endMs)
  const checks = allChecks.map(({ name, title, run }): RuleCheck => {
    const check = async (): Promise<void> => {
      if (!bench.ends()) throw broken(`${bench.meta.id} does not come to an end.`)
      await run(bench)
    }
    return Object.freeze({ name, title, run: check })
  })
  return Object.freeze({
    test,
    checks: Object.freeze(checks),
    run: async () => {
      const results: RuleCheckResult[] = []
      for (const check of checks) results.push(await resultOf(check))
      const failed = results.filter(({ outcome }) => outcome === 'failed').length
      return { ok: failed === 0, passed: results.length - failed, failed, results }
    },
  })
}

/** What `audit` says to a question: the rows of the rule. For docs and for a look at one case. */
export const askRule = async (rule: RuleTest['rule'], question: RuleQuestion): Promise<readonly AuditFinding[]> =>
  ask(questionOf(rule as RuleFactory, question))

/** The names of all checks, in the order in which they run. */
export const ruleCheckNames: readonly string[] = Object.freeze(allChecks.map(({ name }) => name))

const resultOf = async ({ name, title, run }: RuleCheck): Promise<RuleCheckResult> => {
  try {
    await run()
    return { name, title, outcome: 'passed' }
  } catch (error) {
    const reason = error instanceof Error || isBackupError(error) ? error.message : String(error)
    return { name, title, outcome: 'failed', reason }
  }
}
