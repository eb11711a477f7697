import {
  AccountSASPermissions,
  AccountSASResourceTypes,
  AccountSASServices,
  type BlobSASSignatureValues,
  ContainerSASPermissions,
  generateAccountSASQueryParameters,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from '@azure/storage-blob'

/** What a shared access signature is for: the account, with `container` that one, with `blob` too only the blob. */
export interface SasOptions {
  readonly container?: string | undefined
  readonly blob?: string | undefined
  /** Of a blob: only this version, or this snapshot. */
  readonly versionId?: string | undefined
  readonly snapshot?: string | undefined
  /** Letters as in `sp`. Default `rl`, for a blob `r`. */
  readonly permissions?: string | undefined
  /** Default: no start. */
  readonly startsOn?: Date | undefined
  /** Default: in an hour. */
  readonly expiresOn?: Date | undefined
  /** Resource types of an account's signature, as in `srt`. Default `sco`. */
  readonly resourceTypes?: string | undefined
}

export interface AccountKey {
  readonly account: string
  /** Base64. */
  readonly key: string
}

/** A shared access signature, made with the account's key: the query without a question mark. */
export const makeSas = ({ account, key }: AccountKey, options: SasOptions = {}): string => {
  const credential = new StorageSharedKeyCredential(account, key)
  const { container, blob, startsOn, expiresOn = new Date(Date.now() + 3_600_000) } = options
  const times = { expiresOn, ...(startsOn && { startsOn }) }
  const permissions = options.permissions ?? (blob === undefined ? 'rl' : 'r')
  if (container === undefined) {
    const values = {
      ...times,
      permissions: AccountSASPermissions.parse(permissions),
      services: AccountSASServices.parse('b').toString(),
      resourceTypes: AccountSASResourceTypes.parse(options.resourceTypes ?? 'sco').toString(),
    }
    return generateAccountSASQueryParameters(values, credential).toString()
  }
  const values: BlobSASSignatureValues = {
    ...times,
    containerName: container,
    ...(blob !== undefined && { blobName: blob }),
    ...(options.versionId !== undefined && { versionId: options.versionId }),
    ...(options.snapshot !== undefined && { snapshotTime: options.snapshot }),
    // The letters of containers are those of blobs and some more; the SDK asks for the order of the platform.
    permissions: ContainerSASPermissions.parse(permissions),
  }
  return generateBlobSASQueryParameters(values, credential).toString()
}
