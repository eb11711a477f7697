import type { BackupSource, SourceTraits } from '../../../src/source/index.js'
import type {
  ConformanceHarness,
  ConformanceObject,
  MemorySource,
  MemorySourceOptions,
} from '../../../src/testing/index.js'
import { memorySource } from '../../../src/testing/index.js'

export const MEMORY_TRAITS: SourceTraits = {
  keyOrder: 'utf8',
  access: 'random',
  pinning: 'version',
  listingDigests: [],
  statDigests: [],
  rangeReads: true,
  versions: false,
  readCost: 'free',
}

/** A harness of memory sources, or of what is made of each. */
export const memoryHarness = (
  options: MemorySourceOptions = {},
  traits: Partial<SourceTraits> = {},
  wrap: (source: MemorySource) => BackupSource = (source) => source,
): ConformanceHarness => {
  let current: MemorySource | undefined
  return {
    traits: { ...MEMORY_TRAITS, ...traits },
    offers: ['dispose'],
    canHold: () => true,
    open: async (content) => {
      current = memorySource(content.map(toMemory), options)
      return wrap(current)
    },
    replace: async (key, bytes) => current?.set(key, bytes),
    remove: async (key) => current?.delete(key),
  }
}

const toMemory = ({ key, bytes, linkTarget }: ConformanceObject): [string, Parameters<MemorySource['set']>[1]] => [
  key,
  linkTarget === undefined ? bytes : { kind: 'symlink', linkTarget },
]
