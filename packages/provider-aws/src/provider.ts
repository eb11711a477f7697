import type { ProviderContext, ProviderDescriptor } from '@backproof/core/source'
import { PROVIDER } from './errors.js'
import type { S3SourceOptions } from './options.js'
import { s3Source } from './source.js'
import { placeFromUri } from './uri.js'

/**
 * Opens `s3:` URIs with the options of `s3Source`. A prefix is a folder: `s3://bucket/shop` is what lies below `shop/`.
 * Credentials, region and endpoint are those that the SDK finds, unless options name them.
 */
export const provider: ProviderDescriptor = Object.freeze({
  specVersion: 'v1',
  name: PROVIDER,
  schemes: Object.freeze(['s3']),
  fromUri: (uri: string, { options = {} }: ProviderContext = {}) =>
    s3Source({ ...accountAsText(options as Omit<S3SourceOptions, 'bucket' | 'prefix'>), ...placeFromUri(uri) }),
})

/** Account ids have twelve digits: a command line may take one for a number. */
const accountAsText = <T extends { readonly expectedBucketOwner?: unknown }>(options: T): T => {
  const { expectedBucketOwner: owner } = options
  return typeof owner === 'number' ? { ...options, expectedBucketOwner: String(owner).padStart(12, '0') } : options
}
