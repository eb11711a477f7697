/*
 * What the measures of a report come to: JSON in `result.measures`, by their names. Bounded, whatever the number of items.
 */

/** `job-days`: how jobs ran, day by day. */
export interface JobDays {
  /** Ascending; days in UTC, `YYYY-MM-DD`; a day without runs is left out. At most the last 400. */
  readonly days: readonly JobDay[]
}

export interface JobDay {
  readonly day: string
  /** Runs that ended in a way that says something. */
  readonly ended: number
  /** Of these, those that backed up everything. */
  readonly succeeded: number
  /** Median of the minutes that the successful ones took; `null`: none says. */
  readonly medianMinutes: number | null
  /** Bytes read from sources by the successful ones; `null`: none says. */
  readonly bytes: number | null
}

/** `capacity-days`: how full stores are, day by day. */
export interface CapacityDays {
  /** By id; at most 20, the fullest. */
  readonly stores: readonly StoreCapacity[]
  readonly storesOmitted: number
}

export interface StoreCapacity {
  readonly store: string
  /** Ascending; the last sample of each day in UTC. At most the last 400. */
  readonly days: readonly {
    readonly day: string
    readonly usedBytes: number
    /** The tighter of what the sample tells and the quota that the policy sets now. `null`: there is none, or nobody says. */
    readonly limitBytes: number | null
  }[]
}

/** `proof-grades`: what comparisons and verifications proved, and how. */
export interface ProofGrades {
  /** By source and replica. At most 100. */
  readonly places: readonly PlaceGrades[]
  readonly placesOmitted: number
}

export interface PlaceGrades {
  readonly source: string
  readonly replica: string | null
  /** ISO 8601: when the run began. */
  readonly asOf: string
  /** Matches by grade. */
  readonly read: number
  readonly stored: number
  readonly claimed: number
  readonly size: number
  /** Findings that are no match. */
  readonly other: number
}
