import type { AccountState, StoredBlob } from '../store.js'
import { element, fitsXml } from '../xml.js'

const DAY_MS = 86_400_000

/** A text that may hold characters which XML cannot carry: then it is percent-encoded, and an attribute says so. */
export const nameElement = (tag: string, text: string): string =>
  fitsXml(text) ? element(tag, text) : element(tag, encodeURIComponent(text), { Encoded: 'true' })

export interface Shown {
  readonly metadata: boolean
  readonly tags: boolean
  /** Whether it stands for a blob that was deleted, but has versions. */
  readonly hasVersionsOnly: boolean
}

/** The row of a blob in List Blobs. */
export const blobElement = (blob: StoredBlob, state: AccountState, shown: Shown): string => {
  const inner = [
    nameElement('Name', blob.name),
    optional('Deleted', blob.deletedAt !== undefined || undefined),
    optional('Snapshot', blob.snapshot),
    optional('VersionId', blob.snapshot === undefined && !shown.hasVersionsOnly ? blob.versionId : undefined),
    optional('IsCurrentVersion', (blob.versionId !== undefined && blob.current) || undefined),
    optional('HasVersionsOnly', shown.hasVersionsOnly || undefined),
    element('Properties', { markup: properties(blob, state) }),
    shown.metadata ? metadataElement(blob) : '',
    shown.tags ? tagsElement(blob) : '',
  ]
  return element('Blob', { markup: inner.join('') })
}

const properties = (blob: StoredBlob, state: AccountState): string => {
  if (blob.uncommitted)
    return [element('Content-Length', 0), element('Content-Type', ''), element('BlobType', blob.type)].join('')
  return [
    element('Creation-Time', new Date(blob.created).toUTCString()),
    element('Last-Modified', new Date(blob.lastModified).toUTCString()),
    element('Etag', blob.etag),
    optional('ResourceType', state.hierarchical ? (blob.directory ? 'directory' : 'file') : undefined),
    element('Content-Length', blob.bytes.length),
    element('Content-Type', blob.contentType),
    element('Content-Encoding', blob.contentEncoding ?? ''),
    element('Content-Language', ''),
    optional('Content-CRC64', blob.contentCrc64),
    element('Content-MD5', blob.contentMd5 ?? ''),
    element('Cache-Control', ''),
    element('Content-Disposition', ''),
    element('BlobType', blob.type),
    optional('AccessTier', blob.tier),
    optional('AccessTierInferred', blob.tierInferred || undefined),
    optional('ArchiveStatus', blob.archiveStatus),
    element('LeaseStatus', 'unlocked'),
    element('LeaseState', 'available'),
    element('ServerEncrypted', true),
    optional('CustomerProvidedKeySha256', blob.customerKeySha256),
    optional('EncryptionScope', blob.encryptionScope),
    ...deletion(blob, state),
    optional('TagCount', Object.keys(blob.tags).length || undefined),
  ].join('')
}

/** Days for which a deleted blob is still kept; below 0 it is gone. */
export const remainingDays = (deletedAt: number, state: AccountState): number =>
  (state.softDeleteDays ?? 0) - Math.floor((state.now() - deletedAt) / DAY_MS)

const deletion = ({ deletedAt }: StoredBlob, state: AccountState): readonly string[] =>
  deletedAt === undefined
    ? []
    : [
        element('DeletedTime', new Date(deletedAt).toUTCString()),
        element('RemainingRetentionDays', remainingDays(deletedAt, state)),
      ]

/** That of blobs under a key of a client is not told. */
const metadataElement = ({ metadata, customerKeySha256 }: StoredBlob): string => {
  if (customerKeySha256 !== undefined) return element('Metadata', '', { Encrypted: 'true' })
  const inner = Object.entries(metadata).map(([name, value]) => element(name, value))
  return element('Metadata', { markup: inner.join('') })
}

const tagsElement = ({ tags }: StoredBlob): string => {
  const set = Object.entries(tags).map(([key, value]) =>
    element('Tag', { markup: element('Key', key) + element('Value', value) }),
  )
  return set.length === 0 ? '' : element('Tags', { markup: element('TagSet', { markup: set.join('') }) })
}

const optional = (tag: string, value: string | boolean | number | undefined): string =>
  value === undefined ? '' : element(tag, value)
