import type { RetryOptions } from '../run/options.js'
import type { PreflightCheck } from '../source/preflight.js'

export interface PreflightOptions {
  /** When aborted, `preflight` rejects with `signal.reason` promptly. */
  readonly signal?: AbortSignal | undefined
  /** The clock of `asOf`. Default: the system's. */
  readonly now?: (() => Date) | undefined
  /** How passing faults are tried again, as in a run. */
  readonly retry?: RetryOptions | undefined
}

/** What was tried with a place before a run. Plain JSON, free of secrets. */
export interface PreflightReport {
  readonly schema: 'backproof.preflight/v1'
  /** URI of the source. */
  readonly source: string
  /** When the checks began, ISO 8601 in UTC. */
  readonly asOf: string
  /** No check is a `problem` or `unknown`. It does not say that the objects are intact: only a run does. */
  readonly ok: boolean
  /** In the order in which they were tried, the provider's own after those of every source. */
  readonly checks: readonly PreflightCheck[]
}
