import { azureInventory } from '@backproof/provider-azure'
import { type AzureServer, startAzureServer } from '@backproof/test-servers'
import { inventoryPlaceSuite } from '@backproof/test-servers/suites'
import { afterAll, beforeAll } from 'vitest'
import { freshName, withContainer } from '../support/container.js'
import { MANIFEST, rowOf, writeInventory } from './support.js'

let server: AzureServer
beforeAll(async () => {
  server = await startAzureServer()
})
afterAll(() => server.close())

inventoryPlaceSuite({
  manifest: MANIFEST,
  write: writeInventory,
  bucket: () => {
    const container = freshName()
    server.admin.createContainer({ name: container })
    return container
  },
  put: (container, name, content) => server.admin.put(container, name, content),
  within: (container, as, use) =>
    withContainer(server, container, as === 'nobody' ? { credential: 'anonymous' } : {}, use),
  open: (files, container) => azureInventory({ files, manifest: MANIFEST, container }),
  uriOf: (files, container) => `azure-inventory+${files}/${MANIFEST}?container=${container}`,
  rowOf: (container, { key, etag, modified }, content) =>
    rowOf(`${container}/${key}`, content, {
      Etag: etag ?? '',
      'Last-Modified': new Date(modified ?? 0).toISOString(),
    }),
  told: ({ key, kind, size, modified, etag, digests = [] }) => ({
    ...{ key, kind, size, modified, etag },
    md5: digests.find(({ algorithm }) => algorithm === 'md5')?.value,
  }),
  denied: ['access-denied', 'not-found'],
})
