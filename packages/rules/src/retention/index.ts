export { periodName, periodOf, periodStart, TIERS, type Tier } from './periods.js'
export { simulateRetention } from './simulate.js'
export { lastPeriods, type Rotation, type Slot, slotEnd, slotOf, tiersOf } from './slots.js'
export type {
  ClassSlot,
  FilledSlot,
  KeptBy,
  PointFate,
  RetentionForecast,
  RetentionInput,
  SimulatedPoint,
  SlotLoss,
} from './types.js'
