import type { Algorithm } from '@backproof/core/digest'
import { jsonLine } from '@backproof/core/report'
import type { ManifestSignature } from './manifest-signature.js'

/** Version of the format. Within v1, members of the header and of entries are only added. */
const MANIFEST_SCHEMA = 'backproof.manifest/v1'

/** The first line. */
export interface ManifestHeader {
  /** URI of what was recorded. */
  readonly source: string
  /** ISO 8601, UTC: when recording began. */
  readonly created: string
  /** Algorithms of the digests that every object has. */
  readonly algorithms: readonly Algorithm[]
  /** Globs that limited what was recorded, if any. */
  readonly include?: readonly string[] | undefined
  readonly exclude?: readonly string[] | undefined
}

/** The last line. */
export interface ManifestTrailer {
  /** Lines between the first and the last. */
  readonly entries: number
  /** Sum of their sizes. */
  readonly bytes: number
  /** Objects that could not be recorded. */
  readonly omitted: number
  /** Of all bytes before this line, lowercase hexadecimal. */
  readonly sha256: string
  readonly signature?: ManifestSignature | undefined
}

/** Without a newline. */
export const headerLine = ({ source, created, algorithms, include, exclude }: ManifestHeader): string =>
  jsonLine({
    schema: MANIFEST_SCHEMA,
    type: 'header',
    source,
    created,
    algorithms,
    ...(include !== undefined && { include }),
    ...(exclude !== undefined && { exclude }),
  })

/** Without a newline. */
export const trailerLine = ({ entries, bytes, omitted, sha256, signature }: ManifestTrailer): string =>
  jsonLine({
    type: 'end',
    entries,
    bytes,
    omitted,
    sha256,
    ...(signature !== undefined && {
      signature: { algorithm: 'ed25519', publicKey: signature.publicKey, value: signature.value },
    }),
  })

/** `undefined`: no header of this version. */
export const parseHeader = (line: string): ManifestHeader | undefined => {
  const given = parseObject(line)
  if (given?.['schema'] !== MANIFEST_SCHEMA || given['type'] !== 'header') return undefined
  const { source, created, algorithms, include, exclude } = given
  if (typeof source !== 'string' || typeof created !== 'string' || !isTexts(algorithms)) return undefined
  if ((include !== undefined && !isTexts(include)) || (exclude !== undefined && !isTexts(exclude))) return undefined
  return { source, created, algorithms, include, exclude }
}

/**
 * `undefined`: no trailer. It must stand there byte for byte as it is written, since nothing but the signature covers
 * it: a trailer that says the same in other bytes was changed.
 */
export const parseTrailer = (line: string): ManifestTrailer | undefined => {
  const given = parseObject(line)
  if (given?.['type'] !== 'end') return undefined
  const { entries, bytes, omitted, sha256, signature } = given as Partial<ManifestTrailer>
  if (!isCount(entries) || !isCount(bytes) || !isCount(omitted)) return undefined
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return undefined
  if (signature !== undefined && !isSignature(signature)) return undefined
  const trailer = { entries, bytes, omitted, sha256, signature }
  return trailerLine(trailer) === line ? trailer : undefined
}

const isSignature = (value: unknown): value is ManifestSignature => {
  if (typeof value !== 'object' || value === null) return false
  const { publicKey, value: bytes } = value as Readonly<Record<string, unknown>>
  return isHex(publicKey, 64) && isHex(bytes, 128)
}

const isHex = (value: unknown, digits: number): boolean =>
  typeof value === 'string' && value.length === digits && /^[0-9a-f]+$/.test(value)

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')

const parseObject = (line: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined
  } catch {
    return undefined // not JSON: the caller says what should stand there
  }
}
