import { storageInsights } from '@backproof/provider-gcp'
import { type GcsServer, startGcsServer } from '@backproof/test-servers'
import { inventoryPlaceSuite } from '@backproof/test-servers/suites'
import { afterAll, beforeAll } from 'vitest'
import { freshName, withBucket } from '../support/bucket.js'
import { MANIFEST, rowOf, writeReport } from './support.js'

let server: GcsServer
beforeAll(async () => {
  server = await startGcsServer()
})
afterAll(() => server.close())

inventoryPlaceSuite({
  manifest: MANIFEST,
  write: writeReport,
  bucket: () => {
    const bucket = freshName()
    server.admin.createBucket({ name: bucket })
    return bucket
  },
  put: async (bucket, name, content) => server.admin.put(bucket, name, content),
  within: (bucket, as, use) => withBucket(server, bucket, as === 'nobody' ? { anonymous: true } : {}, use),
  open: (files, bucket) => storageInsights({ files, manifest: MANIFEST, bucket }),
  uriOf: (files, bucket) =>
    `storage-insights+${files}/${MANIFEST.replace('=', '%3D').replaceAll(':', '%3A')}?bucket=${bucket}`,
  rowOf: (bucket, { key, version, modified, storageClass }, content) =>
    rowOf(key, content, {
      bucket,
      generation: version ?? '',
      timeCreated: new Date(modified ?? 0).toISOString(),
      storageClass: storageClass ?? '',
    }),
  denied: ['access-denied'],
})
