export { type AzureInventoryOptions, azureInventory } from './azure-inventory.js'
