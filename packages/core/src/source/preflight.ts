/**
 * How a check of a place came out.
 * - `ok`: it works. `notice`: it works, and there is something to know.
 * - `problem`: a run that needs it will fail or stay unproven; `fix` says what to do.
 * - `unknown`: it could not be found out; `detail` says why.
 */
export type PreflightStatus = 'ok' | 'notice' | 'problem' | 'unknown'

/** One thing that was tried before a run. Plain JSON, free of secrets. */
export interface PreflightCheck {
  /** Stable word, for example `reach`, `credentials`, `list`, `read`, `clock`. Public API; new ones may be added. */
  readonly id: string
  /** What was tried, for people: `list objects (s3:ListBucket)`. */
  readonly title: string
  readonly status: PreflightStatus
  /** What was found, in one sentence. */
  readonly detail: string
  /** What to do about it. With every `problem`. */
  readonly fix?: string | undefined
  /** The permission in the words of the platform, for example `s3:GetObject`. */
  readonly permission?: string | undefined
}
