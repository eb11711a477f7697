export type { GcsSourceOptions } from './options.js'
export {
  type GcsAccess,
  type GcsBinding,
  type GcsCustomRole,
  type GcsFeature,
  type ReadOnlyRoleOptions,
  readOnlyRole,
} from './policy.js'
export { provider } from './provider.js'
export { type GcsSource, gcsSource } from './source.js'
