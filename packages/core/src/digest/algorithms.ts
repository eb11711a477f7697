import { BackupError } from '../errors.js'
import type { Algorithm, KnownAlgorithm, Strength } from './digest.js'

interface AlgorithmFacts {
  /** Length of the digest. */
  readonly bits: number
  readonly strength: Strength
  /** Usual spellings beside the name itself: lowercase, without separators. */
  readonly spellings: readonly string[]
}

const FACTS: Readonly<Record<KnownAlgorithm, AlgorithmFacts>> = {
  md5: { bits: 128, strength: 'legacy', spellings: [] },
  sha1: { bits: 160, strength: 'legacy', spellings: ['sha'] },
  sha256: { bits: 256, strength: 'cryptographic', spellings: ['sha2256'] },
  sha512: { bits: 512, strength: 'cryptographic', spellings: ['sha2512'] },
  crc32: { bits: 32, strength: 'error-detecting', spellings: [] },
  crc32c: { bits: 32, strength: 'error-detecting', spellings: ['crc32castagnoli'] },
  crc64nvme: { bits: 64, strength: 'error-detecting', spellings: [] },
  blake3: { bits: 256, strength: 'cryptographic', spellings: ['b3'] },
  'xxh3-64': { bits: 64, strength: 'error-detecting', spellings: ['xxh3', 'xxhash3', 'xxhash364'] },
  'xxh3-128': { bits: 128, strength: 'error-detecting', spellings: ['xxh128', 'xxhash128', 'xxhash3128'] },
}

const FACTS_BY_NAME: ReadonlyMap<string, AlgorithmFacts> = new Map(Object.entries(FACTS))

/** The algorithms that Backproof can compute. */
export const KNOWN_ALGORITHMS: readonly KnownAlgorithm[] = Object.freeze(Object.keys(FACTS) as KnownAlgorithm[])

/** Weakest first. */
const STRENGTHS: readonly Strength[] = ['error-detecting', 'legacy', 'cryptographic']

/** Whether Backproof can compute `name`. Exact names only; {@link parseAlgorithm} reads other spellings. */
export const isKnownAlgorithm = (name: string): name is KnownAlgorithm => FACTS_BY_NAME.has(name)

/** What kind of difference a digest can miss; `undefined` for an algorithm that is not known. */
export const strengthOf = (algorithm: Algorithm): Strength | undefined => FACTS_BY_NAME.get(algorithm)?.strength

/** Length of a digest in bits; `undefined` for an algorithm that is not known. */
export const digestBits = (algorithm: Algorithm): number | undefined => FACTS_BY_NAME.get(algorithm)?.bits

/** Whether `strength` is at least `required`: cryptographic over legacy over error-detecting. */
export const meetsStrength = (strength: Strength, required: Strength): boolean =>
  STRENGTHS.indexOf(strength) >= STRENGTHS.indexOf(required)

/**
 * The algorithm that `text` names in any usual spelling: case and the separators `-`, `_`, `/`, `:`, `.` and blanks do
 * not matter (`SHA-256`, `sha_256`, `CRC64NVME`, `crc-32c`), and `xxh3`, `xxh128`, `b3` are understood. `xxh64` is
 * another algorithm than `xxh3-64`, and plain `crc64` names several: both are refused.
 *
 * @throws BackupError `invalid-config` that lists the known algorithms.
 */
export const parseAlgorithm = (text: string): KnownAlgorithm => {
  const algorithm = BY_SPELLING.get(withoutSeparators(text))
  if (algorithm === undefined) throw unknownAlgorithm(text)
  return algorithm
}

/** The error for an algorithm that Backproof cannot compute. */
export const unknownAlgorithm = (text: string): BackupError =>
  new BackupError({
    code: 'invalid-config',
    message: `Unknown digest algorithm ${JSON.stringify(String(text).slice(0, 64))}. Use one of: ${KNOWN_ALGORITHMS.join(', ')}.`,
    operation: 'digest',
  })

const withoutSeparators = (text: string): string => text.toLowerCase().replace(/[-_/:.\s]/g, '')

const BY_SPELLING: ReadonlyMap<string, KnownAlgorithm> = new Map(
  KNOWN_ALGORITHMS.flatMap((name) =>
    [withoutSeparators(name), ...FACTS[name].spellings].map((spelling): [string, KnownAlgorithm] => [spelling, name]),
  ),
)
