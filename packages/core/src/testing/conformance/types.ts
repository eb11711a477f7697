import type { BackupSource } from '../../source/backup-source.js'
import type { SourceTraits } from '../../source/traits.js'

/** One object that a harness puts into the place that it opens. */
export interface ConformanceObject {
  /** Relative, with `/` between components; bytes that are not UTF-8 as lone surrogates (see `keyToBytes`). */
  readonly key: string
  /** The bytes of the key; present exactly when they are not UTF-8. */
  readonly keyBytes?: Uint8Array | undefined
  /** Its content; empty for a link. */
  readonly bytes: Uint8Array
  /** Present for a symbolic link: where it points. */
  readonly linkTarget?: string | undefined
}

/** An optional member of `BackupSource` beyond those that the traits imply. */
export type OptionalMember = 'dispose' | 'localFile' | 'preflight' | 'scan'

/**
 * How the kit gets at a source. The kit opens one source at a time: each case calls `open`, uses the source, disposes of
 * it (where it can be), and calls `close`. `replace` and `remove` are about what was opened last.
 */
export interface ConformanceHarness {
  /** What `describe` must tell. Every trait is compared; `place` only when it is given here. Cases are chosen by them. */
  readonly traits: SourceTraits
  /** Members that the source has. A member that is not named here, but there, fails `members-as-promised`. Default: none. */
  readonly offers?: readonly OptionalMember[] | undefined
  /** Names of cases that must not be skipped: one that is counts as failed. Default: none. */
  readonly required?: readonly string[] | undefined
  /** A fresh source over a place that holds exactly these objects. Also called with none, and with thousands. */
  open(content: readonly ConformanceObject[]): Promise<BackupSource>
  /**
   * Gives one object other bytes while its source is used, as a backup program that overwrites it would. Without it, the
   * cases about pinned reads are skipped.
   */
  replace?(key: string, bytes: Uint8Array): Promise<void>
  /** Deletes one object while its source is used. Without it, the cases about objects that are gone are skipped. */
  remove?(key: string): Promise<void>
  /** Removes what `open` made. Called after every case, also after one that failed or that opened nothing. */
  close?(): Promise<void>
  /**
   * Whether the place can hold such an object: `true`, or the reason why not, with which cases are skipped. Default: all
   * but links and keys that are not UTF-8.
   */
  canHold?(object: ConformanceObject): true | string
  /** Secrets that the source was given (keys, tokens). None may be in its URI, its refs or its errors. Default: none. */
  readonly secrets?: readonly string[] | undefined
  /** Objects of the large listing: more than a page of the source. Default 2,500. */
  readonly manyObjects?: number | undefined
  /** Bytes of the large object: more than the source holds in buffers. Default 4 MiB (4,194,304). */
  readonly largeBytes?: number | undefined
  /** Milliseconds within which an aborted call must reject. Default 2,000. */
  readonly promptMs?: number | undefined
  /** Milliseconds for one case, after which it has failed. Default 30,000. */
  readonly timeoutMs?: number | undefined
}

/** One obligation of a source, as a check. */
export interface ConformanceCase {
  /** Stable; public API. */
  readonly name: string
  /** What must hold, for people. */
  readonly title: string
  /** Whether the case applies: `true`, or the reason why it is skipped. */
  when(traits: SourceTraits, harness: ConformanceHarness): true | string
  /**
   * Resolves when the obligation holds. Rejects with a `BackupError` of code `contract` that says what was broken, or with
   * whatever the source threw. Does not look at `when`. Cases of one kit wait for each other.
   */
  run(): Promise<void>
}

export interface ConformanceResult {
  readonly name: string
  readonly title: string
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** Why it was skipped, or what was broken. */
  readonly reason?: string | undefined
  /** Of a failed case that ran: what it threw. */
  readonly error?: unknown
}

export interface ConformanceReport {
  /** True when at least one case passed and none failed. */
  readonly ok: boolean
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** One a case, in the order of `cases`. */
  readonly results: readonly ConformanceResult[]
}

export interface ConformanceRunOptions {
  /** Names of the cases to run. Default: all. */
  readonly only?: readonly string[] | undefined
  /** Told of each result as it comes. */
  readonly onResult?: ((result: ConformanceResult) => void) | undefined
  /** Stops between two cases: the run rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined
}

export interface ConformanceKit {
  readonly harness: ConformanceHarness
  readonly cases: readonly ConformanceCase[]
  /** Runs the cases one after the other, under no test runner. A failing case is in the report, not thrown. */
  run(options?: ConformanceRunOptions): Promise<ConformanceReport>
}
