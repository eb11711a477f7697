import type { Digest, KnownAlgorithm, Provenance } from '../digest/digest.js'
import { createHasher } from '../digest/hasher.js'
import type { BackupErrorJson } from '../errors.js'
import type { EntryKind, ObjectMetadata } from '../source/entry.js'

/** One object of a {@link memorySource}, beyond its bytes. */
export interface MemoryObject {
  /** Text stands for its UTF-8 bytes. Default: none. */
  readonly bytes?: Uint8Array | string | undefined
  /** Digests that the source shall claim, right or wrong. Default: computed as the option `digests` says. */
  readonly digests?: readonly Digest[] | undefined
  /** Milliseconds since 1970. */
  readonly modified?: number | undefined
  /** Default `object`. */
  readonly kind?: EntryKind | undefined
  readonly linkTarget?: string | undefined
  readonly problem?: BackupErrorJson | undefined
  readonly excluded?: string | undefined
  readonly metadata?: ObjectMetadata | undefined
}

export type MemoryContent = Uint8Array | string | MemoryObject

export interface MemoryDigest {
  readonly algorithm: KnownAlgorithm
  readonly provenance: Provenance
  /** Where the source shows it. Default `both`. */
  readonly in?: 'listing' | 'stat' | 'both' | undefined
}

type DigestsByPlace = Readonly<Record<'listing' | 'stat', readonly Digest[]>>

/** An object as the memory source keeps it. */
export interface StoredObject {
  readonly object: MemoryObject
  readonly version: string
  bytes: Uint8Array
  digests?: Promise<DigestsByPlace> | undefined
}

export const toBytes = (content: Uint8Array | string): Uint8Array =>
  typeof content === 'string' ? Buffer.from(content, 'utf8') : content

/** The digests of an object as it was stored, by where the source shows them; computed when first asked for. */
export const storedDigests = (stored: StoredObject, native: readonly MemoryDigest[]): Promise<DigestsByPlace> => {
  const own = stored.object.digests
  stored.digests ??=
    own === undefined ? computeDigests(stored.bytes, native) : Promise.resolve({ listing: own, stat: own })
  return stored.digests
}

const computeDigests = async (bytes: Uint8Array, native: readonly MemoryDigest[]): Promise<DigestsByPlace> => {
  if (native.length === 0) return { listing: [], stat: [] }
  const hasher = await createHasher([...new Set(native.map(({ algorithm }) => algorithm))])
  hasher.update(bytes)
  const values = hasher.digest()
  const shown = (hidden: 'listing' | 'stat'): Digest[] =>
    native
      .filter((digest) => digest.in !== hidden)
      .map(({ algorithm, provenance }) => ({ algorithm, value: values[algorithm]!, provenance }))
  return { listing: shown('stat'), stat: shown('listing') }
}
