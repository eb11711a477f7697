export type {
  BackupSource,
  ByteRange,
  CallOptions,
  KeyRange,
  ListOptions,
  LocalFile,
  LocalPin,
  ObjectBody,
  ReadOptions,
  StatOptions,
  StatWant,
} from './backup-source.js'
export type { EntryKind, JsonValue, ObjectEntry, ObjectInfo, ObjectMetadata, OfferedDigest } from './entry.js'
export { compareKeys, escapeKey, keyFromBytes, keyToBytes } from './key.js'
export { nearest } from './nearest.js'
export { checkOptionNames, showValue } from './option-check.js'
export type { PreflightCheck, PreflightStatus } from './preflight.js'
export type { ClassPrices, PlacePrices } from './prices.js'
export type { ProviderContext, ProviderDescriptor } from './provider.js'
export type { KeyOrder, NativeDigest, Pinning, ReadCost, SourceTraits } from './traits.js'
