export { conformanceCaseNames, sourceConformance } from './conformance/kit.js'
export { registerConformance, type TestFunction, type TestRunner } from './conformance/register.js'
export type {
  ConformanceCase,
  ConformanceHarness,
  ConformanceKit,
  ConformanceObject,
  ConformanceReport,
  ConformanceResult,
  ConformanceRunOptions,
  OptionalMember,
} from './conformance/types.js'
export { type Fault, type FaultKey, type FaultPlace, type FaultWhere, faultySource } from './faulty-source.js'
export type { MemoryContent, MemoryDigest, MemoryObject } from './memory-object.js'
export { type MemorySource, type MemorySourceOptions, memorySource } from './memory-source.js'
