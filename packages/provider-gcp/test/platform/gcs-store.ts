import { localDirectory } from '@backproof/provider-local'
import type { GcsBucketOptions, GcsPutOptions } from '@backproof/test-servers'
import type { StoreHarness } from '@backproof/test-servers/suites'
import { withoutTokens } from '../support/requests.js'
import { OF_BUCKET, READ_ONLY } from './outcome.js'
import type { Place } from './place.js'

/** How objects of a kind are stored. */
const KINDS: Readonly<
  Record<'usual' | 'opaque' | 'versioned', readonly [GcsPutOptions, Omit<GcsBucketOptions, 'name'>]>
> = {
  usual: [{}, {}],
  // It has no digest that is one.
  opaque: [{ crc32c: '?', md5Hash: null }, {}],
  versioned: [{}, { versioning: true }],
}

/** The Cloud Storage test server as the suites about contents drive it; the place closes it. */
export const gcsStore = ({ server, ...place }: Place): StoreHarness => ({
  name: 'Cloud Storage',
  requests: withoutTokens(server.requests),
  readOnly: READ_ONLY,
  bySdk: [],
  ofBucket: OF_BUCKET,
  operations: { list: 'objects.list', read: 'objects.getMedia' },
  proves: 'stored',
  bucket: (objects, kind) => {
    const [put, options] = KINDS[kind ?? 'usual']
    return place.bucket(Object.fromEntries([...objects].map(([key, bytes]) => [key, [bytes, put]])), options)
  },
  source: (bucket, options) => place.source(bucket, options),
  rot: (bucket, key, offset) => server.admin.corrupt(bucket, key, offset),
  directory: (path) => localDirectory({ path }),
  close: () => Promise.resolve(),
})
