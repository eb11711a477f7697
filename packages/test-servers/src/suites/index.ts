export { type ConformanceBucket, type ConformancePlace, inBatches, storeConformance } from './conformance.js'
export { writingsOf } from './faults/echoes.js'
export {
  type Absent,
  type FaultPlatform,
  isAbsent,
  type PlaceOptions,
  type PlatformCommand,
  type PlatformFailures,
  type PlatformListings,
  type PlatformLogins,
  type PlatformOperations,
  type PlatformSecrets,
  type PlatformWords,
  type Refusal,
  type RefusedLogin,
  type Target,
} from './faults/platform.js'
export { faultSuite } from './faults/suite.js'
export type { Told } from './faults/told.js'
export { BUCKET, KEYS, QUICK, type Rule, SIZE, type Vault, type VaultRun } from './faults/vault.js'
export { writeFiles } from './files.js'
export { HOSTILE_KEYS } from './hostile-keys.js'
export { inParts, type ListToWrite, parquetOf, type Row, tempDirectory, writeKey } from './inventory/lists.js'
export { type InventoryPlaceHarness, inventoryPlaceSuite } from './inventory/place-suite.js'
export { type InventoryHarness, inventorySuite } from './inventory/suite.js'
export { type NamesHarness, nameSuite } from './names.js'
export { type Asked, costOf, type Outcome, outcomeOf, told } from './outcome.js'
export { ownPrices, type PricesHarness, pricesSuite } from './prices.js'
export { entryOf, failureOf, listAll, readAll } from './reading.js'
export { expectSameResults, type MixedBucket } from './results.js'
export { type RotHarness, type RotKind, rotSuite } from './rot.js'
export { type ScaleHarness, scaleSuite } from './scale.js'
export { bytesOf, type StoreHarness, type StoreOptions } from './store.js'
