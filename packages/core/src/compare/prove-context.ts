import type { LimitFunction } from 'p-limit'
import type { KnownAlgorithm } from '../digest/digest.js'
import type { PlanPolicy, ProofPlan } from '../evidence/planner.js'
import type { Selection } from '../evidence/sample/selection.js'
import type { MetadataField } from '../report/finding.js'
import type { LocalReader } from '../run/local-jobs.js'
import type { Meter } from '../run/meter.js'
import type { StreamReader } from '../run/object-reader.js'
import type { RetryPolicy } from '../run/retry.js'
import type { Party } from './row.js'
import type { Spending } from './spending.js'

/** All that planning rows needs, once a run. */
export interface PlanContext {
  /** The reference first: source of a comparison, or baseline of a verification. */
  readonly parties: readonly Party[]
  /** Of the run, where nothing else counts for a key. */
  readonly policy: PlanPolicy
  readonly policyOf: (key: string) => PlanPolicy
  /** Fixity of one source: its digests are all checked, and a claim that differs is a finding, not a reason to read on. */
  readonly fixity: boolean
  /** What sides are asked for about every match. */
  readonly metadata: readonly MetadataField[]
  /** What a sample takes; absent where everything is proven. */
  readonly selection?: Selection | undefined
}

/** All that proving rows needs, once a run. */
export interface ProveContext extends PlanContext {
  readonly record: readonly KnownAlgorithm[]
  /** Whether findings tell how objects went away from a baseline. */
  readonly drift: boolean
  /** Whether the entropy of everything that is read is measured. */
  readonly entropy: boolean
  readonly local: LocalReader
  readonly stream: StreamReader
  /** Limits requests that are not reads. */
  readonly gate: LimitFunction
  readonly retry: RetryPolicy
  readonly signal: AbortSignal
  readonly meter: Meter
  /** Plans of pairs without digests, kept by `planOf`. */
  readonly plainPlans: Map<PlanPolicy, ProofPlan[]>
  /** What may be spent; absent where nothing costs anything and nothing is limited. */
  readonly spending: Spending | undefined
  /** By party: bytes that proofs needed to read. */
  readonly bytesRead: number[]
}
