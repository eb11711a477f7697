export { audit } from './audit.js'
export {
  type AuditCollector,
  type CollectedFact,
  type CollectRequest,
  collected,
  type FactCollector,
  givenFacts,
  givenHistory,
} from './collector.js'
export { defineRule } from './define-rule.js'
export { matchesPattern } from './engine/select.js'
export type { Said } from './engine/settle.js'
export {
  type AbsentFact,
  type Fact,
  type FactToken,
  factToken,
  factValue,
  type KnownFact,
  type SettledFact,
  type UnknownFact,
  type UnknownReason,
} from './fact.js'
export { FACT_MESSAGES } from './fact-messages.js'
export {
  type AuditFinding,
  ENGINE_MESSAGES,
  type EngineMessage,
  type FactReading,
  RUN_MESSAGES,
  WAIVER_RULE,
  type WaivedBy,
} from './finding.js'
export {
  CLAUSE_STATUSES,
  type ClauseStanding,
  type ClauseStatus,
  type ClauseView,
  cisV81,
  clausesOf,
  clauseView,
  dora,
  FRAMEWORKS,
  type Framework,
  gdpr,
  hipaa,
  iso27001,
  nis2,
  nist80053,
  pciDss,
  soc2,
} from './frameworks/index.js'
export type {
  AlertRoute,
  Attestation,
  Contact,
  CorrectiveAction,
  EscalationPath,
  Person,
  ReportSchedule,
  Review,
  Training,
} from './governance.js'
export type { HistorySource, HistoryToken, HistoryTraits } from './history.js'
export { type GivenItems, type Judgement, type JudgeOptions, judge } from './judge.js'
export { type AuditMeasure, defineMeasure, type MeasureDefinition, type MeasureInput } from './measure.js'
export {
  type ChoiceOption,
  choiceOption,
  type DurationOption,
  type DurationParts,
  durationOption,
  type FlagOption,
  flagOption,
  type NumberOption,
  type NumberParts,
  numberOption,
  type OptionBase,
  type OptionDescriptor,
  type OptionDescriptors,
  type OptionInput,
  type OptionInputs,
  type OptionValue,
  type OptionValues,
  type TextsOption,
  textsOption,
} from './option.js'
export { expectedOption, optionsSchema, readOption, resolveOptions } from './option-values.js'
export type { AuditOptions } from './options.js'
export {
  type Asset,
  assetPolicy,
  assetTimetable,
  type BackupPlan,
  type Copy,
  CRITICALITIES,
  type Criticality,
  type FailureDomains,
  POLICY_SCHEMA,
  type Policy,
  policyFact,
  RESTORE_LEVELS,
  type RestoreLevel,
  type RetentionClass,
  type Schedule,
  type Store,
  storePolicy,
  type Timetable,
  type TimeWindow,
  type Weekday,
} from './policy.js'
export { policyTargets } from './policy-targets.js'
export {
  type AttestedClauses,
  AUDIT_SCHEMA,
  type AuditIncompleteness,
  type AuditReport,
  type AuditResult,
  type AuditTelemetry,
  type AuditTotals,
  type HistorySummary,
  type LostFact,
  type Measured,
  type RuleSummary,
  type StatusCounts,
} from './result.js'
export type {
  AppliesInput,
  AuditRule,
  ClauseRef,
  FactsOf,
  Fold,
  FoldContext,
  FoldedFact,
  FoldedOf,
  FoldMaker,
  Folds,
  Message,
  Needs,
  Remediation,
  RuleConfig,
  RuleDefinition,
  RuleFactory,
  RuleInput,
  RuleMeta,
  TargetSelect,
} from './rule.js'
export { type AttributeValue, type AuditTarget, ESTATE, type TargetKind } from './target.js'
export {
  AUDIT_STATUSES,
  type AuditStatus,
  EVIDENCE_LIMIT,
  type Evidence,
  type Scalar,
  SEVERITIES,
  type Severity,
  type Verdict,
  type VerdictStatus,
} from './verdict.js'
export { WAIVER_DAYS, type Waiver, type WaiverSelect } from './waiver.js'
export { type WaiverStanding, waiverStandings } from './waiver-standing.js'
