export {
  GRADES,
  type Grade,
  meetsGrade,
  OUTCOMES,
  type Outcome,
  type ProofMethod,
  weakerGrade,
} from './evidence.js'
export {
  comparable,
  type PairSide,
  type PlanPolicy,
  type Proof,
  type ProofPlan,
  planProofs,
  proofAlgorithm,
  type SideFacts,
} from './planner.js'
