import { toBackupError } from '../../errors.js'
import type { EngineMessage } from '../finding.js'
import type { AuditRule } from '../rule.js'
import type { Scalar } from '../verdict.js'
import { createWatchdog } from './watchdog.js'

/** Why a rule gave no verdict of its own. */
export interface Failure {
  readonly message: EngineMessage
  readonly data: Readonly<Record<string, Scalar>>
}

/** What a rule has to do. */
export interface Work {
  readonly rule: AuditRule
  /** Once there is one, the rule is not called again for this target. */
  failure: Failure | undefined
}

/** Runs code of rules: what one of them throws, or that it does not end, is its own failure only. */
export interface RuleRunner {
  readonly each: <T>(tasks: readonly T[], workOf: (task: T) => Work, act: (task: T) => void) => void
}

export const createRuleRunner = (limitMs: number): RuleRunner => {
  const watchdog = createWatchdog(limitMs)
  // A rule that did not end once would cost the same time for each target.
  const stopped = new Set<AuditRule>()
  const overran: Failure = { message: 'rule-overran', data: { seconds: limitMs / 1000 } }
  return {
    each: (tasks, workOf, act) => {
      let at = 0
      const some = (): void => {
        const started = performance.now()
        for (; at < tasks.length; at++) {
          const task = tasks[at]!
          const work = workOf(task)
          if (work.failure !== undefined) continue
          if (stopped.has(work.rule)) {
            work.failure = overran
            continue
          }
          try {
            act(task)
          } catch (error) {
            work.failure = threw(error)
          }
          // Each gets most of the time, however long those before it took.
          if (performance.now() - started > limitMs / 4) {
            at += 1
            return
          }
        }
      }
      while (at < tasks.length) {
        if (watchdog.run(some)) continue
        const work = workOf(tasks[at]!)
        stopped.add(work.rule)
        work.failure = overran
        at += 1
      }
    },
  }
}

const threw = (error: unknown): Failure => ({
  message: 'rule-threw',
  data: { reason: toBackupError(error).message },
})
