import { BlobServiceClient } from '@azure/storage-blob'
import { startAzureServer, startAzurite } from '@backproof/test-servers'
import { afterAll, describe, it } from 'vitest'
import { azureConformance } from './support/azure-conformance.js'

const azurite = await startAzurite()
const service = BlobServiceClient.fromConnectionString(azurite.connectionString, { retryOptions: { maxTries: 1 } })
afterAll(() => azurite.close())

azureConformance(
  {
    name: 'azurite',
    connectionString: azurite.connectionString,
    secret: azurite.key,
    // It does not tell whether the account has a hierarchical namespace.
    keyOrder: 'none',
    versioned: false,
    manyObjects: 300,
    // Control characters break its listings, backslashes become slashes; segments of dots are lost in the SDK's URLs.
    isBeyond: (key) => /[\p{Cc}\ufffe\uffff\\]|(?:^|\/)\.{1,2}(?:\/|$)/u.test(key),
    createContainer: (name) => azurite.createContainer(name),
    put: async (container, name, bytes) => {
      const body = Buffer.from(bytes)
      await service.getContainerClient(container).getBlockBlobClient(name).upload(body, body.length)
    },
    remove: async (container, name) => {
      await service.getContainerClient(container).deleteBlob(name)
    },
    removeContainer: async (name) => {
      await service.deleteContainer(name)
    },
  },
  { describe, it },
  {
    'list-order': 'It does not tell in which order it lists.',
    ...Object.fromEntries(
      ['key-control', 'key-newline', 'key-backslash', 'key-drive', 'key-dots', 'key-relative'].map((name) => [
        name,
        'azurite cannot hold such names.',
      ]),
    ),
  },
)

const server = await startAzureServer({ versioning: true })
afterAll(() => server.close())

azureConformance(
  {
    name: 'the Azure test server',
    connectionString: server.connectionString,
    secret: server.key,
    keyOrder: 'utf16',
    versioned: true,
    manyObjects: 5_100,
    createContainer: async (name) => server.admin.createContainer({ name }),
    put: async (container, name, bytes) => {
      await server.admin.put(container, name, bytes)
    },
    remove: async (container, name) => server.admin.remove(container, name),
    removeContainer: async () => undefined,
  },
  { describe, it },
)
