export type {
  GcsAdmin,
  GcsBucketOptions,
  GcsPutOptions,
  GenerationOptions,
  GenerationSnapshot,
} from './admin-options.js'
export type { Binding as GcsBinding } from './policy.js'
export { type GcsServer, type GcsServerOptions, startGcsServer } from './server.js'
export type { GcsUser, Grant, UserOptions as GcsUserOptions } from './users.js'
