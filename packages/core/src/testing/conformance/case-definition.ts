import type { BackupSource } from '../../source/backup-source.js'
import type { SourceTraits } from '../../source/traits.js'
import type { Listings } from './listings.js'
import type { ConformanceHarness, ConformanceObject } from './types.js'

/** What a case works with. */
export interface Bench {
  readonly harness: ConformanceHarness
  /** The promised traits. */
  readonly traits: SourceTraits
  /** Milliseconds within which an aborted call must reject. */
  readonly promptMs: number
  /** Opens a source that is disposed of after the case. */
  open(content: readonly ConformanceObject[]): Promise<BackupSource>
  /** Disposes of a source that was opened, now. */
  dispose(source: BackupSource): Promise<void>
  /** The large listing, in several ways; made once for all cases. */
  listings(): Promise<Listings>
}

export type When = (traits: SourceTraits, harness: ConformanceHarness) => true | string

/** A case before it is bound to a harness. */
export interface CaseDefinition {
  readonly name: string
  readonly title: string
  readonly when: When
  readonly run: (bench: Bench) => Promise<void>
}
