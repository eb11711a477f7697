import type { Policy } from '../audit/policy.js'
import type { AuditRule, RuleConfig, RuleMeta } from '../audit/rule.js'

/** A line of a manifest, for reports that point at it. */
export interface Declared {
  readonly file: string
  readonly line: number
}

/** Rows in a file. */
export interface HistoryFile {
  readonly kind: 'file'
  /** Absolute. */
  readonly file: string
  readonly declared: Declared
}

/** Objects of a place whose keys tell of recovery points. */
export interface HistoryPlace {
  readonly kind: 'place'
  /** A URI, or an absolute path. */
  readonly source: string
  readonly pattern: string
  /** Where the pattern does not tell it. */
  readonly asset?: string | undefined
  readonly store?: string | undefined
  readonly timezone?: string | undefined
  readonly complete?: string | undefined
  readonly others?: 'error' | 'ignore' | undefined
  readonly declared: Declared
}

/** A file system whose fill level is asked for. */
export interface HistoryDisk {
  readonly kind: 'disk'
  /** Absolute. */
  readonly path: string
  readonly store: string
  readonly declared: Declared
}

/** Where the manifest says that facts come from. Opening them is the host's. */
export interface PolicyHistories {
  readonly jobs: readonly HistoryFile[]
  readonly recoveryPoints: readonly (HistoryFile | HistoryPlace)[]
  readonly drills: readonly HistoryFile[]
  readonly capacity: readonly (HistoryFile | HistoryDisk)[]
  /** Reports of `compare` and `verify`, JSON. */
  readonly reports: readonly HistoryFile[]
}

/** A rule that the manifest chooses. */
export interface RuleUse {
  /** Id of the rule. */
  readonly rule: string
  /** What the manifest calls this use of it; the id, where it does not say. */
  readonly name: string
  /** As written: those that are left out have their defaults. */
  readonly options: Readonly<Record<string, unknown>>
  readonly config: RuleConfig
  /** Ready for `audit`, where the loader was given the rules. */
  readonly configured?: AuditRule | undefined
  readonly declared: Declared
}

/** A rule that manifests may name: what `defineRule` gives. */
export interface KnownRule {
  // biome-ignore lint/suspicious/noExplicitAny: every rule has options of its own, which its descriptors check
  (options?: any, config?: RuleConfig): AuditRule
  readonly meta: RuleMeta
}

export interface PolicyOptions {
  /** Rules that the manifest may name; others, and wrong options, are errors then. Default: names and options are not looked at. */
  readonly rules?: readonly KnownRule[] | undefined
}

export interface ParseOptions extends PolicyOptions {
  /** Path that errors and reports name, and that paths of the manifest are relative to. Default: `policy` in the working directory. */
  readonly file?: string | undefined
}

export interface LoadedPolicy {
  readonly policy: Policy
  /** Rules that the manifest chooses, in its order; none: it leaves that to others. */
  readonly rules: readonly RuleUse[]
  readonly histories: PolicyHistories
  /** All files that were read, as errors name them. */
  readonly files: readonly string[]
}
