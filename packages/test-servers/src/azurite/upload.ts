import { createHash } from 'node:crypto'
import type { BlobHTTPHeaders, BlobServiceClient, ContainerClient, Metadata } from '@azure/storage-blob'
import { BackupError } from '@backproof/core/errors'

export interface AzuritePutOptions {
  /** Default `block`. The size of a page blob is a multiple of 512. */
  readonly blobType?: 'block' | 'append' | 'page' | undefined
  /**
   * The blob's Content-MD5: of its bytes, none, of other bytes, or these 16 bytes. Whatever it is, a client sets it, as any
   * client can. Default: what the service does, which is the right one for a blob put at once, and none for any other.
   */
  readonly contentMd5?: 'right' | 'absent' | 'wrong' | Uint8Array | undefined
  /** Bytes of each block, or of each write of an append or page blob. Default: all at once, 4 MiB a write. */
  readonly blocks?: readonly number[] | undefined
  /** Default: the account's, `Hot`. A blob in `Archive` cannot be read. */
  readonly tier?: 'Hot' | 'Cool' | 'Cold' | 'Archive' | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
  /** Default `application/octet-stream`. */
  readonly contentType?: string | undefined
  readonly contentEncoding?: string | undefined
}

export interface AzuritePutResult {
  /** With its quotes. */
  readonly etag: string
}

const WRITE_BYTES = 4 * 1024 * 1024

/** Uploads as a client would, and gives the blob the Content-MD5 that is asked for. */
export const upload = async (
  service: BlobServiceClient,
  container: string,
  name: string,
  bytes: Uint8Array,
  options: AzuritePutOptions = {},
): Promise<AzuritePutResult> => {
  const client = service.getContainerClient(container)
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headers: BlobHTTPHeaders = {
    blobContentType: options.contentType ?? 'application/octet-stream',
    ...(options.contentEncoding !== undefined && { blobContentEncoding: options.contentEncoding }),
  }
  let etag = await write(client, name, body, { ...options, headers })
  const blob = client.getBlobClient(name)
  if (options.contentMd5 !== undefined) {
    const blobContentMD5 = md5Of(body, options.contentMd5)
    etag = (await blob.setHTTPHeaders({ ...headers, ...(blobContentMD5 && { blobContentMD5 }) })).etag
  }
  if (options.tier !== undefined) await blob.setAccessTier(options.tier)
  return { etag: etag ?? '' }
}

const write = async (
  container: ContainerClient,
  name: string,
  body: Buffer,
  options: AzuritePutOptions & { readonly headers: BlobHTTPHeaders },
): Promise<string | undefined> => {
  const { blobType = 'block', blocks, metadata, headers } = options
  const about = { blobHTTPHeaders: headers, ...(metadata && { metadata: metadata as Metadata }) }
  if (blobType === 'append') {
    const client = container.getAppendBlobClient(name)
    let { etag } = await client.create(about)
    for (const piece of split(body, blocks)) etag = (await client.appendBlock(piece, piece.length)).etag
    return etag
  }
  if (blobType === 'page') {
    const client = container.getPageBlobClient(name)
    let { etag } = await client.create(body.length, about)
    let at = 0
    for (const piece of split(body, blocks)) {
      etag = (await client.uploadPages(piece, at, piece.length)).etag
      at += piece.length
    }
    return etag
  }
  const client = container.getBlockBlobClient(name)
  if (blocks === undefined) {
    return (await client.upload(body, body.length, about)).etag
  }
  const ids: string[] = []
  for (const piece of split(body, blocks)) {
    const id = Buffer.from(String(ids.length).padStart(6, '0')).toString('base64')
    await client.stageBlock(id, piece, piece.length)
    ids.push(id)
  }
  return (await client.commitBlockList(ids, about)).etag
}

const split = (body: Buffer, sizes: readonly number[] | undefined): Buffer[] => {
  const pieces: Buffer[] = []
  let at = 0
  for (let index = 0; at < body.length; index++) {
    const size = sizes === undefined ? WRITE_BYTES : (sizes[index] ?? 0)
    if (size <= 0) throw wrongSizes(sizes, body.length)
    pieces.push(body.subarray(at, at + size))
    at += size
  }
  if (sizes !== undefined && (pieces.length !== sizes.length || at !== body.length))
    throw wrongSizes(sizes, body.length)
  return pieces
}

const wrongSizes = (sizes: readonly number[] | undefined, length: number): BackupError =>
  new BackupError({
    code: 'invalid-config',
    message: `The blocks [${sizes?.join(', ')}] are not the ${length} bytes of the blob: give sizes above 0 that add up to it`,
  })

const md5Of = (bytes: Buffer, wanted: 'right' | 'absent' | 'wrong' | Uint8Array): Uint8Array | undefined => {
  if (wanted === 'absent') return undefined
  if (typeof wanted !== 'string') return wanted
  const hash = createHash('md5').update(bytes)
  return (wanted === 'wrong' ? hash.update('other') : hash).digest()
}
