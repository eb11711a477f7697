export {
  type FrameworkDemands,
  type FrameworkNumber,
  QUANTITIES,
  type Quantity,
  type QuantityTraits,
} from './demands.js'
export { FRAMEWORK_PRESETS } from './framework-preset.js'
export { FRAMEWORK_DEMANDS, type FrameworkNumberOf, frameworkNumbers } from './numbers.js'
export { frameworkPreset } from './preset-of.js'
export { type Tightening, tightenings } from './tightenings.js'
export { WITHOUT_CLAUSES } from './without-clauses.js'
