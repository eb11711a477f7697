import type { Digest } from '@backproof/core/digest'
import { type EntryKind, escapeKey, type JsonValue, keyToBytes, type ObjectEntry } from '@backproof/core/source'
import { invalidConfig } from '../errors.js'
import { digitsOf } from './checksum-algorithm.js'

/** One entry of our manifest, as its line has it. Members in the order in which they are written. */
export type ManifestRecord = {
  readonly key: string
  /** Hexadecimal bytes of the key, exactly when they are not UTF-8. */
  readonly keyBytes?: string
  readonly kind: Exclude<EntryKind, 'delete-marker'>
  /** Bytes; of an `object`. */
  readonly size?: number
  /** Of a `symlink`, uninterpreted. */
  readonly linkTarget?: string
  readonly version?: string
  /** Milliseconds since 1970. */
  readonly modified?: number
  /** Bits per byte in sampled blocks, 0 to 8; of an `object`. See the `entropy` measure of core's hasher. */
  readonly entropy?: number
  /** Lowercase hexadecimal by algorithm; of an `object`. */
  readonly digests?: Readonly<Record<string, string>>
}

/** Reads a parsed line, or says what is wrong with it, to stand after the line number. Members it does not know are ignored. */
export const parseRecord = (value: unknown): ManifestRecord | { readonly malformed: string } => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { malformed: 'it is no JSON object' }
  const { key, keyBytes, kind, size, linkTarget, version, modified, entropy, digests } = value as Readonly<
    Record<string, unknown>
  >
  if (typeof key !== 'string') return { malformed: 'it has no key' }
  const wrongKey = keyFault(key, keyBytes)
  if (wrongKey !== undefined) return { malformed: wrongKey }
  if (kind !== 'object' && kind !== 'symlink' && kind !== 'special')
    return { malformed: 'its kind is not object, symlink or special' }
  if (kind === 'object' ? !isSize(size) : size !== undefined)
    return { malformed: 'objects, and only they, have a size in whole bytes' }
  if (kind === 'symlink' ? typeof linkTarget !== 'string' : linkTarget !== undefined)
    return { malformed: 'symbolic links, and only they, have a linkTarget' }
  if (version !== undefined && typeof version !== 'string') return { malformed: 'its version is no text' }
  if (modified !== undefined && typeof modified !== 'number')
    return { malformed: 'its time of modification is no number' }
  if (entropy !== undefined && !(kind === 'object' && typeof entropy === 'number' && entropy >= 0 && entropy <= 8))
    return { malformed: 'its entropy is no number from 0 to 8 of an object' }
  if (digests !== undefined && kind !== 'object') return { malformed: 'only objects have digests' }
  const wrongDigest = digests === undefined ? undefined : digestFault(digests)
  if (wrongDigest !== undefined) return { malformed: wrongDigest }
  return {
    key,
    ...(keyBytes !== undefined && { keyBytes: keyBytes as string }),
    kind,
    ...(size !== undefined && { size: size as number }),
    ...(linkTarget !== undefined && { linkTarget: linkTarget as string }),
    ...(version !== undefined && { version }),
    ...(modified !== undefined && { modified }),
    ...(entropy !== undefined && { entropy }),
    ...(digests !== undefined && { digests: digests as Readonly<Record<string, string>> }),
  }
}

/** The record that a ref holds. Throws `invalid-config` for what is none. */
export const recordOfRef = (ref: JsonValue): ManifestRecord => {
  const record = parseRecord(ref)
  if ('malformed' in record)
    throw invalidConfig('The ref is none that this manifest gave out; pass refs of its own listing.')
  return record
}

/** The entry of a listing; its ref is the record. */
export const entryOfRecord = (record: ManifestRecord): ObjectEntry => {
  const { key, keyBytes, kind, size, linkTarget, version, modified, entropy, digests } = record
  return {
    key,
    ...(keyBytes !== undefined && { keyBytes: Buffer.from(keyBytes, 'hex') }),
    ref: record satisfies JsonValue,
    kind,
    ...(size !== undefined && { size }),
    ...(linkTarget !== undefined && { linkTarget }),
    ...(version !== undefined && { version }),
    ...(modified !== undefined && { modified }),
    ...(entropy !== undefined && { entropy }),
    ...(digests !== undefined && { digests: Object.entries(digests).map(recorded) }),
  }
}

const recorded = ([algorithm, value]: [string, string]): Digest => ({ algorithm, value, provenance: 'recorded' })

const isSize = (size: unknown): boolean => Number.isSafeInteger(size) && (size as number) >= 0

const keyFault = (key: string, keyBytes: unknown): string | undefined => {
  if (key === '' || key.startsWith('/')) return 'its key is empty or absolute'
  const expected = key.isWellFormed() ? undefined : Buffer.from(keyToBytes(key)).toString('hex')
  if (keyBytes === expected) return undefined
  return expected === undefined
    ? `the key ${escapeKey(key)} is UTF-8 and has keyBytes all the same`
    : `the key ${escapeKey(key)} is not UTF-8, and its keyBytes are not the same name`
}

const digestFault = (digests: unknown): string | undefined => {
  if (typeof digests !== 'object' || digests === null || Array.isArray(digests)) return 'its digests are no JSON object'
  for (const [algorithm, value] of Object.entries(digests as Readonly<Record<string, unknown>>)) {
    const digits = digitsOf(algorithm)
    const isHex = typeof value === 'string' && /^(?:[0-9a-f]{2})+$/.test(value)
    if (!isHex || (digits !== undefined && digits !== value.length))
      return `its ${escapeKey(algorithm)} digest is not ${digits === undefined ? 'lowercase hexadecimal' : `${digits} lowercase hexadecimal digits`}`
  }
  return undefined
}
