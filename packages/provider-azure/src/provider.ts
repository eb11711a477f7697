import type { ProviderContext, ProviderDescriptor } from '@backproof/core/source'
import { accessFromEnvironment } from './client/environment.js'
import { PROVIDER } from './errors.js'
import type { AzureBlobSourceOptions } from './options.js'
import { azureBlobSource } from './source.js'
import { placeFromUri } from './uri.js'

/**
 * Opens `azblob:` URIs with the options of `azureBlobSource`. A prefix is a folder: `azblob://account/container/shop` is what
 * lies below `shop/`. Credentials are those of AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT with
 * AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN, else what `@azure/identity` finds, unless options name them.
 */
export const provider: ProviderDescriptor = Object.freeze({
  specVersion: 'v1',
  name: PROVIDER,
  schemes: Object.freeze(['azblob']),
  fromUri: (uri: string, { options = {} }: ProviderContext = {}) => {
    const { account, container, prefix } = placeFromUri(uri)
    const given = options as Omit<AzureBlobSourceOptions, 'account' | 'container' | 'prefix'>
    return azureBlobSource({ ...given, ...accessFromEnvironment(account, given, process.env), container, prefix })
  },
})
