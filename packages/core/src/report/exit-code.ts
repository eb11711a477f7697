import type { AuditResult } from '../audit/result.js'
import { auditStanding } from './audit-standing.js'
import type { RunResult, Totals } from './report.js'
import { tookNothing } from './sample-phrase.js'

/** Exit codes of programs that end with a run. `usage`: wrong use or configuration. `internal`: also output that could not be written. */
export const EXIT = {
  proven: 0,
  failed: 1,
  usage: 2,
  unproven: 3,
  internal: 70,
  interrupted: 130,
  terminated: 143,
} as const

/** What the outcomes of a result come to. */
export interface Standing {
  /** `mismatch`, `missing`, `unreadable`, and `extra` unless extras are allowed. */
  readonly failing: number
  /** `changed`, `unverifiable`, `error`. */
  readonly undecided: number
  /** Extras that the options allow. */
  readonly allowedExtras: number
}

export const standingOf = (totals: Totals, extras: 'fail' | 'allow'): Standing => {
  const { mismatch, missing, extra, unreadable, changed, unverifiable, error } = totals.outcomes
  const allowedExtras = extras === 'allow' ? extra : 0
  return {
    failing: mismatch + missing + unreadable + extra - allowedExtras,
    undecided: changed + unverifiable + error,
    allowedExtras,
  }
}

/** How the run of a result was told to treat extras. */
export const extrasOf = (result: RunResult): 'fail' | 'allow' =>
  result.options['extras'] === 'allow' ? 'allow' : 'fail'

/**
 * 0: all proven. 1: something failed. 3: something could not be decided, the result is incomplete, or nothing matched
 * at all (zero objects prove nothing, nor does a sample that took none of them). 1 beats 3.
 *
 * Of an audit: 0: every check that applies passes, or fails with a waiver. 1: one fails without. 3: one is `unknown`, `review` or
 * `error`, the result is incomplete, or nothing applies.
 */
export const exitCode = (result: RunResult | AuditResult): 0 | 1 | 3 =>
  result.kind === 'audit' ? codeOfAudit(result) : codeOfRun(result)

const codeOfRun = (result: RunResult): 0 | 1 | 3 => {
  const { failing, undecided } = standingOf(result.totals, extrasOf(result))
  // A source that is damaged is unreadable, even where no finding names an object of it.
  const damaged = result.incomplete.some(({ error }) => error?.code === 'corrupt')
  if (failing > 0 || damaged) return EXIT.failed
  if (undecided > 0 || !result.complete || tookNothing(result)) return EXIT.unproven
  const nothing = result.byReplica.length === 0 || result.byReplica.some(({ outcomes }) => outcomes.match === 0)
  return nothing ? EXIT.unproven : EXIT.proven
}

const codeOfAudit = (result: AuditResult): 0 | 1 | 3 => {
  const { failing, undecided, checks } = auditStanding(result)
  if (failing > 0) return EXIT.failed
  return undecided > 0 || !result.complete || checks === 0 ? EXIT.unproven : EXIT.proven
}
