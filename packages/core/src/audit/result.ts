import type { BackupErrorJson } from '../errors.js'
import type { JsonValue } from '../source/entry.js'
import type { AuditFinding } from './finding.js'
import type { AuditStatus, Severity } from './verdict.js'

/** Version of the shape of audit reports and their NDJSON rows. Within v1, members are only added. */
export const AUDIT_SCHEMA = 'backproof.audit/v1'

export type StatusCounts = Readonly<Record<AuditStatus, number>>

export interface AuditTotals {
  readonly findings: number
  readonly statuses: StatusCounts
  /** Failing rows with a waiver; they are among the `fail` of `statuses` too. */
  readonly waived: number
}

/** What one configured rule came to. */
export interface RuleSummary extends AuditTotals {
  readonly rule: string
  readonly id: string
  readonly title: string
  readonly severity: Severity
  readonly scope: string
  /** As it was used, with defaults; times in milliseconds. */
  readonly options: Readonly<Record<string, JsonValue>>
  readonly clauses: readonly { readonly framework: string; readonly clause: string; readonly strength: string }[]
  /** Rows that name clauses of their own, by `FRAMEWORK CLAUSE`; absent when there are none. At most 1,000 clauses. */
  readonly byClause?: Readonly<Record<string, AuditTotals>> | undefined
  readonly category: string
  /** Why it matters. */
  readonly rationale: string
  /** What to do about a failing row. */
  readonly action: string
}

/** What somebody vouches for, of clauses of frameworks. Times are ISO 8601, UTC. */
export interface AttestedClauses {
  readonly id: string
  readonly subject: string
  readonly statement: string
  readonly by: string
  readonly at: string
  /** The last moment at which it holds; it may lie before the audit. */
  readonly expires: string
  readonly evidence?: string | undefined
  /** As `FRAMEWORK CLAUSE`. */
  readonly clauses: readonly string[]
}

/** What a measure of an audit came to. */
export interface Measured {
  readonly description: string
  /** Absent where what it rests on is not known. */
  readonly value?: JsonValue | undefined
  /** Why there is no value. */
  readonly unknown?: string | undefined
  /** It rests on a part of the facts. */
  readonly partial?: boolean | undefined
}

/** Verdicts that are lost to one thing that nobody could read. */
export interface LostFact {
  readonly token: string
  readonly reason: string
  readonly missingPermission?: string | undefined
  /** Rows that are `unknown` for it. */
  readonly findings: number
  readonly rules: readonly string[]
}

/** A history that was read. */
export interface HistorySummary {
  readonly token: string
  readonly sources: readonly string[]
  readonly items: number
  /** Items about targets that are not audited: seen, and judged only by rules about the whole estate. */
  readonly unassigned: number
  /** Items that were told twice. */
  readonly duplicates: number
}

export interface AuditIncompleteness {
  /** `aborted`: cancelled. `left-early`: the consumer left the loop. `discovery`: a collector could not say which targets there are. */
  readonly reason: 'aborted' | 'left-early' | 'discovery'
  readonly collector?: string | undefined
  readonly error?: BackupErrorJson | undefined
}

/** What an audit found: the same bytes for the same facts, rules, policy and clock, whatever the order of inputs. */
export interface AuditResult {
  readonly schema: typeof AUDIT_SCHEMA
  readonly kind: 'audit'
  /** ISO 8601, UTC: the clock of the run. */
  readonly asOf: string
  /** sha256 of the canonical JSON of rules, options, policy and waivers; where in files they stand is left out. */
  readonly optionsHash: string
  /** Targets by kind, the estate left out. */
  readonly targets: Readonly<Record<string, number>>
  readonly complete: boolean
  readonly incomplete: readonly AuditIncompleteness[]
  readonly totals: AuditTotals
  /** Failing rows without a waiver, by severity. */
  readonly failing: Readonly<Record<Severity, number>>
  /** passes / (passes + fails + unknown + review + error), 0 to 1; waived rows count as fails. `null` where nothing was applicable. */
  readonly score: number | null
  /** In the order of names. */
  readonly rules: readonly RuleSummary[]
  readonly histories: readonly HistorySummary[]
  /** Attestations of the policy that name clauses, by id; absent when there are none. */
  readonly attestations?: readonly AttestedClauses[] | undefined
  /** What was measured for reports, by the measure's name; absent when nothing was asked for. Decides no verdict. */
  readonly measures?: Readonly<Record<string, Measured>> | undefined
  /** What could not be read, with the most costly first. */
  readonly lost: readonly LostFact[]
  /** The first rows that are neither `pass` nor `not-applicable`, in the order of the run. At most `findingsLimit`. */
  readonly findings: readonly AuditFinding[]
  readonly findingsOmitted: number
  readonly findingsLimit: number
}

/** How the run went. Exempt from determinism. */
export interface AuditTelemetry {
  readonly startedAt: string
  readonly elapsedMs: number
  /** Calls of collectors, by the collector's id. */
  readonly collected: Readonly<Record<string, number>>
  readonly retries: number
  /** Items of histories that went through spill sort. */
  readonly sortedItems: number
  /** Items that went to disk on the way. */
  readonly spilledItems: number
}

export interface AuditReport {
  readonly result: AuditResult
  readonly telemetry: AuditTelemetry
}
