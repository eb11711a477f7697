/** What a caller needs for an operation, by the way in which it says who it is. */
export interface Need {
  /** Letter among the permissions of a signature. */
  readonly letter: string
  /** Letter among the resource types of a signature of the account. */
  readonly resourceType: 's' | 'c' | 'o'
  /** Whether a signature of a container or blob may do it at all. */
  readonly serviceSas: boolean
  /** RBAC action, or data action. */
  readonly action: string
  /** Least public access of the container. Default: none is enough. */
  readonly anonymous?: 'container' | 'blob' | undefined
}

const BLOB_SERVICES = 'Microsoft.Storage/storageAccounts/blobServices'

/** "Permissions" in the REST reference of each operation; "Permissions for calling data operations" for actions. */
export const NEEDS: ReadonlyMap<string, Need> = new Map<string, Need>([
  [
    'ListBlobs',
    {
      letter: 'l',
      resourceType: 'c',
      serviceSas: true,
      action: `${BLOB_SERVICES}/containers/blobs/read`,
      anonymous: 'container',
    },
  ],
  [
    'GetBlob',
    {
      letter: 'r',
      resourceType: 'o',
      serviceSas: true,
      action: `${BLOB_SERVICES}/containers/blobs/read`,
      anonymous: 'blob',
    },
  ],
  [
    'GetBlobProperties',
    {
      letter: 'r',
      resourceType: 'o',
      serviceSas: true,
      action: `${BLOB_SERVICES}/containers/blobs/read`,
      anonymous: 'blob',
    },
  ],
  [
    'GetBlobTags',
    { letter: 't', resourceType: 'o', serviceSas: true, action: `${BLOB_SERVICES}/containers/blobs/tags/read` },
  ],
  [
    'GetContainerProperties',
    {
      letter: 'r',
      resourceType: 'c',
      serviceSas: false,
      action: `${BLOB_SERVICES}/containers/read`,
      anonymous: 'container',
    },
  ],
  ['GetAccountInfo', { letter: 'r', resourceType: 's', serviceSas: true, action: `${BLOB_SERVICES}/getInfo/action` }],
  ['GetBlobServiceProperties', { letter: 'r', resourceType: 's', serviceSas: false, action: `${BLOB_SERVICES}/read` }],
  ['ListContainers', { letter: 'l', resourceType: 's', serviceSas: false, action: `${BLOB_SERVICES}/containers/read` }],
  [
    'GetUserDelegationKey',
    {
      // No signature may: it is for those who have a token.
      letter: '-',
      resourceType: 's',
      serviceSas: false,
      action: `${BLOB_SERVICES}/generateUserDelegationKey/action`,
    },
  ],
])

/** What the built-in roles of Azure allow, as far as it is read here. */
export const ROLES: Readonly<Record<string, readonly string[]>> = {
  'Storage Blob Data Reader': [
    `${BLOB_SERVICES}/containers/read`,
    `${BLOB_SERVICES}/containers/blobs/read`,
    `${BLOB_SERVICES}/generateUserDelegationKey/action`,
  ],
  'Storage Blob Data Owner': [`${BLOB_SERVICES}/containers/*`, `${BLOB_SERVICES}/generateUserDelegationKey/action`],
  // Of the management of an account, it reads settings, but no data.
  Reader: [`${BLOB_SERVICES}/containers/read`, `${BLOB_SERVICES}/read`],
}
