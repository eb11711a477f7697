export {
  digestBits,
  isKnownAlgorithm,
  KNOWN_ALGORITHMS,
  meetsStrength,
  parseAlgorithm,
  strengthOf,
} from './algorithms.js'
export { type CrcPiece, combineCrcs, isCombinable } from './crc-combine.js'
export type { CrcAlgorithm } from './crc-parameters.js'
export type {
  Algorithm,
  Digest,
  KnownAlgorithm,
  Measure,
  PartCoverage,
  PartsMeasure,
  Provenance,
  Strength,
} from './digest.js'
export {
  type Base64Alphabet,
  type Base64Format,
  type ByteOrder,
  bytesToHex,
  type DigestFormat,
  digestFromBase64,
  digestFromHex,
  digestToBase64,
  hexToBytes,
} from './encoding.js'
export { createHasher, type MultiHasher } from './hasher.js'
export { evenParts, isPartsMeasure, type PartsOf, parsePartsMeasure, partsMeasure } from './part-layout.js'
