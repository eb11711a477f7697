import { localDirectory } from '@backproof/provider-local'
import type { BucketOptions, PutOptions } from '@backproof/test-servers'
import type { StoreHarness } from '@backproof/test-servers/suites'
import { BY_SDK, OF_BUCKET, READ_ONLY } from './outcome.js'
import type { Place } from './place.js'

/** How objects of a kind are stored. */
const KINDS: Readonly<Record<'usual' | 'opaque' | 'versioned', readonly [PutOptions, Omit<BucketOptions, 'name'>]>> = {
  usual: [{ checksum: 'none' }, {}],
  // Its ETag is no MD5, and there is nothing else.
  opaque: [{ sse: 'aws:kms', checksum: 'none' }, {}],
  versioned: [{ checksum: 'none' }, { versioning: 'Enabled' }],
}

/** The S3 test server as the suites about contents drive it; the place closes it. */
export const s3Store = ({ server, ...place }: Place): StoreHarness => ({
  name: 'S3',
  requests: server.requests,
  readOnly: READ_ONLY,
  bySdk: BY_SDK,
  ofBucket: OF_BUCKET,
  operations: { list: 'ListObjectsV2', read: 'GetObject' },
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
