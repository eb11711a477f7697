export { rgwMissing } from './binaries.js'
export type { Damage } from './damage.js'
export type { Rados } from './rados.js'
export { type Rgw, type RgwCredentials, type RgwOptions, type RgwUser, startRgw } from './start.js'
