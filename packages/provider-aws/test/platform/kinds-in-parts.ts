import { bytesOf } from '@backproof/test-servers/suites'
import { type Kind, READ_FOR_MANIFEST } from './kinds.js'
import { MIB } from './place.js'

/** Equal parts, the last one shorter. */
export const evenParts = (size: number, part: number): readonly number[] =>
  Array.from({ length: Math.ceil(size / part) }, (_, i) => Math.min(part, size - i * part))

const KMS = { sse: 'aws:kms' } as const
const NO_CHECKSUM = { checksum: 'none' } as const

/** Parts that no tool makes, and whose sizes do not follow from that of the first. */
const UNEVEN = [1_000, 300, 2_000]
const uneven = bytesOf(3_300)

/** How parts were cut: from GetObjectAttributes, or where that has no rows, from HeadObject of the first part. */
const ROWS = 'GetObjectAttributes 1, HeadObject 1'
const FIRST_PART = 'GetObjectAttributes 1, HeadObject 2'
/** Where neither proves, from HeadObject of every part. */
const EVERY_PART = 'GetObjectAttributes 2, HeadObject 6'

/** Equal multipart ETags prove without more; over parts of a size that tools use, the local side gives the same. */
const usual = (mib: number, size: number, verify = 'GetObject 1', read = `GetObject 1, ${FIRST_PART}`): Kind => ({
  name: `parts of ${mib} MiB and no checksum`,
  bytes: bytesOf(size),
  put: { ...NO_CHECKSUM, partSizes: evenParts(size, mib * MIB) },
  directory: 'match stored one-sided-read md5/3; nothing',
  bucket: 'match stored digest md5/3; nothing',
  manifest: `match read one-sided-read sha256; ${read}`,
  verify: `match read one-sided-read md5/3; ${verify}`,
})

/** Equal ETags of as many parts prove between buckets; only the rows of the parts help elsewhere. */
const unevenKind = (name: string, parts: Omit<Kind, 'name' | 'bytes' | 'bucket'>): Kind => ({
  name,
  bytes: uneven,
  ...parts,
  bucket: 'match stored digest md5/3; nothing',
})

/** Where the listing names no checksum, the object is asked before it is read, and how its parts were cut comes along. */
const ASKED_FOR_MANIFEST = `match read one-sided-read sha256; GetObject 1, ${FIRST_PART}`

const composite = (name: string, ours: string, grade: 'read' | 'stored'): Kind => ({
  name: `COMPOSITE ${name} over uneven parts, under KMS`,
  bytes: uneven,
  put: { ...KMS, partSizes: UNEVEN, checksum: { algorithm: name, type: 'COMPOSITE' } },
  directory: `match stored one-sided-read ${ours}/3; ${ROWS}`,
  bucket: `match stored digest ${ours}/3; GetObjectAttributes 2, HeadObject 2`,
  manifest: READ_FOR_MANIFEST,
  verify: `match ${grade} one-sided-read ${ours}/3; GetObject 1, ${ROWS}`,
})

const fullObject = (name: string, ours: string): Kind => ({
  name: `FULL_OBJECT ${name} of uneven parts, under KMS`,
  bytes: uneven,
  put: { ...KMS, partSizes: UNEVEN, checksum: { algorithm: name, type: 'FULL_OBJECT' } },
  directory: `match stored one-sided-read ${ours}; HeadObject 1`,
  bucket: `match stored digest ${ours}; HeadObject 2`,
  manifest: READ_FOR_MANIFEST,
  verify: `match stored one-sided-read ${ours}; GetObject 1, HeadObject 1`,
})

