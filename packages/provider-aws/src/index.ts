export { type BatchManifestOptions, writeBatchManifest } from './inventory/batch-manifest.js'
export type { BucketListOptions } from './inventory/list-options.js'
export { type S3ChecksumReportOptions, s3ChecksumReport } from './inventory/s3-checksum-report.js'
export { type S3InventoryOptions, s3Inventory } from './inventory/s3-inventory.js'
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
