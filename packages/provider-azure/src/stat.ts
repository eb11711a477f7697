import type { BlobGetPropertiesResponse } from '@azure/storage-blob'
import { bareEtag, keyFields, wholeSeconds } from '@backproof/core/object-store'
import { escapeKey, type JsonValue, type ObjectInfo, type StatOptions } from '@backproof/core/source'
import type { Answer, Connection } from './client/connection.js'
import { blobProperties } from './client/requests.js'
import { type AzureRef, readRef, versionName } from './entry.js'
import { azureError, noBlob, type RawAnswer } from './errors.js'
import { isArchived } from './object/archive.js'
import { isGiven, toldDigests } from './object/digests.js'
import { isFolder } from './object/folder.js'

/**
 * The present state of one blob, or the state of one version or snapshot, with a fresh ref, its tier, and the MD5 that it
 * claims. With `retention`: its immutability policy and legal hold.
 */
export const statBlob = async (
  connection: Connection,
  given: JsonValue,
  options: StatOptions = {},
): Promise<ObjectInfo> => {
  const pinned = readRef(given)
  const { etag: _etag, size: _size, archived: _archived, unhashed: _unhashed, ...ref } = pinned
  const answer = await blobProperties(connection, ref, {}, options)
  const { output, headers } = answer
  checkAnswer(connection, pinned, answer)
  const info = infoOf(ref, answer, output.contentLength, headers['content-md5'])
  const { metadata, contentLength } = output
  const folder = isFolder(headers['x-ms-resource-type'], metadata, contentLength)
  const retention = options.want?.includes('retention') === true ? retentionOf(output) : {}
  if (!folder) return { ...info, ...retention }
  const { digests: _digests, ...rest } = info
  return { ...rest, ...retention, kind: 'special', excluded: 'folder-marker' }
}

/** What the answer must have in common with the listing, so that a damaged one is not taken for another blob. */
const checkAnswer = (
  { uri }: Connection,
  pinned: AzureRef,
  { output, ...raw }: Answer<Pick<BlobGetPropertiesResponse, 'etag' | 'contentLength'> & object> & RawAnswer,
): void => {
  const { etag, contentLength: size } = output
  const { key } = keyFields(pinned.key)
  if (etag === undefined) throw noBlob('GetBlobProperties', key, uri, raw)
  if (pinned.etag === undefined || bareEtag(etag) !== pinned.etag) return
  if (size === undefined || pinned.size === undefined || size === pinned.size) return
  const what = `The answer for ${escapeKey(key)} has ${size} bytes; ${pinned.size} were listed under the same ETag.`
  throw azureError('corrupt', 'GetBlobProperties', key, what, true)
}

/** What the headers of Get Blob and Get Blob Properties tell of a blob. @param md5 Its own, not that of a range. */
export const infoOf = (
  ref: AzureRef,
  { headers }: RawAnswer,
  size: number | undefined,
  md5: string | undefined,
): ObjectInfo => {
  const etag = headers['etag'] === undefined ? undefined : bareEtag(headers['etag'])
  const modified = Date.parse(headers['last-modified'] ?? '')
  const tier = headers['x-ms-access-tier']
  const archived = isArchived({ tier, status: headers['x-ms-archive-status'] })
  const version = versionName({ version: headers['x-ms-version-id'] ?? ref.version, snapshot: ref.snapshot })
  const digests = toldDigests({ md5 })
  // By version only where one was asked for: the ETag pins the content as well.
  const fresh: AzureRef = {
    key: ref.key,
    ...(etag !== undefined && { etag }),
    ...(ref.version !== undefined && { version: ref.version }),
    ...(ref.snapshot !== undefined && { snapshot: ref.snapshot }),
    ...(size !== undefined && { size }),
    ...(archived && { archived: 'yes' }),
    ...((headers['x-ms-encryption-key-sha256'] ?? ref.sealed) !== undefined && { sealed: 'yes' }),
    ...(!isGiven(md5) && { unhashed: 'yes' }),
  }
  return {
    ...keyFields(ref.key),
    ref: fresh,
    kind: 'object',
    ...(size !== undefined && { size }),
    ...(version !== undefined && { version }),
    ...(etag !== undefined && { etag }),
    ...(!Number.isNaN(modified) && { modified: wholeSeconds(new Date(modified)) }),
    ...(archived && { archived: true }),
    ...(digests.length > 0 && { digests }),
    ...(tier !== undefined && { storageClass: tier }),
  }
}

const retentionOf = ({
  immutabilityPolicyExpiresOn: until,
  legalHold,
}: Pick<BlobGetPropertiesResponse, 'immutabilityPolicyExpiresOn' | 'legalHold'>): Pick<
  ObjectInfo,
  'retainUntil' | 'legalHold'
> => ({
  ...(until !== undefined && { retainUntil: until.getTime() }),
  ...(legalHold !== undefined && { legalHold }),
})
