import { createHash } from 'node:crypto'
import { createHasher, digestToBase64, hexToBytes, type KnownAlgorithm } from '@backproof/core/digest'
import { failure } from './failure.js'

export type ChecksumType = 'FULL_OBJECT' | 'COMPOSITE'

export interface Checksum {
  /** As S3 names it, for example `CRC32C`. */
  readonly algorithm: string
  readonly type: ChecksumType
  /** Base64, big-endian; composite ones end in `-<parts>`. */
  readonly value: string
}

interface AlgorithmFacts {
  /** Name in core; `undefined` where core does not have it. */
  readonly core: KnownAlgorithm | undefined
  readonly bytes: number
  /** Types that a multipart upload may have, the default first. */
  readonly multipart: readonly ChecksumType[]
}

/** "Checking object integrity" in the Amazon S3 User Guide. */
const ALGORITHMS: ReadonlyMap<string, AlgorithmFacts> = new Map<string, AlgorithmFacts>([
  ['CRC32', { core: 'crc32', bytes: 4, multipart: ['COMPOSITE', 'FULL_OBJECT'] }],
  ['CRC32C', { core: 'crc32c', bytes: 4, multipart: ['COMPOSITE', 'FULL_OBJECT'] }],
  ['CRC64NVME', { core: 'crc64nvme', bytes: 8, multipart: ['FULL_OBJECT'] }],
  ['SHA1', { core: 'sha1', bytes: 20, multipart: ['COMPOSITE'] }],
  ['SHA256', { core: 'sha256', bytes: 32, multipart: ['COMPOSITE'] }],
  ['SHA512', { core: 'sha512', bytes: 64, multipart: ['COMPOSITE'] }],
  ['MD5', { core: 'md5', bytes: 16, multipart: ['COMPOSITE'] }],
  ['XXHASH3', { core: 'xxh3-64', bytes: 8, multipart: ['COMPOSITE'] }],
  ['XXHASH64', { core: undefined, bytes: 8, multipart: ['COMPOSITE'] }],
  ['XXHASH128', { core: 'xxh3-128', bytes: 16, multipart: ['COMPOSITE'] }],
])

/** What S3 computes of uploads that bring no checksum. */
export const DEFAULT_ALGORITHM = 'CRC64NVME'

export const checksumHeader = (algorithm: string): string => `x-amz-checksum-${algorithm.toLowerCase()}`

/** The multipart type asked for, or the algorithm's default. @throws InvalidRequest where the algorithm does not have it. */
export const multipartType = (algorithm: string, asked: string | undefined): ChecksumType => {
  const types = factsOf(algorithm).multipart
  if (asked === undefined) return types[0]!
  const type = types.find((one) => one === asked)
  if (type === undefined) {
    const text = `The ${asked} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`
    throw failure('InvalidRequest', text)
  }
  return type
}

/** The name of an algorithm as a header gives it. @throws InvalidRequest for one that S3 does not have. */
export const checksumAlgorithm = (text: string | undefined): string | undefined => {
  if (text === undefined) return undefined
  factsOf(text)
  return text
}

/** Checksum of `bytes`, in base64, big-endian. */
export const computeChecksum = async (algorithm: string, bytes: Uint8Array): Promise<string> => {
  const { core } = factsOf(algorithm)
  if (core === undefined) return xxhash64(bytes)
  const hasher = await createHasher([core])
  hasher.update(bytes)
  return digestToBase64(hasher.digest()[core]!)
}

/** The one algorithm of S3 that core does not have. */
const xxhash64 = async (bytes: Uint8Array): Promise<string> => {
  const { createXXHash64 } = await import('hash-wasm')
  const hasher = await createXXHash64()
  return digestToBase64(hasher.update(bytes).digest('hex'))
}

/** Checksum over the raw checksums of parts, written with their number. */
export const compositeChecksum = async (algorithm: string, parts: readonly string[]): Promise<string> => {
  const raw = Buffer.concat(parts.map((value) => Buffer.from(value, 'base64')))
  return `${await computeChecksum(algorithm, raw)}-${parts.length}`
}

export const md5Hex = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex')

/** The ETag of a multipart upload: the MD5 over the raw MD5s of its parts, with their number. */
export const multipartEtag = (parts: readonly string[]): string =>
  `${md5Hex(Buffer.concat(parts.map((part) => hexToBytes(part))))}-${parts.length}`

/**
 * The one additional checksum that the headers (or trailers) of an upload give.
 *
 * @throws InvalidRequest for several, for a malformed one, and where one was announced and none came.
 */
export const givenChecksum = (
  headers: ReadonlyMap<string, string>,
  trailers: ReadonlyMap<string, string>,
): { readonly algorithm: string; readonly value: string } | undefined => {
  const given = [...ALGORITHMS].flatMap(([algorithm, { bytes }]) => {
    const name = checksumHeader(algorithm)
    const value = headers.get(name) ?? trailers.get(name)
    if (value === undefined) return []
    const raw = Buffer.from(value, 'base64')
    if (raw.length !== bytes || raw.toString('base64') !== value)
      throw failure('InvalidRequest', `Value for ${name} header is invalid.`)
    return [{ algorithm, value }]
  })
  if (given.length > 1)
    throw failure(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    )
  const announced = headers.get('x-amz-sdk-checksum-algorithm') ?? headers.get('x-amz-trailer')
  if (given[0] === undefined && announced !== undefined) {
    const text =
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.'
    throw failure('InvalidRequest', text)
  }
  return given[0]
}

/**
 * Checks what an upload says of its bytes: Content-MD5 and an additional checksum.
 *
 * @returns the additional checksum, if one was given.
 * @throws BadDigest, InvalidDigest, and what {@link givenChecksum} throws.
 */
export const checkUpload = async (
  headers: ReadonlyMap<string, string>,
  trailers: ReadonlyMap<string, string>,
  bytes: Uint8Array,
): Promise<{ readonly algorithm: string; readonly value: string } | undefined> => {
  const md5 = headers.get('content-md5')
  if (md5 !== undefined) {
    if (Buffer.from(md5, 'base64').length !== 16) throw failure('InvalidDigest')
    if (Buffer.from(md5, 'base64').toString('hex') !== md5Hex(bytes))
      throw failure('BadDigest', 'The Content-MD5 you specified did not match what we received.')
  }
  const given = givenChecksum(headers, trailers)
  if (given !== undefined && (await computeChecksum(given.algorithm, bytes)) !== given.value)
    throw failure('BadDigest', `The ${given.algorithm} you specified did not match the calculated checksum.`)
  return given
}

const factsOf = (algorithm: string): AlgorithmFacts => {
  const facts = ALGORITHMS.get(algorithm)
  if (facts === undefined)
    throw failure(
      'InvalidRequest',
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
    )
  return facts
}
