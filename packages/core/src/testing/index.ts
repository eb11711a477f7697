export { type Fault, type FaultKey, type FaultPlace, type FaultWhere, faultySource } from './faulty-source.js'
export type { MemoryContent, MemoryDigest, MemoryObject } from './memory-object.js'
export { type MemorySource, type MemorySourceOptions, memorySource } from './memory-source.js'
