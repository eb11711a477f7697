/**
 * Names of digest algorithms that Backproof can compute. An algorithm name is an open string: a service may report
 * one that this version does not know, and then it is reported, never a crash.
 */
export type KnownAlgorithm =
  | 'md5'
  | 'sha1'
  | 'sha256'
  | 'sha512'
  | 'crc32'
  | 'crc32c'
  | 'crc64nvme'
  | 'blake3'
  | 'xxh3-64'
  | 'xxh3-128'

export type Algorithm = KnownAlgorithm | (string & {})

/** A digest over the digests of parts, with the layout of the parts: what `partsMeasure` writes. */
export type PartsMeasure = `parts:${KnownAlgorithm}:${string}`

/**
 * What can be computed of a stream in one pass: digests, digests of digests of parts, and `entropy` of sampled blocks, which
 * proves nothing.
 */
export type Measure = KnownAlgorithm | PartsMeasure | 'entropy'

/**
 * Who vouches for a digest.
 * - `computed`: by us, from the bytes, in this run.
 * - `service`: computed or validated by the storage service.
 * - `recorded`: from a manifest or earlier report that the caller trusts.
 * - `claimed`: stored as a client gave it, never validated.
 */
export type Provenance = 'computed' | 'service' | 'recorded' | 'claimed'

/** What kind of difference a digest can miss. `cryptographic`: none that anyone can make; `legacy` (md5, sha1): forged ones; `error-detecting` (CRCs, xxh): forged ones, and a few accidental ones. */
export type Strength = 'cryptographic' | 'legacy' | 'error-detecting'

/** A digest over the concatenated digests of parts (S3 composite checksums, multipart ETags). */
export interface PartCoverage {
  /** Number of parts, at least 1: an upload of one part also has a digest of digests. */
  readonly parts: number
  /** Bytes of each part in order, when known. */
  readonly sizes?: readonly number[] | undefined
  /** In findings, instead of `sizes`: bytes of every part but the last, when they are even. */
  readonly size?: number | undefined
  /** True when `sizes` was guessed from size and count, not told by the service. */
  readonly inferred?: boolean | undefined
  /** The digest of each part in order, in the same algorithm and form as the whole, where the service tells them. */
  readonly values?: readonly string[] | undefined
}

/** A checksum and what it is worth. */
export interface Digest {
  readonly algorithm: Algorithm
  /** Lowercase hexadecimal; for CRCs the number in big-endian order, padded. Part counts (`-N`) are not in here. */
  readonly value: string
  /** What it covers. Default `full`: one digest over all bytes. */
  readonly coverage?: 'full' | PartCoverage | undefined
  /** Which bytes: the stored ones (default), or what undoing a transform yields, for example `logical:gzip`. */
  readonly representation?: 'stored' | `logical:${string}` | undefined
  readonly provenance: Provenance
  /** True when equality proves but inequality proves nothing, for example an ETag whose encryption is not known. */
  readonly equalityOnly?: boolean | undefined
  /** `parts`: nobody stores it like this; it was put together from the stored digests of all parts. */
  readonly derived?: 'parts' | undefined
}
