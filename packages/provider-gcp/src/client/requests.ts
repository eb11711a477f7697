import { isBackupError } from '@backproof/core/errors'
import { keyFields } from '@backproof/core/object-store'
import type { ByteRange, CallOptions } from '@backproof/core/source'
import type { GcsRef } from '../entry.js'
import { gcsError } from '../errors.js'
import type { Answer, Connection, Request } from './connection.js'
import type { Body } from './transport.js'

// Every request that this package can make. All of them only read.

type Call = CallOptions | undefined

type Resource = Readonly<Record<string, unknown>>

const bucketPath = ({ settings }: Connection): string => encodeURIComponent(settings.bucket)

const objectPath = (connection: Connection, key: string): string => {
  const name = connection.settings.prefix + key
  // Nothing that is listed is so; a ref that was made up may be.
  if (!name.isWellFormed()) {
    throw gcsError(
      'not-found',
      'objects.get',
      keyFields(key).key,
      'Names of Cloud Storage are UTF-8; there is no such object.',
    )
  }
  return `${bucketPath(connection)}/o/${encodeURIComponent(name)}`
}

/** The settings that decide how a bucket is listed. Needs `storage.buckets.get`. */
export const getBucket = (connection: Connection, call: Call): Promise<Answer<Resource>> =>
  connection.json({
    operation: 'buckets.get',
    path: bucketPath(connection),
    query: {
      fields: 'kind,name,location,storageClass,versioning,hierarchicalNamespace,softDeletePolicy,encryption,billing',
    },
    call,
  })

/** Needs `storage.objects.list` only. */
export const getStorageLayout = (connection: Connection, call: Call): Promise<Answer<Resource>> =>
  connection.json({ operation: 'buckets.getStorageLayout', path: `${bucketPath(connection)}/storageLayout`, call })

export interface PageRequest {
  /** Names from this one on. */
  readonly startOffset?: string | undefined
  /** Names before this one. */
  readonly endOffset?: string | undefined
  readonly token?: string | undefined
  /** Default 1,000, which is the most. */
  readonly maxResults?: number | undefined
  /** `live`: current objects. `versions`: these and noncurrent generations. `soft-deleted`: nothing but those. */
  readonly of: 'live' | 'versions' | 'soft-deleted'
}

const ITEM = 'name,size,generation,timeCreated,crc32c,md5Hash,storageClass,customerEncryption(keySha256)'
const MORE: Readonly<Record<PageRequest['of'], string>> = {
  live: '',
  versions: ',timeDeleted',
  'soft-deleted': ',softDeleteTime,hardDeleteTime',
}

export const listPage = (connection: Connection, page: PageRequest, call: Call): Promise<Answer<Resource>> => {
  const { prefix } = connection.settings
  return connection.json({
    operation: 'objects.list',
    path: `${bucketPath(connection)}/o`,
    query: {
      ...(prefix !== '' && { prefix }),
      ...(page.startOffset !== undefined && page.startOffset !== '' && { startOffset: page.startOffset }),
      ...(page.endOffset !== undefined && page.endOffset !== '' && { endOffset: page.endOffset }),
      ...(page.token !== undefined && { pageToken: page.token }),
      ...(page.of === 'versions' && { versions: 'true' }),
      ...(page.of === 'soft-deleted' && { softDeleted: 'true' }),
      maxResults: String(page.maxResults ?? 1_000),
      projection: 'noAcl',
      fields: `kind,nextPageToken,items(${ITEM}${MORE[page.of]})`,
    },
    call,
  })
}

const aboutObject = (
  operation: string,
  connection: Connection,
  { key, generation }: Pick<GcsRef, 'key' | 'generation'>,
  call: Call,
): Pick<Request, 'operation' | 'path' | 'key' | 'generation' | 'subject' | 'call'> => ({
  operation,
  path: objectPath(connection, key),
  key: connection.settings.prefix + key,
  generation,
  subject: keyFields(key).key,
  call,
})

/** What the service tells of an object: of the generation of the ref, or of the present one. */
export const getObject = (connection: Connection, ref: GcsRef, call: Call): Promise<Answer<Resource>> =>
  withCustomerKey(connection, ref, (customerKey) =>
    connection.json({
      ...aboutObject('objects.get', connection, ref, call),
      query: {
        generation: ref.generation,
        projection: 'noAcl',
        ...(ref.softDeleted === true && { softDeleted: 'true' }),
      },
      customerKey,
    }),
  )

/** The bytes of an object as they are stored. */
export const getMedia = (
  connection: Connection,
  ref: GcsRef,
  range: ByteRange | undefined,
  call: Call,
): Promise<Answer<Body>> =>
  withCustomerKey(connection, ref, (customerKey) =>
    connection.media({
      ...aboutObject('objects.getMedia', connection, ref, call),
      query: { alt: 'media', generation: ref.generation },
      headers: {
        // Who does not take gzip gets objects with `contentEncoding: gzip` decompressed ("Transcoding of gzip-compressed files").
        'accept-encoding': 'gzip',
        ...(range !== undefined && { range: `bytes=${range.start}-${range.end - 1}` }),
      },
      customerKey,
    }),
  )

const NOT_UNDER_KEY = 'resourceNotEncryptedWithCustomerEncryptionKey'
const UNDER_KEY = 'resourceIsEncryptedWithCustomerEncryptionKey'

/**
 * The key of the caller's goes to objects that were listed as encrypted with it, since the service refuses it for others. An
 * object that was replaced by one of the other sort is asked for once more.
 */
const withCustomerKey = async <T>(
  { settings }: Connection,
  ref: GcsRef,
  send: (customerKey: boolean) => Promise<T>,
): Promise<T> => {
  const first = settings.customerKey !== undefined && ref.customerKey === true
  try {
    return await send(first)
  } catch (error) {
    const why = isBackupError(error) ? (error.cause as { readonly name?: unknown } | undefined)?.name : undefined
    const other = first ? why === NOT_UNDER_KEY : settings.customerKey !== undefined && why === UNDER_KEY
    if (!other) throw error
    return send(!first)
  }
}
