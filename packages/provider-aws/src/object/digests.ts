import type { Digest, Provenance } from '@backproof/core/digest'
import { bareEtag, hexOfBase64, malformedDigest } from '@backproof/core/object-store'
import type { OfferedDigest } from '@backproof/core/source'
import type { S3Profile } from '../profile.js'
import type { EncryptionState } from './encryption.js'

/** What is known of an object when its digests are read off; see {@link etagDigest} and {@link checksumDigests}. */
export interface DigestFacts {
  readonly profile: S3Profile
  readonly directoryBucket: boolean
  readonly encryption: EncryptionState
}

/** Provenance of what a service of this profile says. */
export const provenanceOf = (profile: S3Profile): Provenance => (profile === 'other' ? 'claimed' : 'service')

/** `"hex"` or `"hex-N"`, without its quotes. */
const ETAG = /^([0-9a-f]{32})(?:-([1-9][0-9]{0,4}))?$/i

/**
 * What an ETag is worth. The MD5 of the content for a single upload that is not encrypted or under SSE-S3; the MD5 of the
 * parts' MD5s, and their number, for a multipart upload; nothing under KMS or SSE-C, and in directory buckets. Where the
 * encryption is not known (a listing) it proves by being equal only: `equalityOnly`. On a service that is not known it
 * is a claim, and never more than equality.
 *
 * Source: "Checking object integrity" and `Object` (ETag), Amazon S3 User Guide and API Reference.
 */
export const etagDigest = (etag: string | undefined, facts: DigestFacts): Digest | undefined => {
  if (etag === undefined || facts.directoryBucket || facts.encryption === 'opaque') return undefined
  const match = ETAG.exec(bareEtag(etag))
  if (match === null) return undefined
  const [, hex = '', parts] = match
  const certain = facts.encryption === 'plain' && facts.profile !== 'other'
  return {
    algorithm: 'md5',
    value: hex.toLowerCase(),
    ...(parts !== undefined && { coverage: { parts: Number(parts) } }),
    provenance: provenanceOf(facts.profile),
    ...(!certain && { equalityOnly: true }),
  }
}

const PREFIX = 'x-amz-checksum-'
const NO_CHECKSUMS: ReadonlySet<string> = new Set(['algorithm', 'mode', 'type'])

/** S3's names of algorithms that core spells in another way. `XXHASH3` is XXH3 of 64 bits, `XXHASH128` XXH3 of 128. */
const ALGORITHMS: Readonly<Record<string, string>> = { xxhash3: 'xxh3-64', xxhash128: 'xxh3-128' }

/** Core's name of one of S3's algorithms; one that is not known keeps its own, in lower case. */
export const algorithmOf = (name: string): string => {
  const lower = name.toLowerCase()
  return ALGORITHMS[lower] ?? lower
}

/**
 * The additional checksums among the headers of HeadObject and GetObject: `x-amz-checksum-crc32c: <base64>`, with `-N` and
 * `x-amz-checksum-type: COMPOSITE` for a digest over the digests of N parts. Also `x-amz-meta-md5chksum`, in which rclone
 * keeps the MD5 of a multipart upload: a claim of its client.
 *
 * Unknown algorithms are reported by their own name. A value that is no digest of its algorithm is reported as
 * `malformed:<algorithm>`, its text in hexadecimal: seen, and of no use.
 */
export const checksumDigests = (headers: Readonly<Record<string, string>>, facts: DigestFacts): Digest[] => {
  const found: Digest[] = []
  const provenance = provenanceOf(facts.profile)
  const composite = headers[`${PREFIX}type`]?.toUpperCase() === 'COMPOSITE'
  for (const [header, value] of Object.entries(headers)) {
    const name = header.startsWith(PREFIX) ? header.slice(PREFIX.length) : ''
    if (name !== '' && !NO_CHECKSUMS.has(name))
      found.push(checksumDigest(algorithmOf(name), value, composite, provenance))
  }
  const claimed = headers['x-amz-meta-md5chksum']
  if (claimed !== undefined) found.push(checksumDigest('md5', claimed, false, 'claimed'))
  return found
}

/** What a row of a listing tells of an object's additional checksums: their names and their type, no values. */
export interface ListedChecksums {
  /** `CRC32C` ...; one in practice. Services that are older than these checksums tell none. */
  readonly ChecksumAlgorithm?: readonly string[] | undefined
  /** `FULL_OBJECT` or `COMPOSITE`. Services that are older than the difference (December 2024) tell none. */
  readonly ChecksumType?: string | undefined
  readonly ETag?: string | undefined
}

/**
 * The additional checksums that HeadObject would tell of a listed object; empty where the listing names none. Where no type is
 * told, the object is of the time when all checksums of multipart uploads were of their parts: its ETag tells which it was.
 *
 * Source: `Object` (ChecksumAlgorithm, ChecksumType), Amazon S3 API Reference.
 */
export const offeredDigests = (listed: ListedChecksums, profile: S3Profile): readonly OfferedDigest[] => {
  const { ChecksumAlgorithm: names = [], ChecksumType: type, ETag: etag = '' } = listed
  const composite = type === undefined ? /-[1-9][0-9]*$/.test(bareEtag(etag)) : type.toUpperCase() === 'COMPOSITE'
  const coverage = composite ? 'parts' : 'full'
  const provenance = provenanceOf(profile)
  return names.filter((name) => name !== '').map((name) => ({ algorithm: algorithmOf(name), coverage, provenance }))
}

const checksumDigest = (algorithm: string, text: string, composite: boolean, provenance: Provenance): Digest => {
  const [, base64 = text, parts] = /^(.*?)-([1-9][0-9]{0,4})$/.exec(text.trim()) ?? [undefined, text.trim(), undefined]
  const value = hexOfBase64(base64, algorithm)
  if (value === undefined || (composite && parts === undefined)) return malformedDigest(algorithm, text, provenance)
  return { algorithm, value, ...(parts !== undefined && { coverage: { parts: Number(parts) } }), provenance }
}
