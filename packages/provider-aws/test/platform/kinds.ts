import type { S3SourceOptions } from '@backproof/provider-aws'
import type { PutOptions } from '@backproof/test-servers'
import { bytesOf } from '@backproof/test-servers/suites'

/**
 * One way in which objects are stored, and what each run has to say of it: the outcome and its evidence, and after the
 * semicolon what it cost beyond the listing (see `only`).
 */
export interface Kind {
  readonly name: string
  readonly bytes: Buffer
  readonly put?: PutOptions
  readonly source?: Partial<S3SourceOptions>
  readonly bucketKind?: 'directory'
  /** Compared with a local directory that has the same file. */
  readonly directory: string
  /** Compared with another bucket where the same bytes were stored in the same way. */
  readonly bucket: string
  /** A manifest that records its SHA-256, compared with it. */
  readonly manifest: string
  /** Verified by its own digests. */
  readonly verify: string
}

/** 32 bytes of a customer's. */
export const CUSTOMER_KEY: Uint8Array = bytesOf(32, 99)

const small = bytesOf(20_000)
const KMS = { sse: 'aws:kms' } as const
const NO_CHECKSUM = { checksum: 'none' } as const

/** The bucket has to be read, as it stores no SHA-256. That is not asked: its listing names the checksum that it has. */
export const READ_FOR_MANIFEST: string = 'match read one-sided-read sha256; GetObject 1'
/** Where the listing names none, the object is asked first: it might tell more than most objects, and a read costs far more. */
const ASKED_FOR_MANIFEST = 'match read one-sided-read sha256; GetObject 1, HeadObject 1'

/** The MD5 of the content is in the listing. */
const listedMd5 = {
  directory: 'match stored one-sided-read md5; nothing',
  bucket: 'match stored digest md5; nothing',
  manifest: READ_FOR_MANIFEST,
  verify: 'match read one-sided-read md5; GetObject 1',
}

/** Nothing is stored that tells of the bytes: by the MD5 that the file was first held against the ETag with. */
const nothingStored = {
  directory: 'match read two-sided-read md5; GetObject 1, HeadObject 1',
  bucket: 'match read two-sided-read xxh3-128; GetObject 2, HeadObject 2',
  manifest: ASKED_FOR_MANIFEST,
  verify: 'unverifiable no-digest; GetObject 1, HeadObject 1',
}

/** HeadObject tells a checksum of the whole; it comes along with the bytes, too. Only wide ones are worth `read`. */
const askedFor = (algorithm: string, grade: 'read' | 'stored') => ({
  directory: `match stored one-sided-read ${algorithm}; HeadObject 1`,
  bucket: `match stored digest ${algorithm}; HeadObject 2`,
  manifest: algorithm === 'sha256' ? 'match stored digest sha256; HeadObject 1' : READ_FOR_MANIFEST,
  verify: `match ${grade} one-sided-read ${algorithm}; GetObject 1`,
})

/** A checksum that cannot be computed here: it is of no use, and does no harm. */
const cannotCompute = {
  ...nothingStored,
  manifest: READ_FOR_MANIFEST,
  verify: 'unverifiable no-common-digest; GetObject 1',
}

const algorithm = (name: string, ours: string, grade: 'read' | 'stored'): Kind => ({
  name: `${name} of the whole object, under KMS`,
  bytes: small,
  put: { ...KMS, checksum: { algorithm: name } },
  ...askedFor(ours, grade),
})

export const SINGLE_PART: readonly Kind[] = [
  { name: 'an ETag and nothing else', bytes: small, put: NO_CHECKSUM, ...listedMd5, manifest: ASKED_FOR_MANIFEST },
  { name: 'SSE-S3, with the CRC64NVME that S3 computes by itself', bytes: small, ...listedMd5 },
  { name: 'an empty object', bytes: Buffer.alloc(0), ...listedMd5 },
  {
    name: 'gzip as content encoding: never decompressed',
    bytes: small,
    put: { contentEncoding: 'gzip' },
    ...listedMd5,
  },
  {
    name: 'KMS without a checksum: the ETag is no MD5',
    bytes: small,
    put: { ...KMS, ...NO_CHECKSUM },
    ...nothingStored,
  },
  {
    name: 'gzip as content encoding, under KMS without a checksum',
    bytes: small,
    put: { ...KMS, ...NO_CHECKSUM, contentEncoding: 'gzip' },
    ...nothingStored,
  },
  {
    name: 'an empty object under KMS',
    bytes: Buffer.alloc(0),
    put: { ...KMS, ...NO_CHECKSUM },
    ...nothingStored,
    // Reading nothing costs no more than asking, and proves more.
    directory: 'match read two-sided-read md5; GetObject 1',
    // One side is read for what the other's ETag could be, before that one is asked too: both then by the digest that is there.
    bucket: 'match read two-sided-read md5; GetObject 2, HeadObject 2',
    manifest: READ_FOR_MANIFEST,
  },
  { name: 'KMS in two layers', bytes: small, put: { sse: 'aws:kms:dsse' }, ...askedFor('crc64nvme', 'stored') },
  {
    name: 'SSE-C with the key',
    bytes: small,
    put: { sse: { customerKey: CUSTOMER_KEY } },
    source: { customerKey: CUSTOMER_KEY },
    ...askedFor('crc64nvme', 'stored'),
  },
  {
    name: 'SSE-C with the key and without a checksum',
    bytes: small,
    put: { sse: { customerKey: CUSTOMER_KEY }, ...NO_CHECKSUM },
    source: { customerKey: CUSTOMER_KEY },
    ...nothingStored,
  },
  algorithm('CRC32', 'crc32', 'stored'),
  algorithm('CRC32C', 'crc32c', 'stored'),
  algorithm('CRC64NVME', 'crc64nvme', 'stored'),
  algorithm('SHA1', 'sha1', 'read'),
  algorithm('SHA256', 'sha256', 'read'),
  algorithm('SHA512', 'sha512', 'read'),
  algorithm('MD5', 'md5', 'read'),
  algorithm('XXHASH3', 'xxh3-64', 'stored'),
  algorithm('XXHASH128', 'xxh3-128', 'read'),
  {
    name: 'XXHASH64, which is not computed here, under KMS',
    bytes: small,
    put: { ...KMS, checksum: { algorithm: 'XXHASH64', value: 'AAECAwQFBgc=' } },
    ...cannotCompute,
  },
  {
    name: 'an algorithm that nobody knows, under KMS',
    bytes: small,
    put: { ...KMS, checksum: { algorithm: 'FUTURE9', value: 'AAECAwQFBgc=' } },
    ...cannotCompute,
  },
  {
    name: 'S3 Express: an ETag that is no MD5, and the CRC64NVME of the service',
    bytes: small,
    bucketKind: 'directory',
    ...askedFor('crc64nvme', 'stored'),
    verify: 'match stored one-sided-read crc64nvme; GetObject 1, HeadObject 1',
  },
  {
    name: 'S3 Express without a checksum',
    bytes: small,
    bucketKind: 'directory',
    put: NO_CHECKSUM,
    ...nothingStored,
    directory: 'match read two-sided-read xxh3-128; GetObject 1, HeadObject 1',
  },
]
