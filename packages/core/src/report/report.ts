import type { BackupErrorJson } from '../errors.js'
import type { Grade, Outcome, ProofMethod } from '../evidence/evidence.js'
import type { SampleResult } from '../evidence/sample/result.js'
import type { KeyRange } from '../source/backup-source.js'
import type { JsonValue } from '../source/entry.js'
import type { Alert } from './alerts.js'
import type { Drift } from './drift.js'
import type { Note, ObjectFinding, SideName } from './finding.js'

/** Version of the shape of reports and NDJSON rows. Within v1, members are only added. */
export const REPORT_SCHEMA = 'backproof.report/v1'

/** A hash shard of the keys: `index` of `count`, `index` from 0. */
export interface Shard {
  readonly index: number
  readonly count: number
}

/** A piece of the key space that a run covered: absent members mean "all". */
export interface Coverage {
  readonly range?: KeyRange | undefined
  readonly shard?: Shard | undefined
}

export interface SourceIdentity {
  readonly uri: string
  /** Objects and bytes that the listing showed and the run took in. */
  readonly objects: number
  readonly bytes: number
  /** Entries left out, by reason: `filter`, `symlink`, `mount-point`, `other-prefix` ... */
  readonly excluded: Readonly<Record<string, number>>
  /** Bytes that the proofs of this run needed to read from here. */
  readonly bytesRead: number
  /** Of a dated list: when it was made, milliseconds since 1970; of merged parts, when the oldest was. */
  readonly asOf?: number | undefined
}

export type OutcomeCounts = Readonly<Record<Outcome, number>>

export interface Totals {
  /** (key, replica) pairs, or objects in a verification. */
  readonly findings: number
  readonly outcomes: OutcomeCounts
  /** Matches by grade. */
  readonly grades: Readonly<Record<Grade, number>>
  /** Matches by how they were proven. */
  readonly methods: Readonly<Partial<Record<ProofMethod, number>>>
  /** Matches by the algorithm that proved them. */
  readonly algorithms: Readonly<Record<string, number>>
  readonly notes: Readonly<Partial<Record<Note, number>>>
  /** Bytes of the objects that matched at grade `read`, counted once per pair. */
  readonly bytesProvenByReading: number
}

/** What a budget may limit. */
export type BudgetLimit = 'bytes' | 'requests' | 'money' | 'seconds'

/** What was not proven because proving it would have cost more than was permitted. */
export interface Unspent {
  /** (key, replica) pairs, or objects in a verification. */
  readonly findings: number
  /** Bytes of these objects, counted once per pair. */
  readonly bytes: number
}

/** Why a result does not speak for everything it was asked about. */
export interface Incompleteness {
  /**
   * `aborted`: cancelled. `left-early`: the consumer left the loop. `failed`: a listing failed. `gap`: merged parts do not cover
   * everything. `budget`: it was spent, and listing further would have taken more.
   */
  readonly reason: 'aborted' | 'left-early' | 'failed' | 'gap' | 'budget'
  /** Of `budget`: which limit. */
  readonly limit?: BudgetLimit | undefined
  readonly side?: SideName | undefined
  readonly replica?: number | undefined
  readonly error?: BackupErrorJson | undefined
}

/**
 * What was found, and how it was proven: the same bytes for the same inputs, clock and options, whatever the
 * concurrency. Times, rates and retries live in {@link Telemetry}.
 */
export interface RunResult {
  readonly schema: typeof REPORT_SCHEMA
  readonly kind: 'compare' | 'verify'
  /** ISO 8601, UTC: earliest and latest start of the runs in here. */
  readonly asOf: { readonly from: string; readonly to: string }
  readonly source: SourceIdentity
  readonly replicas: readonly SourceIdentity[]
  /** The baseline of a verification. */
  readonly expected?: SourceIdentity | undefined
  /** Options that decide outcomes, normalised. */
  readonly options: Readonly<Record<string, JsonValue>>
  /** sha256 of the canonical JSON of `options`: parts merge only when it is equal. */
  readonly optionsHash: string
  /** Parts of the key space that were covered, sorted; one element without members is everything. */
  readonly covered: readonly Coverage[]
  readonly complete: boolean
  readonly incomplete: readonly Incompleteness[]
  readonly totals: Totals
  /** Of a run over a sample: what was taken, and what that says of the rest. The totals have no findings for what was not taken and only listed. */
  readonly sample?: SampleResult | undefined
  /** What a budget or a ceiling left unproven; absent when nothing. */
  readonly unspent?: Readonly<Partial<Record<'budget' | 'read-ceiling', Unspent>>> | undefined
  /** Of a verification against a baseline: how the source as a whole went away from it. */
  readonly drift?: Drift | undefined
  /** Findings about the run as a whole, which no key has; absent when there are none. */
  readonly alerts?: readonly Alert[] | undefined
  /** Totals by replica, in the order of `replicas`; in a verification one element. */
  readonly byReplica: readonly Totals[]
  /** The first findings that are not matches (allowed extras included last), by key and replica. At most `findingsLimit`. */
  readonly findings: readonly ObjectFinding[]
  /** Findings that are not matches and not in `findings`. */
  readonly findingsOmitted: number
  /** K: how many findings are kept. */
  readonly findingsLimit: number
}

/** How the run went. Exempt from determinism. */
export interface Telemetry {
  readonly startedAt: string
  readonly elapsedMs: number
  readonly bytesRead: number
  readonly retries: number
  /** Calls by kind, for example `list`, `stat`, `read`. */
  readonly requests: Readonly<Record<string, number>>
  /** Requests that sources made to their services, by the service's name, for example `HeadObject`; absent when none told of any. */
  readonly operations?: Readonly<Record<string, number>> | undefined
  /** Worker threads that were used; 0 with the reason when the main thread did the work. */
  readonly workers: number
  readonly workersReason?: string | undefined
  readonly spilledEntries: number
  /** Objects that were read because asking their place about digests would not have been cheaper. Absent: none. */
  readonly readInstead?: number | undefined
}

export interface Report {
  readonly result: RunResult
  readonly telemetry: Telemetry
}
