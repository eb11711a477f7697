export { median } from './median.js'
export { type Ring, ring } from './ring.js'
export { type Spread, spreadOf } from './spread.js'
export { type Point, type Trend, theilSen } from './theil-sen.js'
