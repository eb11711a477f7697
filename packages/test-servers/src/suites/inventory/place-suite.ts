import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { BackupSource, ObjectEntry } from '@backproof/core/source'
import { describe, expect, it } from 'vitest'
import { failureOf, listAll } from '../reading.js'
import type { ListToWrite, Row } from './lists.js'

/** A server of an object store, and the lists that the platform would write into a bucket of it. */
export interface InventoryPlaceHarness {
  /** Of the manifest. */
  readonly manifest: string
  /** Writes a list below a directory of its own; gives its path. */
  write(list: ListToWrite): string
  /** A bucket of its own on the server; gives its name. */
  bucket(): string
  put(bucket: string, key: string, content: Uint8Array): Promise<unknown>
  /** Opens a bucket, as its owner or as nobody; does something with it, and closes it. */
  within<T>(bucket: string, as: 'owner' | 'nobody', use: (source: BackupSource) => Promise<T>): Promise<T>
  /** A list in a bucket as a source: of all, or of one place. */
  open(files: BackupSource, place?: string): BackupSource
  /** The URI of such a list of one place. */
  uriOf(files: string, place: string): string
  /** The row of an object that was listed in a place. */
  rowOf(place: string, entry: ObjectEntry, content: string): Promise<Row>
  /** What of an entry a list tells as the place itself does. Default: all. */
  readonly told?: ((entry: ObjectEntry) => object) | undefined
  /** How somebody is refused who may not read the files. */
  readonly denied: readonly string[]
}

/** Registers what must hold of lists that lie where the service writes them: they say what the place itself lists. */
export const inventoryPlaceSuite = (harness: InventoryPlaceHarness): void => {
  const { manifest, within, told = (entry) => entry } = harness

  const upload = async (list: ListToWrite): Promise<string> => {
    const bucket = harness.bucket()
    const root = harness.write(list)
    const folder = dirname(manifest)
    for (const name of readdirSync(join(root, folder))) {
      await harness.put(bucket, `${folder}/${name}`, readFileSync(join(root, folder, name)))
    }
    return bucket
  }

  describe.each(['csv', 'parquet'] as const)('a list in %s, read from where it was written to', (format) => {
    it('says what the place itself lists', async () => {
      const shop = harness.bucket()
      const contentOf = (key: string): string => `content of ${key}`
      for (const key of ['a', 'd/b c', 'ü+%20']) await harness.put(shop, key, Buffer.from(contentOf(key)))
      const live = await within(shop, 'owner', (source) => listAll(source))
      expect(live).toHaveLength(3)
      const rows = await Promise.all(live.map((entry) => harness.rowOf(shop, entry, contentOf(entry.key))))
      await within(await upload({ rows, format }), 'owner', async (files) => {
        const source = harness.open(files, shop)
        expect((await listAll(source)).map(told)).toEqual(live.map(told))
        expect(source.uri).toBe(harness.uriOf(files.uri, shop))
      })
    })

    it('is not there for who may not read it', async () => {
      await within(await upload({ rows: [], format }), 'nobody', async (files) => {
        const failure = await failureOf(harness.open(files).describe())
        expect(harness.denied).toContain(failure.code)
      })
    })
  })
}
