import { createHash } from 'node:crypto'
import { createHasher, digestToBase64 } from '@backproof/core/digest'
import type { BlobOptions } from './admin-options.js'
import type { AccountState, StoredBlob } from './store.js'

/**
 * Times of versions and snapshots (seven decimals) and ETags, which never repeat. The state of one server.
 */
export interface Sequence {
  /** As `2021-06-01T12:00:00.1230001Z`. */
  stamp(now: number): string
  /** As `0x8DA000000000001`. */
  etag(): string
}

export const createSequence = (): Sequence => {
  let count = 0
  return {
    stamp: (now) => {
      count++
      return `${new Date(now).toISOString().slice(0, -1)}${String(count % 10_000).padStart(4, '0')}Z`
    },
    etag: () => {
      count++
      return `0x8DA${count.toString(16).toUpperCase().padStart(12, '0')}`
    },
  }
}

/** Stored bytes and what stands beside them, as an upload with `options` leaves them. */
export const makeBlob = async (
  state: AccountState,
  sequence: Sequence,
  name: string,
  content: Uint8Array,
  options: BlobOptions,
): Promise<StoredBlob> => {
  const bytes = Buffer.from(content)
  const now = state.now()
  const lastModified = wholeSecond(options.lastModified?.getTime() ?? now)
  const { type = 'BlockBlob', uncommitted = false, directory = false, customerKey } = options
  return {
    name,
    type,
    bytes,
    lostTail: 0,
    etag: sequence.etag(),
    created: lastModified,
    lastModified,
    contentType: options.contentType ?? 'application/octet-stream',
    contentEncoding: options.contentEncoding,
    contentMd5: directory ? undefined : md5Of(bytes, options.contentMd5 ?? 'right'),
    contentCrc64: await crcElement(bytes, options.contentCrc64 ?? 'absent'),
    // Both APIs of an account with a hierarchical namespace tell directories by this entry.
    metadata: { ...(directory && { hdi_isfolder: 'true' }), ...options.metadata },
    tags: options.tags ?? {},
    tier: options.tier ?? (type === 'AppendBlob' ? undefined : 'Hot'),
    tierInferred: options.tier === undefined && type === 'BlockBlob',
    archiveStatus: options.archiveStatus,
    customerKeySha256: customerKey && createHash('sha256').update(customerKey).digest('base64'),
    encryptionScope: options.encryptionScope,
    versionId: state.versioning && !uncommitted ? sequence.stamp(now) : undefined,
    current: true,
    snapshot: undefined,
    deletedAt: undefined,
    uncommitted,
    directory,
  }
}

/** Azure's CRC64 is CRC-64/NVME with its bytes in little-endian order. */
export const crc64Base64 = async (bytes: Uint8Array): Promise<string> => {
  const hasher = await createHasher(['crc64nvme'])
  hasher.update(bytes)
  return digestToBase64(hasher.digest()['crc64nvme']!, { byteOrder: 'little-endian' })
}

const md5Of = (
  bytes: Buffer,
  wanted: 'right' | 'absent' | 'wrong' | { readonly base64: string },
): string | undefined => {
  if (wanted === 'absent') return undefined
  if (typeof wanted === 'object') return wanted.base64
  const hash = createHash('md5').update(bytes)
  return (wanted === 'wrong' ? hash.update('other') : hash).digest('base64')
}

const crcElement = async (
  bytes: Buffer,
  wanted: 'right' | 'wrong' | 'empty' | 'absent',
): Promise<string | undefined> => {
  if (wanted === 'absent') return undefined
  if (wanted === 'empty') return ''
  return await crc64Base64(wanted === 'right' ? bytes : Buffer.concat([bytes, Buffer.from('other')]))
}

const wholeSecond = (time: number): number => Math.floor(time / 1000) * 1000
