export type { AzureCredential, TokenSource } from './client/credentials.js'
export { type AzureInventoryOptions, azureInventory } from './inventory/index.js'
export type { AzureBlobSourceOptions } from './options.js'
export {
  type AzureAccessPolicy,
  type AzureFeature,
  type ReadOnlyPolicyOptions,
  type RoleDefinition,
  readOnlyPolicy,
} from './policy.js'
export { AZURE_BLOB_LIST_PRICES } from './prices.js'
export { provider } from './provider.js'
export { type AzureBlobSource, azureBlobSource } from './source.js'
