import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type PutOptions, startS3Server } from '@backproof/test-servers'
import { scaleSuite } from '@backproof/test-servers/suites'

const built = fileURLToPath(new URL('../dist/index.js', import.meta.url))
if (!existsSync(built)) throw new Error('The packages are not built: run `npm run build`, or all tests by `npm test`.')

const server = await startS3Server()

/** One in ten is one that the listing does not prove: under KMS its ETag is no MD5. */
const isOpaque = (i: number): boolean => i % 10 === 3
const putOf = (i: number, { length }: Uint8Array): PutOptions => {
  if (isOpaque(i)) return { sse: 'aws:kms' }
  return i % 10 === 7 ? { partSizes: [length], checksum: 'none' } : { checksum: 'none' }
}

scaleSuite({
  module: '@backproof/provider-aws',
  factory: 's3Source',
  options: (bucket) => ({
    bucket,
    endpoint: server.url,
    region: server.region,
    credentials: server.credentials,
    profile: 'aws',
  }),
  requests: server.requests,
  proves: 'stored',
  createBucket: (name) => server.admin.createBucket({ name }),
  put: (bucket, key, bytes, i) => server.admin.put(bucket, key, bytes, putOf(i, bytes)),
  close: () => server.close(),
  ofBucket: { HeadBucket: 1, GetBucketVersioning: 1 },
  list: 'ListObjectsV2',
  read: 'GetObject',
  pageRows: 1_000,
  // Ten pages, and what guessing where they begin may cost: a quarter more and one for each of 4 at once.
  extraPages: 10 * 0.25 + 4,
  opaque: { operation: 'HeadObject', is: isOpaque },
})
