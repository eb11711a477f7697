import type { Amounts } from '../evidence/cost/money.js'
import type { Grade, Outcome, ProofMethod } from '../evidence/evidence.js'
import type { Reason } from './finding.js'
import type { RunResult } from './report.js'

/** Version of the shape of plans. Within v1, members are only added. */
export const PLAN_SCHEMA = 'backproof.plan/v1'

/** Requests to a place, by kind. A read of ranges counts each range. */
export interface PlannedRequests {
  readonly list: number
  readonly stat: number
  readonly read: number
}

/** What a run would do at one place. */
export interface PlannedSide {
  readonly uri: string
  /** Objects and bytes that its listing shows and the run takes in. */
  readonly objects: number
  readonly bytes: number
  readonly requests: PlannedRequests
  readonly bytesToRead: number
  /** Of these, from storage classes that charge for retrieval. */
  readonly bytesOfColdClasses: number
  /** Of these, beyond what is read of a place that charges without the caller's word (`readCeiling`): the run would leave it unread. */
  readonly bytesBeyondCeiling?: number | undefined
  /** What that costs. Absent where nothing is charged, and where nobody knows the prices. */
  readonly money?: Amounts | undefined
  /** The prices: when they were looked up, and where. */
  readonly prices?: { readonly asOf: string; readonly source: string } | undefined
  /** The place charges, and by which prices is not known. */
  readonly unpriced?: boolean | undefined
}

/**
 * What the run would come to if digests that prove only by being equal were none of the bytes, and questions told nothing: at
 * most this. The sides are taken to be equal: what differs, changes or fails is asked about and read again beyond it. Only a
 * budget limits that too.
 */
export interface PlanCeiling {
  /** Of all kinds. */
  readonly requests: number
  /** What is read twice counts twice. */
  readonly bytesToRead: number
  readonly money: Amounts
}

/**
 * What a run would do, before anything is read: listings were made for it, and nothing else. It expects that the sides are equal
 * and that listed digests are what they look like; `atMost` does not.
 */
export interface Plan {
  readonly schema: typeof PLAN_SCHEMA
  readonly kind: RunResult['kind']
  /** ISO 8601, UTC. */
  readonly asOf: string
  readonly source: PlannedSide
  readonly replicas: readonly PlannedSide[]
  /** The baseline of a verification. */
  readonly expected?: PlannedSide | undefined
  /** (key, replica) pairs, or objects in a verification. */
  readonly pairs: number
  /** What the listings decide alone: missing and extra keys, other sizes and kinds, collisions. */
  readonly decided: Readonly<Partial<Record<Outcome, number>>>
  /** Pairs by how they would be proven. */
  readonly proofs: Readonly<Partial<Record<ProofMethod, number>>>
  /** The same by the grade that a match would have. */
  readonly grades: Readonly<Record<Grade, number>>
  /** Pairs that no permitted proof can decide, by the reason that their findings would have. */
  readonly unprovable: Readonly<Partial<Record<Reason, number>>>
  /** Pairs that a sample leaves out. */
  readonly unsampled?: number | undefined
  readonly requests: PlannedRequests
  readonly bytesToRead: number
  /** What reading all sides of the pairs that are to be proven would read. */
  readonly bytesOfBothSides: number
  /** The difference, not below 0. */
  readonly bytesSaved: number
  /** By currency. Without places whose prices nobody knows. */
  readonly money: Amounts
  /** An estimate, right within a factor of a few at best. */
  readonly seconds: number
  /** Objects that are read because asking about them costs no less. */
  readonly readInstead: { readonly objects: number; readonly bytes: number }
  readonly atMost: PlanCeiling
}
