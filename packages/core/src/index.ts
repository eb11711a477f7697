// What a host program needs. Rooms have more: `@backproof/core/run`, `/compare` ... Importing this must stay cheap, so
// nothing here reaches the working parts of the engines, which load when a run starts.
export * from './audit/index.js'
export { compare } from './compare/compare.js'
export type * from './compare/index.js'
export * from './digest/index.js'
export * from './errors.js'
export * from './evidence/index.js'
export * from './preflight/index.js'
export * from './report/index.js'
export type * from './run/index.js'
export * from './source/index.js'
export * from './verify/index.js'
