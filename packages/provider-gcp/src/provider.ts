import type { ProviderContext, ProviderDescriptor } from '@backproof/core/source'
import { PROVIDER } from './errors.js'
import type { GcsSourceOptions } from './options.js'
import { gcsSource } from './source.js'
import { placeFromUri } from './uri.js'

/**
 * Opens `gs:` URIs with the options of `gcsSource`. A prefix is a folder: `gs://bucket/shop` is what lies below `shop/`.
 * Credentials are those that the SDK finds (ADC), unless options name them.
 */
export const provider: ProviderDescriptor = Object.freeze({
  specVersion: 'v1',
  name: PROVIDER,
  schemes: Object.freeze(['gs']),
  fromUri: (uri: string, { options = {} }: ProviderContext = {}) =>
    gcsSource({ ...projectsAsText(options as Omit<GcsSourceOptions, 'bucket' | 'prefix'>), ...placeFromUri(uri) }),
})

/** Projects have numbers too: a command line may take one for a number. */
const projectsAsText = <T extends object>(options: T): T => {
  const numbers = Object.entries(options).filter(
    ([name, value]) => (name === 'projectId' || name === 'userProject') && typeof value === 'number',
  )
  return { ...options, ...Object.fromEntries(numbers.map(([name, value]) => [name, String(value)])) }
}
