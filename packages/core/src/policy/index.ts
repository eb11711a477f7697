export { loadPolicy, parsePolicy, policyFileProblems, policyProblems } from './load.js'
export type {
  Declared,
  HistoryDisk,
  HistoryFile,
  HistoryPlace,
  KnownRule,
  LoadedPolicy,
  ParseOptions,
  PolicyHistories,
  PolicyOptions,
  RuleUse,
} from './loaded.js'
export type { Place } from './located.js'
export { policySchema } from './manifest.js'
export type { PolicyProblem } from './problem.js'
