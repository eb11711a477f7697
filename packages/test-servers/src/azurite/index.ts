export type { Azurite, AzuriteOptions } from './azurite.js'
export { startAzurite } from './start.js'
export type { AzuritePutOptions, AzuritePutResult } from './upload.js'
