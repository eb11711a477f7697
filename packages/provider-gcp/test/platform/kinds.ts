import { gzipSync } from 'node:zlib'
import type { GcsSourceOptions } from '@backproof/provider-gcp'
import type { GcsBucketOptions, GcsPutOptions } from '@backproof/test-servers'
import { bytesOf } from '@backproof/test-servers/suites'

/**
 * One way in which objects are stored, and what each run has to say of it: the outcome and its evidence, and after the
 * semicolon what it cost beyond the listing (see `only`).
 */
export interface Kind {
  readonly name: string
  readonly bytes: Buffer
  readonly put?: GcsPutOptions
  readonly source?: Partial<GcsSourceOptions>
  readonly bucket?: Omit<GcsBucketOptions, 'name'>
  /** Compared with a local directory that has the same file. */
  readonly directory: string
  /** Compared with another bucket where the same bytes were stored in the same way. */
  readonly other: string
  /** A manifest that records its SHA-256, compared with it. */
  readonly manifest: string
  /** Verified by its own digests. */
  readonly verify: string
}

/** 32 bytes of a customer's. */
export const CUSTOMER_KEY: Uint8Array = bytesOf(32, 99)

const small = bytesOf(20_000)

/** Cloud Storage stores no SHA-256: the object is read, and not asked before. */
const READ_FOR_MANIFEST = 'match read one-sided-read sha256; objects.getMedia 1'

/** MD5 and CRC32C of the content are in the listing. */
const listedMd5 = {
  directory: 'match stored one-sided-read md5; nothing',
  other: 'match stored digest md5; nothing',
  manifest: READ_FOR_MANIFEST,
  verify: 'match read one-sided-read md5; objects.getMedia 1',
}

/** Only its CRC32C is in the listing: it proves what the service stores, and never what was read. */
const listedCrc = {
  directory: 'match stored one-sided-read crc32c; nothing',
  other: 'match stored digest crc32c; nothing',
  manifest: READ_FOR_MANIFEST,
  verify: 'match stored one-sided-read crc32c; objects.getMedia 1',
}

/** The listing tells nothing; `objects.get` tells who has the key. */
const asked = {
  directory: 'match stored one-sided-read md5; objects.get 1',
  other: 'match stored digest md5; objects.get 2',
  manifest: READ_FOR_MANIFEST,
  verify: 'match read one-sided-read md5; objects.get 1, objects.getMedia 1',
}

const ofClass = (storageClass: string): Kind => ({
  name: `${storageClass}, which is read like any other, at a price`,
  bytes: small,
  put: { storageClass },
  ...listedMd5,
})

/** A hierarchical namespace needs uniform access. */
const HIERARCHICAL = {
  settings: {
    hierarchicalNamespace: { enabled: true },
    iamConfiguration: { uniformBucketLevelAccess: { enabled: true } },
  },
}

export const KINDS: readonly Kind[] = [
  { name: 'uploaded at once', bytes: small, ...listedMd5 },
  { name: 'an empty object', bytes: Buffer.alloc(0), ...listedMd5 },
  { name: 'composed of others: no MD5', bytes: small, put: { componentCount: 3 }, ...listedCrc },
  { name: 'an empty composite object', bytes: Buffer.alloc(0), put: { componentCount: 1 }, ...listedCrc },
  {
    name: 'gzip as content encoding: never decompressed',
    bytes: gzipSync(small),
    put: { contentEncoding: 'gzip' },
    ...listedMd5,
  },
  {
    name: 'gzip as content encoding, composed of others',
    bytes: gzipSync(small),
    put: { contentEncoding: 'gzip', componentCount: 2 },
    ...listedCrc,
  },
  { name: 'gzip as content encoding, and no gzip', bytes: small, put: { contentEncoding: 'gzip' }, ...listedMd5 },
  { name: 'a page of HTML', bytes: small, put: { contentType: 'text/html' }, ...listedMd5 },
  ofClass('NEARLINE'),
  ofClass('COLDLINE'),
  ofClass('ARCHIVE'),
  {
    name: 'under a key of Cloud KMS',
    bytes: small,
    put: { kmsKeyName: 'projects/p/locations/l/keyRings/r/cryptoKeys/k' },
    ...listedMd5,
  },
  {
    name: 'under a key of its owner (CSEK), with the key',
    bytes: small,
    put: { customerKey: CUSTOMER_KEY },
    source: { customerKey: CUSTOMER_KEY },
    ...asked,
  },
  {
    name: 'under a key of its owner, without the key',
    bytes: small,
    put: { customerKey: CUSTOMER_KEY },
    directory: 'error read-failed access-denied (replica); objects.get 1, objects.getMedia 1',
    other: 'error read-failed access-denied (source); objects.get 2, objects.getMedia 2',
    manifest: 'error read-failed access-denied (replica); objects.getMedia 1',
    verify: 'error read-failed access-denied (source); objects.get 1, objects.getMedia 1',
  },
  {
    name: 'held, and in a bucket that retains it',
    bytes: small,
    put: { temporaryHold: true },
    bucket: { retentionSeconds: 3_600 },
    ...listedMd5,
  },
  { name: 'in a hierarchical namespace', bytes: small, bucket: HIERARCHICAL, ...listedMd5 },
  {
    name: 'an MD5 that is malformed: its CRC32C proves',
    bytes: small,
    put: { md5Hash: 'bm8gTUQ1' },
    ...listedCrc,
  },
  {
    name: 'a CRC32C that is malformed: its MD5 proves',
    bytes: small,
    put: { crc32c: 'bm9uZSBhdCBhbGw=' },
    ...listedMd5,
  },
  {
    name: 'no MD5, and a CRC32C that is malformed: nothing but a read',
    bytes: small,
    put: { crc32c: '?', md5Hash: null },
    directory: 'match read two-sided-read xxh3-128; objects.get 1, objects.getMedia 1',
    other: 'match read two-sided-read xxh3-128; objects.get 2, objects.getMedia 2',
    manifest: READ_FOR_MANIFEST,
    verify: 'unverifiable no-common-digest; objects.get 1, objects.getMedia 1',
  },
  {
    name: 'a wrong MD5 beside a right CRC32C',
    bytes: small,
    put: { md5Hash: 'AAAAAAAAAAAAAAAAAAAAAA==' },
    directory: 'mismatch digest md5; nothing',
    other: 'match stored digest md5; nothing',
    manifest: READ_FOR_MANIFEST,
    verify: 'mismatch digest md5 source is rotten; objects.getMedia 1',
  },
]
