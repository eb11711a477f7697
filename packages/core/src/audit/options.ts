import type { RunOptions } from '../run/options.js'
import type { AuditCollector } from './collector.js'
import type { AuditMeasure } from './measure.js'
import type { Policy } from './policy.js'
import type { AuditRule } from './rule.js'
import type { AuditTarget } from './target.js'
import type { Waiver } from './waiver.js'

export interface AuditOptions
  extends Pick<
    RunOptions,
    'signal' | 'onProgress' | 'concurrency' | 'retry' | 'findingsLimit' | 'now' | 'tempDirectory'
  > {
  /** At least one. Two of one name are refused: give one of them another with `as`. */
  readonly rules: readonly AuditRule[]
  /** Default: the assets and stores of the policy, and what collectors discover. The estate is always there. */
  readonly targets?: readonly AuditTarget[] | undefined
  /** Where facts and histories come from. Without one that gives a fact, rules that need it are `unknown`. */
  readonly collectors?: readonly AuditCollector[] | undefined
  readonly policy?: Policy | undefined
  /** What is measured beside the verdicts, for charts. Names are unique. Default: nothing. */
  readonly measures?: readonly AuditMeasure[] | undefined
  /** Beside those of the policy. */
  readonly waivers?: readonly Waiver[] | undefined
  /** Facts observed longer ago are stale: `unknown`. Milliseconds. Default: a day. */
  readonly maxAge?: number | undefined
  /** Milliseconds for one call of a collector. Default 60,000. */
  readonly collectTimeoutMs?: number | undefined
  /**
   * Milliseconds for what one rule does in one go; a rule that takes longer is stopped and becomes an `error`. Default 10,000.
   * `Infinity`: none is stopped, which saves a millisecond a run.
   */
  readonly ruleTimeoutMs?: number | undefined
}
