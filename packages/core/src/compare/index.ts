export { type SpillSortOptions, spillSort } from '../run/spill-sort.js'
export { compare } from './compare.js'
export { normaliseKey } from './mapping.js'
export type {
  Budget,
  CompareOptions,
  EvidencePolicy,
  KeyFilter,
  KeyMapping,
  KeyPolicy,
  MappedSource,
  Normalisation,
  Side,
} from './options.js'
