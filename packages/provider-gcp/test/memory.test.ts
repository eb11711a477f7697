import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { startGcsServer } from '@backproof/test-servers'
import { scaleSuite } from '@backproof/test-servers/suites'
import { withoutTokens } from './support/requests.js'

const built = fileURLToPath(new URL('../dist/index.js', import.meta.url))
if (!existsSync(built)) throw new Error('The packages are not built: run `npm run build`, or all tests by `npm test`.')

const server = await startGcsServer()

scaleSuite({
  module: '@backproof/provider-gcp',
  factory: 'gcsSource',
  options: (bucket) => ({ bucket, endpoint: server.url, credentials: server.owner.credentials }),
  requests: withoutTokens(server.requests),
  proves: 'stored',
  createBucket: (name) => server.admin.createBucket({ name }),
  // One in ten is composed of others: it has no MD5.
  put: (bucket, key, bytes, i) =>
    server.admin.put(bucket, key, bytes, i % 10 === 7 ? { componentCount: 2 } : { contentEncoding: 'gzip' }),
  close: () => server.close(),
  ofBucket: { 'buckets.get': 1 },
  list: 'objects.list',
  read: 'objects.getMedia',
  pageRows: 1_000,
  // Ten pages, and what guessing where they begin may cost: a quarter more and one for each of 4 at once.
  extraPages: 10 * 0.25 + 4,
  opaque: { absent: 'Listings tell the CRC32C of every object that no key of its owner hides.' },
})
