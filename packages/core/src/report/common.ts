// What hosts of comparisons and verifications need, and both kinds of reports: the package's own face has no more, as importing it
// must stay cheap.
export { type Alert, alertsOf } from './alerts.js'
export { type AuditStanding, auditStanding } from './audit-standing.js'
export { canonicalJson, hashOptions } from './canonical.js'
export { coversEverything, inRange, inShard, keyHash, overlaps, validateCoverage } from './coverage.js'
export { type Drift, type DriftCount, MASS_CHANGE, type MassChangeThresholds } from './drift.js'
export { EXIT, exitCode } from './exit-code.js'
export { explain, explainVerdict } from './explain/explain.js'
export type { ExplainContext, Explanation } from './explain/explanation.js'
export type {
  DriftKind,
  MetadataDifference,
  MetadataField,
  Note,
  ObjectFinding,
  Reason,
  SideEvidence,
  SideName,
} from './finding.js'
export { jsonLine } from './json-line.js'
export { mergeResults } from './merge.js'
export {
  createNdjsonWriter,
  findingLine,
  type NdjsonHeader,
  type NdjsonRow,
  type NdjsonWriter,
  ndjsonEnd,
  ndjsonHeader,
  readNdjson,
} from './ndjson.js'
export { byteCount } from './phrases.js'
export {
  PLAN_SCHEMA,
  type Plan,
  type PlanCeiling,
  type PlannedRequests,
  type PlannedSide,
} from './plan.js'
export { type PlanSummary, summarizePlan } from './plan-summary.js'
export {
  type BudgetLimit,
  type Coverage,
  type Incompleteness,
  type OutcomeCounts,
  REPORT_SCHEMA,
  type Report,
  type RunResult,
  type Shard,
  type SourceIdentity,
  type Telemetry,
  type Totals,
  type Unspent,
} from './report.js'
export type { Row, RowWriter } from './rows.js'
export { type Summary, summarize } from './summary.js'
export { createTally, type Tally, type TallyOptions, type TallySnapshot } from './tally.js'
