export { type BatchManifestOptions, writeBatchManifest } from './batch-manifest.js'
export type { BucketListOptions } from './list-options.js'
export { type S3ChecksumReportOptions, s3ChecksumReport } from './s3-checksum-report.js'
export { type S3InventoryOptions, s3Inventory } from './s3-inventory.js'
