import type { AzureBlobSourceOptions } from '@backproof/provider-azure'
import type { AzuritePutOptions, BlobOptions } from '@backproof/test-servers'
import { bytesOf } from '@backproof/test-servers/suites'

/** What a run has to say at each grade that may be required: the outcome and its evidence, and what it cost (see `only`). */
export interface Cells {
  readonly claimed: string
  readonly stored: string
  readonly read: string
}

/** One way in which blobs are stored, and what each run has to say of it. */
export interface Kind<PutOptions> {
  readonly name: string
  readonly bytes: Buffer
  readonly put?: PutOptions
  /** Options of the source beyond place and key; over https where they hold a key of the caller's. */
  readonly source?: Partial<AzureBlobSourceOptions>
  /** Compared with a local directory that has the same file. */
  readonly directory: Cells
  /** Compared with another container where the same bytes were stored in the same way. */
  readonly container: Cells
  /** A manifest that records its SHA-256, compared with it. */
  readonly manifest: Cells
  /** Verified by its own digests. */
  readonly verify: Cells
}

export type AzuriteKind = Kind<AzuritePutOptions>
export type ServerKind = Kind<BlobOptions>

/** 32 bytes of a customer's. */
export const CUSTOMER_KEY: Uint8Array = bytesOf(32, 99)

const small = bytesOf(20_480)

type Expected = Pick<Kind<never>, 'directory' | 'container' | 'manifest' | 'verify'>

const always = (cell: string): Cells => ({ claimed: cell, stored: cell, read: cell })

/** What has no claim is read, and not asked about before: its listing would have told one. */
const read = (method: string, algorithm: string, blobs = 1): Cells =>
  always(`match read ${method} ${algorithm}; GetBlob ${blobs}`)

/** The same, asked about where a claim would be enough. */
const askedFirst = (cells: Cells, blobs = 1): Cells => ({
  ...cells,
  claimed: `${cells.claimed}, GetBlobProperties ${blobs}`,
})

/** No blob stores a SHA-256. */
const manifest = read('one-sided-read', 'sha256')

/** A claim in the listing: worth its grade without a request, and nothing where more is required. */
const listed = (algorithm: string): Expected => ({
  directory: {
    ...read('two-sided-read', 'xxh3-128'),
    claimed: `match claimed one-sided-read ${algorithm}; nothing`,
  },
  container: { ...read('two-sided-read', 'xxh3-128', 2), claimed: `match claimed digest ${algorithm}; nothing` },
  manifest,
  verify: {
    ...always(`unverifiable below-required-grade ${algorithm}; GetBlob 1`),
    claimed: `match claimed one-sided-read ${algorithm}; GetBlob 1`,
  },
})
const md5 = listed('md5')
/** Only listings tell it; what they told counts. */
const crc64 = listed('crc64nvme')

/** A claim that is wrong never accuses the bytes in a comparison: they are read, by its algorithm where it was tried. */
const wrong = (right: Expected, algorithm: string): Expected => ({
  ...right,
  directory: { ...right.directory, claimed: read('two-sided-read', algorithm).claimed },
  verify: always(`mismatch digest ${algorithm}; GetBlob 1`),
})

/** Nothing is claimed of the bytes. */
const nothing: Expected = {
  directory: read('two-sided-read', 'xxh3-128'),
  container: read('two-sided-read', 'xxh3-128', 2),
  manifest,
  verify: always('unverifiable no-digest; GetBlob 1'),
}
const malformed: Expected = { ...nothing, verify: always('unverifiable no-common-digest; GetBlob 1') }

/** What cannot be read, as its listing tells. */
const archived: Expected = {
  directory: always('unverifiable archived archived (replica); nothing'),
  container: always('unverifiable archived archived (source); nothing'),
  manifest: always('unverifiable archived archived (replica); nothing'),
  verify: always('unverifiable archived archived (source); nothing'),
}
const DENIED = 'error read-failed access-denied'
const deniedRead = (side: string, blobs: number): Cells => always(`${DENIED} (${side}); GetBlob ${blobs}`)
/** Without the key of its owner: only then a listing may keep quiet about a claim, and it is asked about where one would be enough. */
const sealed: Expected = {
  directory: { ...deniedRead('replica', 1), claimed: `${DENIED} (replica); GetBlobProperties 1` },
  container: { ...deniedRead('source', 2), claimed: `${DENIED} (source); GetBlobProperties 2` },
  manifest: deniedRead('replica', 1),
  // What it is to be held to cannot be asked for.
  verify: always('error listing-failed access-denied (expected); GetBlobProperties 1'),
}
/** The same, where the listing has a claim. */
const withClaim = (unread: Expected, verify = unread.verify): Expected => ({
  ...unread,
  directory: { ...unread.directory, claimed: md5.directory.claimed },
  container: { ...unread.container, claimed: md5.container.claimed },
  verify,
})
const sealedWithClaim = withClaim(sealed, deniedRead('source', 1))

const NO_MD5 = { contentMd5: 'absent' } as const
const KEY = { customerKey: CUSTOMER_KEY } as const

