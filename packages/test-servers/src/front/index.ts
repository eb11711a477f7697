export type { Reply } from '../http/reply.js'
export { azurePlatform } from './azure.js'
export { type Front, type FrontOptions, type FrontRequest, type Intercept, startFront } from './front.js'
export type { FrontOperation, FrontPlatform } from './platform.js'
