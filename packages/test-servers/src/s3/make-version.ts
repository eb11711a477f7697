import { randomBytes } from 'node:crypto'
import { type Checksum, md5Hex, multipartEtag } from './checksums.js'
import { keepsMd5 } from './encryption.js'
import {
  type Bucket,
  type Encryption,
  nextVersionId,
  type Restore,
  type StoredPart,
  type StoredVersion,
} from './store.js'

export interface NewObject {
  readonly key: string
  readonly bytes: Buffer
  readonly lastModified: number
  readonly checksum: Checksum | undefined
  readonly checksumAsked: boolean
  /** With the MD5 of each part, in hexadecimal. */
  readonly parts?: readonly (StoredPart & { readonly md5: string })[] | undefined
  readonly storageClass?: string | undefined
  readonly archiveStatus?: string | undefined
  readonly restore?: Restore | undefined
  readonly encryption: Encryption
  readonly headers: Readonly<Record<string, string>>
}

/** The version that storing `object` in `bucket` makes, with the ETag that S3 gives it. */
export const makeVersion = (bucket: Bucket, object: NewObject): StoredVersion => ({
  key: object.key,
  versionId: nextVersionId(bucket),
  deleteMarker: false,
  lastModified: wholeSecond(object.lastModified),
  bytes: object.bytes,
  etag: etagOf(bucket, object),
  checksum: object.checksum,
  checksumAsked: object.checksumAsked,
  parts: object.parts?.map(({ md5: _, ...part }) => part),
  storageClass: object.storageClass ?? (bucket.kind === 'directory' ? 'EXPRESS_ONEZONE' : 'STANDARD'),
  archiveStatus: object.archiveStatus,
  restore: object.restore,
  encryption: object.encryption,
  headers: object.headers,
  lostTail: 0,
})

/** A delete marker on top of what is there. */
export const makeDeleteMarker = (bucket: Bucket, key: string, now: number): StoredVersion => ({
  ...makeVersion(bucket, {
    key,
    bytes: Buffer.alloc(0),
    lastModified: now,
    checksum: undefined,
    checksumAsked: false,
    encryption: { kind: 'AES256' },
    headers: {},
  }),
  deleteMarker: true,
})

/** Under KMS and customer keys, and in directory buckets, an ETag looks like an MD5 and is none. */
const etagOf = (bucket: Bucket, { bytes, parts, encryption }: NewObject): string => {
  if (!hasMd5Etags(bucket, encryption)) {
    const opaque = randomBytes(16).toString('hex')
    return parts === undefined ? opaque : `${opaque}-${parts.length}`
  }
  return parts === undefined ? md5Hex(bytes) : multipartEtag(parts.map((part) => part.md5))
}

export const hasMd5Etags = (bucket: Bucket, encryption: Encryption): boolean =>
  bucket.kind === 'general' && keepsMd5(encryption)

/** S3 keeps whole seconds in headers, and so does the listing here. */
const wholeSecond = (time: number): number => Math.floor(time / 1000) * 1000
