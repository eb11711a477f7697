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
