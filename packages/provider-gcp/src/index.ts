export { type StorageInsightsOptions, storageInsights } from './inventory/index.js'
export type { GcsSourceOptions } from './options.js'
export {
  type GcsAccessPolicy,
  type GcsBinding,
  type GcsCustomRole,
  type GcsFeature,
  type ReadOnlyPolicyOptions,
  readOnlyPolicy,
} from './policy.js'
export { GCS_LIST_PRICES } from './prices.js'
export { provider } from './provider.js'
export { type GcsSource, gcsSource } from './source.js'