export const ON_AZURITE: readonly AzuriteKind[] = [
  { name: "a block blob, put at once: its MD5 is the service's, which nothing tells", bytes: small, ...md5 },
  {
    name: 'a block blob from blocks, without Content-MD5',
    bytes: small,
    put: { blocks: [10_000, 480, 10_000] },
    ...nothing,
  },
  {
    name: 'a block blob from blocks, whose client set its Content-MD5',
    bytes: small,
    put: { blocks: [10_000, 10_480], contentMd5: 'right' },
    ...md5,
  },
  {
    name: 'an append blob without Content-MD5',
    bytes: small,
    put: { blobType: 'append', blocks: [20_000, 480] },
    ...nothing,
  },
  { name: 'an append blob with Content-MD5', bytes: small, put: { blobType: 'append', contentMd5: 'right' }, ...md5 },
  { name: 'a page blob without Content-MD5', bytes: small, put: { blobType: 'page' }, ...nothing },
  { name: 'a page blob with Content-MD5', bytes: small, put: { blobType: 'page', contentMd5: 'right' }, ...md5 },
  {
    name: 'a Content-MD5 that was overwritten with a wrong one',
    bytes: small,
    put: { contentMd5: 'wrong' },
    ...wrong(md5, 'md5'),
  },
  { name: 'a Content-MD5 that was taken away', bytes: small, put: NO_MD5, ...nothing },
  { name: 'an empty blob', bytes: Buffer.alloc(0), ...md5 },
  { name: 'an empty append blob', bytes: Buffer.alloc(0), put: { blobType: 'append' }, ...nothing },
  { name: 'gzip as content encoding: never decompressed', bytes: small, put: { contentEncoding: 'gzip' }, ...md5 },
  {
    name: 'gzip as content encoding, without Content-MD5',
    bytes: small,
    put: { contentEncoding: 'gzip', ...NO_MD5 },
    ...nothing,
  },
  { name: 'tier Cool', bytes: small, put: { tier: 'Cool' }, ...md5 },
  { name: 'tier Cold, without Content-MD5', bytes: small, put: { tier: 'Cold', ...NO_MD5 }, ...nothing },
  { name: 'tier Archive', bytes: small, put: { tier: 'Archive' }, ...withClaim(archived) },
  {
    name: 'tier Archive, from blocks without Content-MD5',
    bytes: small,
    put: { tier: 'Archive', blocks: [20_480] },
    ...archived,
  },
]

export const ON_SERVER: readonly ServerKind[] = [
  {
    name: 'Content-CRC64 in the listing and no MD5',
    bytes: small,
    put: { ...NO_MD5, contentCrc64: 'right' },
    ...crc64,
  },
  { name: 'Content-CRC64 in the listing and MD5', bytes: small, put: { contentCrc64: 'right' }, ...md5 },
  {
    name: 'Content-CRC64 that is empty, and no MD5',
    bytes: small,
    put: { ...NO_MD5, contentCrc64: 'empty' },
    ...nothing,
  },
  {
    name: 'Content-CRC64 that is wrong, and no MD5',
    bytes: small,
    put: { ...NO_MD5, contentCrc64: 'wrong' },
    ...wrong(crc64, 'crc64nvme'),
    directory: wrong(crc64, 'md5').directory,
  },
  {
    name: 'Content-MD5 that is no MD5',
    bytes: small,
    put: { contentMd5: { base64: 'bm9uZQ==' } },
    ...malformed,
  },
  { name: 'a customer-provided key, with the key', bytes: small, put: KEY, source: KEY, ...md5 },
  {
    name: 'a customer-provided key, with the key, without Content-MD5',
    bytes: small,
    put: { ...KEY, ...NO_MD5 },
    source: KEY,
    // Its listing may have kept quiet about a claim: it is asked about, where one would be enough or is all there is to check.
    directory: askedFirst(nothing.directory),
    container: askedFirst(nothing.container, 2),
    manifest,
    verify: always('unverifiable no-digest; GetBlob 1, GetBlobProperties 1'),
  },
  { name: 'a customer-provided key, without the key', bytes: small, put: KEY, ...sealedWithClaim },
  {
    name: 'a customer-provided key, with another key',
    bytes: small,
    put: KEY,
    source: { customerKey: bytesOf(32, 5) },
    ...sealedWithClaim,
  },
  {
    name: 'a customer-provided key without Content-MD5, without the key',
    bytes: small,
    put: { ...KEY, ...NO_MD5 },
    ...sealed,
  },
  { name: 'an encryption scope', bytes: small, put: { encryptionScope: 'scope' }, ...md5 },
  {
    name: 'tier Archive, while it is rehydrated',
    bytes: small,
    put: { tier: 'Archive', archiveStatus: 'rehydrate-pending-to-hot' },
    ...withClaim(archived),
  },
  {
    name: 'tier Archive without Content-MD5, while it is rehydrated',
    bytes: small,
    put: { tier: 'Archive', archiveStatus: 'rehydrate-pending-to-cool', ...NO_MD5 },
    ...archived,
  },
]
