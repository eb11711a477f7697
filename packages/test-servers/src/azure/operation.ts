import type { RequestParts } from '../http/message.js'

/** What a request asks of Azure Blob Storage. */
export interface AzureOperation {
  /** As Microsoft's REST reference and SDK name it, in one word, for example `ListBlobs`; `Unknown` for what they do not have. */
  readonly operation: string
  /** Empty for requests to the account. */
  readonly account: string
  /** Empty for requests to the service. */
  readonly container: string
  /** Decoded; empty for operations on containers. */
  readonly blob: string
}

/**
 * Names the operation of a request.
 *
 * @param accountInPath whether the path is `/account/container/blob`, as emulators have it, or `/container/blob`.
 * @throws URIError for a path that is not percent-encoded UTF-8.
 */
export const azureOperation = (
  { method, rawPath, query, headers }: RequestParts,
  accountInPath = true,
): AzureOperation => {
  const path = decodeURIComponent(rawPath).slice(1)
  const [account, rest] = accountInPath ? cut(path) : ['', path]
  const [first, below] = cut(rest)
  const kind = query.get('restype')
  // One name alone is a blob of the root container, unless the request says that it is a container.
  const inRoot = below === '' && first !== '' && kind === undefined && query.get('comp') !== 'list'
  const [container, blob] = inRoot ? ['$root', first] : [first, below]
  const verb = method === 'HEAD' ? 'GET' : method
  const what = `${verb} ${query.get('comp') ?? ''}`
  if (kind === 'account') return { operation: 'GetAccountInfo', account, container, blob }
  if (container === '') return { operation: ON_SERVICE[what] ?? 'Unknown', account, container, blob }
  if (blob === '') return { operation: ON_CONTAINER[what] ?? 'Unknown', account, container, blob }
  return { operation: onBlob(what, method, headers), account, container, blob }
}

const cut = (path: string): readonly [string, string] => {
  const slash = path.indexOf('/')
  return slash < 0 ? [path, ''] : [path.slice(0, slash), path.slice(slash + 1)]
}

const ON_SERVICE: Readonly<Record<string, string>> = {
  'GET list': 'ListContainers',
  'GET properties': 'GetBlobServiceProperties',
  'PUT properties': 'SetBlobServiceProperties',
  'GET stats': 'GetBlobServiceStats',
  'GET blobs': 'FindBlobsByTags',
  'POST userdelegationkey': 'GetUserDelegationKey',
  'POST batch': 'BlobBatch',
}

const ON_CONTAINER: Readonly<Record<string, string>> = {
  'GET ': 'GetContainerProperties',
  'PUT ': 'CreateContainer',
  'DELETE ': 'DeleteContainer',
  'GET list': 'ListBlobs',
  'GET metadata': 'GetContainerMetadata',
  'PUT metadata': 'SetContainerMetadata',
  'GET acl': 'GetContainerAcl',
  'PUT acl': 'SetContainerAcl',
  'PUT lease': 'LeaseContainer',
  'PUT undelete': 'RestoreContainer',
  'GET blobs': 'FindBlobsByTags',
}

const ON_BLOB: Readonly<Record<string, string>> = {
  'DELETE ': 'DeleteBlob',
  'GET metadata': 'GetBlobMetadata',
  'PUT metadata': 'SetBlobMetadata',
  'GET tags': 'GetBlobTags',
  'PUT tags': 'SetBlobTags',
  'GET blocklist': 'GetBlockList',
  'PUT blocklist': 'PutBlockList',
  'PUT block': 'PutBlock',
  'PUT page': 'PutPage',
  'GET pagelist': 'GetPageRanges',
  'PUT appendblock': 'AppendBlock',
  'PUT seal': 'SealAppendBlob',
  'PUT snapshot': 'SnapshotBlob',
  'PUT tier': 'SetBlobTier',
  'PUT properties': 'SetBlobProperties',
  'PUT lease': 'LeaseBlob',
  'PUT undelete': 'UndeleteBlob',
  'PUT expiry': 'SetBlobExpiry',
  'PUT copy': 'AbortCopyBlob',
  'PUT immutabilityPolicies': 'SetBlobImmutabilityPolicy',
  'DELETE immutabilityPolicies': 'DeleteBlobImmutabilityPolicy',
  'PUT legalhold': 'SetBlobLegalHold',
  'POST query': 'QueryBlobContents',
}

const onBlob = (what: string, method: string, headers: ReadonlyMap<string, string>): string => {
  if (what === 'GET ') return method === 'HEAD' ? 'GetBlobProperties' : 'GetBlob'
  if (what === 'PUT ') return headers.has('x-ms-copy-source') && !headers.has('x-ms-blob-type') ? 'CopyBlob' : 'PutBlob'
  return ON_BLOB[what] ?? 'Unknown'
}
