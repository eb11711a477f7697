export type { VerifyOptions } from './options.js'
export type { Verifier } from './verifier.js'
export { verify } from './verify.js'
