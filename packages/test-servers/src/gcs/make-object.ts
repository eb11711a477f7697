import { createHash } from 'node:crypto'
import { createHasher, digestToBase64, type MultiHasher } from '@backproof/core/digest'
import type { ServerState } from './call.js'
import { failure } from './failure.js'
import type { JsonObject } from './json.js'
import { writableAttributes } from './object-resource.js'
import type { Bucket, StoredObject } from './store.js'

/** What is to be stored. */
export interface NewObject {
  readonly name: string
  readonly bytes: Buffer
  /** As a client sends it. */
  readonly resource: JsonObject
  readonly customerKeySha256?: string | undefined
  readonly kmsKeyName?: string | undefined
  /** Of a composite object: it tells no MD5. */
  readonly componentCount?: number | undefined
  /** Default: now. */
  readonly timeCreated?: number | undefined
}

/** A new generation, with the digests that the service computes of it. @throws invalid for a name that there cannot be. */
export const makeObject = async (state: ServerState, bucket: Bucket, object: NewObject): Promise<StoredObject> => {
  const { name, bytes, componentCount } = object
  checkName(name)
  const created = object.timeCreated ?? state.now()
  return {
    name,
    generation: state.nextGeneration(),
    metageneration: 1,
    bytes,
    md5Hash: componentCount === undefined ? md5Base64(bytes) : undefined,
    crc32c: await crc32cBase64(bytes),
    componentCount,
    attributes: {
      storageClass: bucket.settings['storageClass'] ?? 'STANDARD',
      ...(bucket.settings['defaultEventBasedHold'] === true && { eventBasedHold: true }),
      ...writableAttributes(object.resource),
    },
    timeCreated: created,
    updated: created,
    storageClassUpdated: created,
    customerKeySha256: object.customerKeySha256,
    kmsKeyName: object.customerKeySha256 === undefined ? kmsKeyOf(bucket, object.kmsKeyName) : undefined,
    lostTail: 0,
  }
}

/** The version of the key that wrote it, as the service tells it of the key that was named. */
const kmsKeyOf = (bucket: Bucket, named: string | undefined): string | undefined => {
  const key = named ?? (bucket.settings['encryption'] as JsonObject | undefined)?.['defaultKmsKeyName']
  return typeof key === 'string' ? `${key}/cryptoKeyVersions/1` : undefined
}

/** "Object names" in the Cloud Storage documentation. */
export const isObjectName = (name: string): boolean =>
  name !== '' &&
  name.isWellFormed() &&
  Buffer.byteLength(name) <= 1024 &&
  !/[\r\n]/.test(name) &&
  name !== '.' &&
  name !== '..' &&
  !name.startsWith('.well-known/acme-challenge/')

const checkName = (name: string): void => {
  if (name === '') throw failure('required', 'Required', { locationType: 'parameter', location: 'name' })
  if (!isObjectName(name)) throw failure('invalid', `Disallowed object name: ${JSON.stringify(name)}.`)
}

/**
 * Checks what an upload says of its bytes: `md5Hash` and `crc32c` of the resource, X-Goog-Hash and Content-MD5.
 *
 * @throws invalid where they are not those of `bytes`.
 */
export const checkDigests = async (
  headers: ReadonlyMap<string, string>,
  resource: JsonObject,
  bytes: Buffer,
): Promise<void> => {
  const hashes = new Map(
    (headers.get('x-goog-hash') ?? '').split(',').map((pair) => {
      const cut = pair.indexOf('=')
      return [pair.slice(0, cut).trim(), pair.slice(cut + 1).trim()]
    }),
  )
  const md5 = md5Base64(bytes)
  for (const given of [resource['md5Hash'], hashes.get('md5'), headers.get('content-md5')])
    if (typeof given === 'string' && given !== md5)
      throw failure('invalid', `Provided MD5 hash "${given}" doesn't match calculated MD5 hash "${md5}".`)
  const crc32c = await crc32cBase64(bytes)
  for (const given of [resource['crc32c'], hashes.get('crc32c')])
    if (typeof given === 'string' && given !== crc32c)
      throw failure('invalid', `Provided CRC32C "${given}" doesn't match calculated CRC32C "${crc32c}".`)
}

export const md5Base64 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('base64')

/** Base64 of the CRC's four bytes, big-endian. */
export const crc32cBase64 = async (bytes: Uint8Array): Promise<string> => {
  const hasher: MultiHasher = await createHasher(['crc32c'])
  hasher.update(bytes)
  return digestToBase64(hasher.digest()['crc32c']!)
}
