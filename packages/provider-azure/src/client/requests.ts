import type {
  BlobDownloadResponseParsed,
  BlobGetPropertiesResponse,
  ContainerGetAccountInfoResponse,
  ContainerListBlobsOptions,
} from '@azure/storage-blob'
import { keyFields } from '@backproof/core/object-store'
import type { ByteRange, CallOptions } from '@backproof/core/source'
import { type AzureRef, versionName } from '../entry.js'
import { customerKeyInput } from '../object/encryption.js'
import { blobClient, checkName } from './client.js'
import type { Answer, Connection, Request, SdkAnswer } from './connection.js'

// Every request that this package can make. All of them only read.

type Call = CallOptions | undefined

/** The parts of an answer that the SDK gives, and its types leave out. */
type With<T> = T & SdkAnswer

const aboutBlob = (
  operation: string,
  { settings }: Connection,
  ref: AzureRef,
  call: Call,
): Pick<Request<never>, 'operation' | 'name' | 'version' | 'subject' | 'call'> => {
  const name = settings.prefix + ref.key
  const { key: subject } = keyFields(ref.key)
  checkName(name, operation, subject)
  return { operation, name, version: versionName(ref), subject, call }
}

export const accountInfo = (
  connection: Connection,
  call: Call,
): Promise<Answer<With<ContainerGetAccountInfoResponse>>> =>
  connection.send({
    operation: 'GetAccountInfo',
    send: (container, options) => container.getAccountInfo(options) as Promise<With<ContainerGetAccountInfoResponse>>,
    call,
  })

export interface PageRequest {
  readonly marker?: string | undefined
  /** Default: as many as the service gives (5,000); 1,000 with a client of the caller's. */
  readonly maxResults?: number | undefined
  /** All versions of each blob, not only the current one. Default false. */
  readonly versions?: boolean | undefined
  /** Default false. */
  readonly snapshots?: boolean | undefined
  /** What was deleted softly as well. Default false. */
  readonly deleted?: boolean | undefined
}

/** A page as it came: what the SDK makes of it is left aside. */
export interface ListedPage extends SdkAnswer {
  readonly _response: SdkAnswer['_response'] & { readonly bodyAsText?: string | null | undefined }
}

/** The SDK reads the pages of a client that is not ours, which blocks the process for as long as it takes. */
const ROWS_OF_FOREIGN_CLIENT = 1_000

/** Since 12.34 the SDK can list in another format, which tells less; it may become the default. */
const AS_XML = { responseFormat: 'Xml' }

export const listPage = (connection: Connection, page: PageRequest, call: Call): Promise<Answer<ListedPage>> => {
  const { prefix, client } = connection.settings
  const maxPageSize = page.maxResults ?? (client === undefined ? undefined : ROWS_OF_FOREIGN_CLIENT)
  return connection.send({
    operation: 'ListBlobs',
    unread: true,
    send: async (container, { abortSignal }) => {
      const options: ContainerListBlobsOptions = {
        ...AS_XML,
        abortSignal,
        // Directories are told by it.
        includeMetadata: true,
        ...(prefix !== '' && { prefix }),
        ...(page.versions === true && { includeVersions: true }),
        ...(page.snapshots === true && { includeSnapshots: true }),
        ...(page.deleted === true && { includeDeleted: true }),
      }
      const { value } = await container
        .listBlobsFlat(options)
        .byPage({
          ...(page.marker !== undefined && { continuationToken: page.marker }),
          ...(maxPageSize !== undefined && { maxPageSize }),
        })
        .next()
      return value as unknown as ListedPage
    },
    call,
  })
}

export const blobProperties = (
  connection: Connection,
  ref: AzureRef,
  { ifMatch }: { readonly ifMatch?: string | undefined },
  call: Call,
): Promise<Answer<With<BlobGetPropertiesResponse>>> => {
  const about = aboutBlob('GetBlobProperties', connection, ref, call)
  return connection.send({
    ...about,
    send: (container, options) =>
      blobClient(container, about.name!, ref).getProperties({
        ...options,
        ...(ifMatch !== undefined && { conditions: { ifMatch } }),
        ...customerKeyInput(connection.settings.customerKey, ref),
      }) as Promise<With<BlobGetPropertiesResponse>>,
  })
}

export interface GetRequest {
  readonly ifMatch: string | undefined
  readonly range: ByteRange | undefined
  /** Whether the MD5 of the range is to come with it; of ranges up to 4 MiB only. */
  readonly rangeMd5?: boolean | undefined
}

export const getBlob = (
  connection: Connection,
  ref: AzureRef,
  { ifMatch, range, rangeMd5 }: GetRequest,
  call: Call,
): Promise<Answer<With<BlobDownloadResponseParsed>>> => {
  const about = aboutBlob('GetBlob', connection, ref, call)
  const [offset, count] = range === undefined ? [0, undefined] : [range.start, range.end - range.start]
  return connection.send({
    ...about,
    send: (container, options) =>
      blobClient(container, about.name!, ref).download(offset, count, {
        ...options,
        // The SDK would ask for the rest of a body that broke off, unseen.
        maxRetryRequests: 0,
        ...(ifMatch !== undefined && { conditions: { ifMatch } }),
        ...(rangeMd5 === true && { rangeGetContentMD5: true }),
        ...customerKeyInput(connection.settings.customerKey, ref),
      }) as Promise<With<BlobDownloadResponseParsed>>,
  })
}
