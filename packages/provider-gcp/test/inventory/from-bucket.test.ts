import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ObjectEntry } from '@backproof/core/source'
import { storageInsights } from '@backproof/provider-gcp'
import { type GcsServer, startGcsServer } from '@backproof/test-servers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf, freshName, withBucket } from '../support/bucket.js'
import { FOLDER, listAll, MANIFEST, type Row, rowOf, writeReport } from './support.js'

let server: GcsServer
beforeAll(async () => {
  server = await startGcsServer()
})
afterAll(() => server.close())

const upload = async (root: string): Promise<string> => {
  const bucket = freshName()
  server.admin.createBucket({ name: bucket })
  for (const name of readdirSync(join(root, FOLDER))) {
    await server.admin.put(bucket, `${FOLDER}/${name}`, readFileSync(join(root, FOLDER, name)))
  }
  return bucket
}

describe.each(['csv', 'parquet'] as const)('a report in %s, read from its bucket', (format) => {
  it('says what the bucket itself lists', async () => {
    const shop = freshName()
    server.admin.createBucket({ name: shop })
    for (const name of ['a', 'd/b c', 'ü+%20']) await server.admin.put(shop, name, Buffer.from(`content of ${name}`))
    const live: ObjectEntry[] = await withBucket(server, shop, {}, listAll)
    expect(live).toHaveLength(3)
    const rows: Row[] = await Promise.all(
      live.map(({ key, version, modified, storageClass }) =>
        rowOf(key, `content of ${key}`, {
          bucket: shop,
          generation: version ?? '',
          timeCreated: new Date(modified ?? 0).toISOString(),
          storageClass: storageClass ?? '',
        }),
      ),
    )
    const lists = await upload(writeReport({ rows, format }))
    await withBucket(server, lists, {}, async (files) => {
      const source = storageInsights({ files, manifest: MANIFEST, bucket: shop })
      expect(await listAll(source)).toEqual(live)
    })
  })

  it('is not there for who may not read it', async () => {
    const lists = await upload(writeReport({ rows: [], format }))
    await withBucket(server, lists, { anonymous: true }, async (files) => {
      const failure = await failureOf(storageInsights({ files, manifest: MANIFEST }).describe())
      expect(failure.code).toBe('access-denied')
    })
  })
})
