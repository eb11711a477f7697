export { type AskableFacts, type AskedFor, EXPECTED, mayTell } from './asking.js'
export { type Choice, choose } from './choice.js'
export { checkedPrices } from './cost/check-prices.js'
export { SPEEDS, type Speeds, secondsOf, type Work } from './cost/estimate.js'
export { type Amounts, addMoney, formatMoney, type Money, moneyOf } from './cost/money.js'
export { type PriceTable, parsePrices, pricesFor, validatePrices } from './cost/price-table.js'
export {
  costOf,
  listRequests,
  NOMINAL_RATES,
  type PlaceCost,
  type Rates,
  ratesByClass,
  ratesOf,
  type Usage,
} from './cost/rates.js'
export { withDerived } from './derived.js'
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
export { poissonFactor, upperFailing } from './sample/bounds.js'
export { type SampleLimit, type SampleOptions, type SamplePlan, validateSample } from './sample/plan.js'
export { type SampleResult, type SampleStratum, sampleResult } from './sample/result.js'
export { createSelection, type Selection } from './sample/selection.js'
export { createSampleTally, type SampleTally } from './sample/tally.js'
