import type { KnownAlgorithm } from '../digest/digest.js'
import type { PlanPolicy } from '../evidence/planner.js'
import type { SamplePlan } from '../evidence/sample/plan.js'
import type { SampleTally } from '../evidence/sample/tally.js'
import type { DriftTally, MassChangeThresholds } from '../report/drift.js'
import type { MetadataField, SideName } from '../report/finding.js'
import type { Tally } from '../report/tally.js'
import type { LocalReaderTelemetry } from '../run/local-jobs.js'
import type { Meter } from '../run/meter.js'
import type { RunOptions } from '../run/options.js'
import type { BackupSource } from '../source/backup-source.js'
import type { JsonValue } from '../source/entry.js'
import type { KeyMapper } from './mapping.js'
import type { EvidencePolicy, KeyFilter } from './options.js'

/** One side of a join, before it was described. */
export interface JoinSide {
  readonly source: BackupSource
  readonly mapper: KeyMapper
  readonly name: SideName
  readonly replica?: number | undefined
}

/** What comparison and verification are made of: sides joined by key, every pair with the first side proven. */
export interface Join {
  readonly kind: 'compare' | 'verify'
  /** The reference first. A single side is proven against its own stored digests. */
  readonly sides: readonly JoinSide[]
  readonly filter: KeyFilter
  readonly policy: PlanPolicy
  readonly extras: 'fail' | 'allow'
  readonly record: readonly KnownAlgorithm[]
  readonly metadata: readonly MetadataField[]
  /** Of a verification against a baseline: tell how objects went away from it. */
  readonly drift?: MassChangeThresholds | undefined
  /** Proves only what it takes. */
  readonly sample?: SamplePlan | undefined
  /** Measure the entropy of everything that is read. Default false. */
  readonly entropy?: boolean | undefined
  readonly options: RunOptions & EvidencePolicy
  /** Options that decide outcomes, for the result. */
  readonly resultOptions: Readonly<Record<string, JsonValue>>
}

/** What a side turned out to hold, counted while it is listed. */
export interface SideCount {
  objects: number
  bytes: number
  readonly excluded: Record<string, number>
}

/** What a join counts while it runs; its report is made of it, however the run ends. */
export interface JoinState {
  /** By side. */
  readonly counts: readonly SideCount[]
  /** By party: bytes that proofs needed to read. */
  readonly bytesRead: number[]
  /** By side: when a dated list was made. */
  readonly asOf: (number | undefined)[]
  readonly tally: Tally
  /** Of verifications against a baseline. */
  readonly drift?: DriftTally | undefined
  /** Of runs over a sample, once it is known what it takes. */
  sample?: SampleTally | undefined
  readonly meter: Meter
  /** How local files were read; absent before the run came to that. */
  local?: (() => LocalReaderTelemetry) | undefined
}
