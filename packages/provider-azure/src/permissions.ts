/** The data action that lists and reads blobs, in the words of Azure ("Permissions for calling data operations"). */
export const READ_ACTION = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'

/** The built-in role with it. Source: "Azure built-in roles for Storage". */
export const READER_ROLE = 'Storage Blob Data Reader'

/** The letter among the permissions of a shared access signature (`sp`) that a request needs. */
export const sasLetterOf = (operation: string): 'l' | 'r' => (operation === 'ListBlobs' ? 'l' : 'r')

/** The data action that a request needs. */
export const permissionOf = (operation: string): string =>
  operation === 'GetAccountInfo' ? 'Microsoft.Storage/storageAccounts/blobServices/getInfo/action' : READ_ACTION
