export { type Fact, type FactToken, factToken } from './fact.js'
export type { AuditRule, AuditTarget, RuleContext, RuleMeta, Verdict, VerdictStatus } from './rule.js'
