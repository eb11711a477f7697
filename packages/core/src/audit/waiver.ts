/** Which failing rows a waiver accepts. All members have to hold; at least one has to be there. */
export interface WaiverSelect {
  /** Name of a configured rule, or its id. */
  readonly rule?: string | undefined
  /** Kind of target. */
  readonly kind?: string | undefined
  /** Id of a target, with `*` for any characters. */
  readonly target?: string | undefined
  readonly subject?: string | undefined
  readonly message?: string | undefined
  readonly fingerprint?: string | undefined
}

/** An accepted failing finding. The row stays failing, and says who accepted it. */
export interface Waiver {
  readonly id: string
  readonly select: WaiverSelect
  readonly reason: string
  readonly approver: string
  readonly ticket?: string | undefined
  readonly compensatingControl?: string | undefined
  /** ISO 8601: a date, which is accepted to its end in UTC, or an instant. */
  readonly expires: string
  /** ISO 8601: when it was approved, no later than the run. Default: the clock of the run, for the longest time that a waiver may run. */
  readonly approved?: string | undefined
}

/**
 * Days that a failing row may be accepted for, by its severity. Source: own choice, as the audit catalogue proposes for
 * `waiver-valid`.
 */
export const WAIVER_DAYS = { critical: 30, high: 90, medium: 180, low: 365, info: 365 } as const
