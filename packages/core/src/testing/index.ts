export { conformanceCaseNames, sourceConformance } from './conformance/kit.js'
export { registerConformance, type TestFunction, type TestRunner } from './conformance/register.js'
export type {
  ConformanceCase,
  ConformanceHarness,
  ConformanceKit,
  ConformanceObject,
  ConformanceReport,
  ConformanceResult,
  ConformanceRunOptions,
  OptionalMember,
} from './conformance/types.js'
export { type Fault, type FaultKey, type FaultPlace, type FaultWhere, faultySource } from './faulty-source.js'
export type { MemoryContent, MemoryDigest, MemoryObject } from './memory-object.js'
export { type MemorySource, type MemorySourceOptions, memorySource } from './memory-source.js'
export { type RulePurity, type RulePurityOptions, rulePurity } from './rule-tester/purity.js'
export { registerRuleTester } from './rule-tester/register.js'
export { askRule, ruleCheckNames, ruleTester } from './rule-tester/tester.js'
export {
  type CaseHistory,
  type ExpectedVerdict,
  RULE_NOW,
  type RuleBoundary,
  type RuleCase,
  type RuleCheck,
  type RuleCheckResult,
  type RuleQuestion,
  type RuleTest,
  type RuleTester,
  type RuleTesterOptions,
  type RuleTestReport,
} from './rule-tester/types.js'
