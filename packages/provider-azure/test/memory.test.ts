import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { startAzureServer } from '@backproof/test-servers'
import { scaleSuite } from '@backproof/test-servers/suites'

const built = fileURLToPath(new URL('../dist/index.js', import.meta.url))
if (!existsSync(built)) throw new Error('The packages are not built: run `npm run build`, or all tests by `npm test`.')

const server = await startAzureServer()

scaleSuite({
  module: '@backproof/provider-azure',
  factory: 'azureBlobSource',
  options: (container) => ({
    url: server.url,
    credential: { accountName: server.account, accountKey: server.key },
    container,
  }),
  requests: server.requests,
  proves: 'claimed',
  createBucket: (name) => server.admin.createContainer({ name }),
  put: (container, key, bytes) => server.admin.put(container, key, bytes),
  close: () => server.close(),
  ofBucket: { GetAccountInfo: 1 },
  list: 'ListBlobs',
  read: 'GetBlob',
  pageRows: 5_000,
  // That of its first blobs, with which every run begins.
  extraPages: 1,
  opaque: { absent: 'What a listing does not tell of a blob, no other request tells.' },
})