export const IN_PARTS: readonly Kind[] = [
  usual(5, 11 * MIB),
  usual(8, 17 * MIB),
  usual(15, 31 * MIB),
  // Above 32 MiB objects are read as ranges of 8 MiB, with which no digests come: they are asked for before.
  usual(16, 33 * MIB, `GetObject 5, ${FIRST_PART}`, `GetObject 5, ${FIRST_PART}`),
  {
    ...usual(16, 3_000),
    name: 'one part',
    put: { ...NO_CHECKSUM, partSizes: [3_000] },
    directory: 'match stored one-sided-read md5/1; nothing',
    bucket: 'match stored digest md5/1; nothing',
    verify: 'match read one-sided-read md5/1; GetObject 1',
  },
  unevenKind('parts of a size that nobody would guess: HeadObject tells the first', {
    put: { ...NO_CHECKSUM, partSizes: [1_300, 1_300, 700] },
    directory: `match stored one-sided-read md5/3; ${FIRST_PART}`,
    manifest: ASKED_FOR_MANIFEST,
    verify: `match read one-sided-read md5/3; GetObject 1, ${FIRST_PART}`,
  }),
  unevenKind('uneven parts without a checksum: each is asked for', {
    put: { ...NO_CHECKSUM, partSizes: UNEVEN },
    directory: `match stored one-sided-read md5/3; ${EVERY_PART}`,
    manifest: ASKED_FOR_MANIFEST,
    verify: `match read one-sided-read md5/3; GetObject 1, ${EVERY_PART}`,
  }),
  unevenKind('uneven parts that could be even by their first: each is asked for when that does not prove', {
    put: { ...NO_CHECKSUM, partSizes: [1_500, 1_000, 800] },
    directory: `match stored one-sided-read md5/3; ${EVERY_PART}`,
    manifest: ASKED_FOR_MANIFEST,
    verify: `match read one-sided-read md5/3; GetObject 2, ${EVERY_PART}`,
  }),
  unevenKind('uneven parts with the CRC64NVME that S3 computes by itself', {
    put: { partSizes: UNEVEN },
    directory: `match stored one-sided-read crc64nvme; ${FIRST_PART}`,
    manifest: READ_FOR_MANIFEST,
    verify: `match stored one-sided-read crc64nvme; GetObject 1, ${FIRST_PART}`,
  }),
  unevenKind('uneven parts with COMPOSITE SHA256', {
    put: { partSizes: UNEVEN, checksum: { algorithm: 'SHA256' } },
    directory: `match stored one-sided-read sha256/3; ${ROWS}`,
    manifest: READ_FOR_MANIFEST,
    verify: `match read one-sided-read sha256/3; GetObject 1, ${ROWS}`,
  }),
  unevenKind('uneven parts with COMPOSITE CRC32: their rows serve the ETag, which is wider', {
    put: { partSizes: UNEVEN, checksum: { algorithm: 'CRC32' } },
    directory: `match stored one-sided-read md5/3; ${ROWS}`,
    manifest: READ_FOR_MANIFEST,
    verify: `match read one-sided-read md5/3; GetObject 1, ${ROWS}`,
  }),
  composite('CRC32', 'crc32', 'stored'),
  composite('CRC32C', 'crc32c', 'stored'),
  composite('SHA1', 'sha1', 'read'),
  composite('SHA256', 'sha256', 'read'),
  composite('SHA512', 'sha512', 'read'),
  composite('MD5', 'md5', 'read'),
  composite('XXHASH3', 'xxh3-64', 'stored'),
  composite('XXHASH128', 'xxh3-128', 'read'),
  {
    ...composite('FUTURE9', 'future9', 'read'),
    name: 'COMPOSITE of an algorithm that nobody knows, under KMS',
    put: { ...KMS, partSizes: UNEVEN, checksum: { algorithm: 'FUTURE9', type: 'COMPOSITE', value: 'AAECAwQFBgc=-3' } },
    directory: 'match read two-sided-read xxh3-128; GetObject 1, HeadObject 1',
    // Equal digests of unknown worth prove nothing.
    bucket: 'match read two-sided-read xxh3-128; GetObject 2, HeadObject 2',
    verify: 'unverifiable no-common-digest; GetObject 1, HeadObject 1',
  },
  fullObject('CRC32', 'crc32'),
  fullObject('CRC32C', 'crc32c'),
  fullObject('CRC64NVME', 'crc64nvme'),
  {
    ...composite('SHA256', 'sha256', 'read'),
    name: 'S3 Express: COMPOSITE SHA256 over uneven parts',
    bucketKind: 'directory',
    put: { partSizes: UNEVEN, checksum: { algorithm: 'SHA256' } },
  },
  {
    ...fullObject('CRC64NVME', 'crc64nvme'),
    name: 'S3 Express: uneven parts with the CRC64NVME of the service',
    bucketKind: 'directory',
    put: { partSizes: UNEVEN },
  },
]
