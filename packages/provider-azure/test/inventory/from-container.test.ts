import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ObjectEntry } from '@backproof/core/source'
import { azureInventory } from '@backproof/provider-azure'
import { type AzureServer, startAzureServer } from '@backproof/test-servers'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { failureOf, freshName, withContainer } from '../support/container.js'
import { FOLDER, listAll, MANIFEST, type Row, rowOf, writeInventory } from './support.js'

let server: AzureServer
beforeAll(async () => {
  server = await startAzureServer()
})
afterEach(() => server.setFault(undefined))
afterAll(() => server.close())

/** What stays of a row when the service lists the blob by itself. */
const bare = ({ key, kind, size, modified, etag, digests = [] }: ObjectEntry): object => ({
  ...{ key, kind, size, modified, etag },
  md5: digests.find(({ algorithm }) => algorithm === 'md5')?.value,
})

const upload = async (root: string): Promise<string> => {
  const container = freshName()
  server.admin.createContainer({ name: container })
  for (const name of readdirSync(join(root, FOLDER))) {
    await server.admin.put(container, `${FOLDER}/${name}`, readFileSync(join(root, FOLDER, name)))
  }
  return container
}

describe.each(['csv', 'parquet'] as const)('an inventory in %s, read from its container', (format) => {
  it('says what the container itself lists', async () => {
    const shop = freshName()
    server.admin.createContainer({ name: shop })
    for (const name of ['a', 'd/b c', 'ü+%20']) await server.admin.put(shop, name, Buffer.from(`content of ${name}`))
    const live = await withContainer(server, shop, {}, listAll)
    expect(live).toHaveLength(3)
    const rows: Row[] = await Promise.all(
      live.map(({ key, etag, modified }) =>
        rowOf(`${shop}/${key}`, `content of ${key}`, {
          Etag: etag ?? '',
          'Last-Modified': new Date(modified ?? 0).toISOString(),
        }),
      ),
    )
    const lists = await upload(writeInventory({ rows, format }))
    await withContainer(server, lists, {}, async (files) => {
      const source = azureInventory({ files, manifest: MANIFEST, container: shop })
      expect((await listAll(source)).map(bare)).toEqual(live.map(bare))
      expect(source.uri).toBe(`azure-inventory+${files.uri}/${MANIFEST}?container=${shop}`)
    })
  })

  it('is not there for who may not read it', async () => {
    const lists = await upload(writeInventory({ rows: [], format }))
    await withContainer(server, lists, { credential: 'anonymous' }, async (files) => {
      const failure = await failureOf(azureInventory({ files, manifest: MANIFEST }).describe())
      expect(['access-denied', 'not-found']).toContain(failure.code)
    })
  })
})
