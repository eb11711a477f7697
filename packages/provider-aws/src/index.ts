export {
  type BatchManifestOptions,
  type BucketListOptions,
  type S3ChecksumReportOptions,
  type S3InventoryOptions,
  s3ChecksumReport,
  s3Inventory,
  writeBatchManifest,
} from './inventory/index.js'
export type { S3SourceOptions } from './options.js'
export {
  type IamPolicy,
  type IamStatement,
  type ReadOnlyPolicyOptions,
  readOnlyPolicy,
  type S3Feature,
} from './policy.js'
export { S3_LIST_PRICES } from './prices.js'
export type { S3Profile } from './profile.js'
export { provider } from './provider.js'
export { type S3Source, s3Source } from './source.js'
