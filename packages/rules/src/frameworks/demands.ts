/** What a number is about: a promise of the policy for each asset, or the rhythm of a review. */
export type Quantity =
  | 'rpo'
  | 'rto'
  | 'restoreEvery'
  | 'minRetention'
  | 'maxRetention'
  | 'policyReview'
  | 'accessReview'
  | 'accessLogReview'

/** A number of a framework. */
export interface FrameworkNumber {
  /** As the framework writes it; one that `@backproof/core/audit` knows. */
  readonly clause: string
  readonly quantity: Quantity
  /** Absent: the framework wants a number, and leaves it to the organisation. Then the policy has to state one. */
  readonly days?: number | undefined
  /** It binds only assets with data of one of these classes. Default: all. */
  readonly dataClasses?: readonly string[] | undefined
  /** What the clause asks for, in our words. */
  readonly source: string
}

/** What a framework says in numbers. */
export interface FrameworkDemands {
  /** Its id. */
  readonly framework: string
  readonly numbers: readonly FrameworkNumber[]
  /** What it leaves to the organisation, one sentence: no number is made up for it. */
  readonly leaves: string
}

/** What is known of a {@link Quantity}. */
export interface QuantityTraits {
  /** What it is, words that begin a sentence. */
  readonly what: string
  readonly bound: 'at most' | 'at least'
  /** The option of a rule that is the same number, where there is one: a preset tightens it. In days. */
  readonly option?: { readonly rule: string; readonly name: string } | undefined
}

/** Days of a quarter, a half-year and a year, at their longest: who keeps to the calendar is in time. */
export const QUARTER = 92
export const HALF_YEAR = 184
export const YEAR = 366

export const QUANTITIES: Readonly<Record<Quantity, QuantityTraits>> = {
  rpo: {
    what: 'recovery point objective',
    bound: 'at most',
    option: { rule: 'plan-min-frequency', name: 'maxInterval' },
  },
  rto: { what: 'recovery time objective', bound: 'at most' },
  restoreEvery: {
    what: 'time between restore tests',
    bound: 'at most',
    option: { rule: 'restore-test-recent', name: 'maxDays' },
  },
  minRetention: { what: 'minimum retention', bound: 'at least' },
  maxRetention: { what: 'maximum retention', bound: 'at most' },
  policyReview: {
    what: 'review of the policy',
    bound: 'at most',
    option: { rule: 'backup-policy-documented', name: 'reviewMaxDays' },
  },
  accessReview: {
    what: 'review of access rights',
    bound: 'at most',
    option: { rule: 'access-review-current', name: 'maxDays' },
  },
  accessLogReview: {
    what: 'review of access logs',
    bound: 'at most',
    option: { rule: 'access-log-reviewed', name: 'maxDays' },
  },
}
