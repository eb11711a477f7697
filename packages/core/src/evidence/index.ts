export { comparable } from './digest-worth.js'
export {
  GRADES,
  type Grade,
  meetsGrade,
  OUTCOMES,
  type Outcome,
  type ProofMethod,
  weakerGrade,
} from './evidence.js'
export { likelyPartSizes, type Recomputation, recomputationOf } from './part-sizes.js'
export {
  type PairSide,
  type PlanPolicy,
  type Proof,
  type ProofPlan,
  planProofs,
  proofAlgorithm,
  type SideFacts,
} from './planner.js'
