import { createHash } from 'node:crypto'
import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BackupSource } from '@backproof/core/source'
import { azureInventory } from '@backproof/provider-azure'
import { localDirectory } from '@backproof/provider-local'
import { failureOf, inventorySuite, listAll } from '@backproof/test-servers/suites'
import { describe, expect, it } from 'vitest'
import { BEGIN, COLUMNS, FOLDER, type Inventory, MANIFEST, rowOf, writeInventory } from './support.js'

const directory = (path: string): BackupSource => localDirectory({ path })

inventorySuite({
  manifest: MANIFEST,
  asOf: Date.parse(BEGIN),
  write: writeInventory,
  open: (options) => azureInventory(options as never),
  scope: { container: 'shop' },
  directory,
  layouts: [
    ['CSV', { format: 'csv' }],
    ['Parquet', { format: 'parquet' }],
  ],
  rowOf: (key, content, more) => rowOf(`shop/${key}`, content, more),
  emptyRow: (key) => ({ Name: `shop/${key}`, 'Content-Length': '0' }),
  outside: [{ Name: 'shopping/p/a', 'Content-Length': '0' }],
  columns: { bare: ['Name'], digest: ['Name', 'Content-MD5'] },
  digest: { algorithm: 'md5', provenance: 'claimed' },
  proves: 'claimed',
  withoutMd5: { 'Content-MD5': '' },
  differs: { outcome: 'unverifiable', reason: 'claim-differs' },
  fileNames: ['daily.csv', 'daily_1000000_1.csv'],
  cut: (path) => truncateSync(path, readFileSync(path).length - 1),
  refused: [
    [{ status: 'Pending' }, 'invalid-config', '"Pending"'],
    [{ status: 'PartiallySucceeded' }, 'invalid-config', 'not whole'],
    [{ ruleDefinition: { objectType: 'container', format: 'csv' } }, 'invalid-config', '"container"'],
    [{ ruleDefinition: { objectType: 'blob', format: 'orc' } }, 'corrupt', '"orc"'],
    [
      { ruleDefinition: { objectType: 'blob', format: 'csv', filters: { prefixMatch: 'x' } } },
      'corrupt',
      'prefixMatch',
    ],
    [{ files: undefined }, 'corrupt', 'names no files'],
    [{ files: [{ blob: 'a', size: -1 }] }, 'corrupt', 'without name or size'],
    [{ inventoryStartTime: 'never' }, 'corrupt', 'inventoryStartTime'],
  ],
  corrupt: {
    rows: [
      [{ Name: 'no-container' }, 'Name "no-container"'],
      [{ Name: '' }, 'Name ""'],
      [{ Name: 'shop/a', 'Content-Length': '-1' }, 'Content-Length "-1"'],
      [{ Name: 'shop/a', 'Content-Length': '1e3' }, 'Content-Length "1e3"'],
      [{ Name: 'shop/a', 'Last-Modified': 'yesterday' }, 'Last-Modified "yesterday"'],
      [{ Name: 'shop/a', Deleted: 'perhaps' }, 'Deleted "perhaps"'],
    ],
    columns: [...COLUMNS, 'Deleted'],
    line: 3,
  },
  options: {
    wrong: [
      [{ container: 'a/b' }, 'container is "a/b"'],
      [{ prefix: 'p/' }, 'give container too'],
      [{ bucket: 'b' }, 'has no option "bucket"'],
    ],
    uri: [
      { manifest: MANIFEST, container: 'shop', prefix: 'p/' },
      `azure-inventory+file:///${MANIFEST}?container=shop&prefix=p%2F`,
    ],
  },
})

const inventoryOf = (root: string, options: object = {}): BackupSource =>
  azureInventory({ files: directory(root), manifest: MANIFEST, container: 'shop', ...options })

const open = (inventory: Inventory, options: object = {}): BackupSource =>
  inventoryOf(writeInventory(inventory), options)

describe.each(['csv', 'parquet'] as const)('an inventory in %s', (format) => {
  it('has the entries that a listing of the container would have', async () => {
    const rows = [
      await rowOf('shop/a.txt', 'hello'),
      await rowOf('shop/d/cold', 'x', { AccessTier: 'Archive', 'Content-MD5': '', 'Content-CRC64': '' }),
      await rowOf('shop/100%2F, "quoted"\nname', ''),
      await rowOf('other/a.txt', 'another container'),
    ]
    const source = open({ rows, format })
    const entries = await listAll(source)
    expect(entries.map(({ key }) => key)).toEqual(['a.txt', 'd/cold', '100%2F, "quoted"\nname'])
    expect(entries[0]).toMatchObject({
      kind: 'object',
      size: 5,
      etag: '0x8DA1',
      storageClass: 'Hot',
      modified: Date.UTC(2026, 9, 2, 10, 11, 12),
      digests: [
        { algorithm: 'md5', value: '5d41402abc4b2a76b9719d911017c592', provenance: 'claimed' },
        { algorithm: 'crc64nvme', provenance: 'claimed' },
      ],
    })
    expect(entries[1]).toMatchObject({ size: 1, storageClass: 'Archive', archived: true })
    expect(entries[1]?.digests).toBeUndefined()
    expect(await source.describe()).toMatchObject({
      asOf: Date.parse(BEGIN),
      readCost: 'impossible',
      listingDigests: [
        { algorithm: 'md5', provenance: 'claimed' },
        { algorithm: 'crc64nvme', provenance: 'claimed' },
      ],
    })
  })

  it('leaves out, by a word, what is no blob as it is now', async () => {
    const columns = [...COLUMNS, 'Snapshot', 'VersionId', 'IsCurrentVersion', 'Deleted', 'hdi_isfolder']
    const at = (day: number): string => `2026-10-0${day}T00:00:00.0000000Z`
    const rows = [
      await rowOf('shop/a', '1', { VersionId: at(3), IsCurrentVersion: 'true' }),
      await rowOf('shop/a', '2', { VersionId: at(2), IsCurrentVersion: 'false' }),
      await rowOf('shop/a', '3', { Snapshot: at(1) }),
      await rowOf('shop/b', '4', { Deleted: 'true' }),
      await rowOf('shop/folder', '', { hdi_isfolder: 'true' }),
      await rowOf('shop/marked', '', { Metadata: '{"hdi_isfolder":"true"}' }),
      await rowOf('shop/plain', '', { Metadata: '{"owner":"hdi_isfolder' }),
    ]
    const entries = await listAll(open({ rows, columns, format }))
    expect(entries.map(({ key, excluded }) => [key, excluded])).toEqual([
      ['a', undefined],
      ['a', 'noncurrent-version'],
      ['a', 'snapshot'],
      ['b', 'soft-deleted'],
      ['folder', 'folder-marker'],
      ['marked', format === 'csv' ? 'folder-marker' : undefined],
      ['plain', undefined],
    ])
    expect(entries[0]?.version).toBe(at(3))
  })
})

describe('names', () => {
  it('of a whole account begin with the container', async () => {
    const inventory = { rows: [{ Name: 'shop/a' }, { Name: '$root/b' }, { Name: 'x/c/d' }] }
    expect((await listAll(open(inventory, { container: undefined }))).map(({ key }) => key)).toEqual([
      'shop/a',
      '$root/b',
      'x/c/d',
    ])
  })

  it.each([
    [['shop'], {}, true],
    [['sho'], {}, true],
    [['shop/'], {}, true],
    [[''], {}, true],
    [['other', 'shop/p'], { prefix: 'p/' }, true],
    [['shop/p'], {}, false],
    [['shop/p/q'], { prefix: 'p/' }, false],
    [['other'], {}, false],
    [['shop/p'], { container: undefined }, true],
  ])('a rule for %j, asked for %j: listed whole: %s', async (prefixMatch, options, whole) => {
    const source = open({ rows: [], filters: { prefixMatch } }, options)
    if (whole) expect(await listAll(source)).toEqual([])
    else expect(await failureOf(source.describe())).toMatchObject({ code: 'invalid-config' })
  })
})

describe('the manifest', () => {
  it('is held against its checksum, in either writing', async () => {
    const root = writeInventory({ rows: [] })
    const checksum = join(root, FOLDER, 'daily-manifest.checksum')
    const md5 = createHash('md5').update(readFileSync(join(root, MANIFEST)))
    writeFileSync(checksum, `${md5.copy().digest('base64')}\n`)
    expect(await listAll(inventoryOf(root))).toEqual([])
    writeFileSync(checksum, 'none')
    expect(await failureOf(inventoryOf(root).describe())).toMatchObject({ code: 'corrupt' })
    writeFileSync(checksum, md5.digest('hex'))
    appendFileSync(join(root, MANIFEST), ' ')
    expect(await failureOf(inventoryOf(root).describe())).toMatchObject({ code: 'corrupt' })
    rmSync(checksum)
    expect(await failureOf(inventoryOf(root).describe())).toMatchObject({ code: 'not-found' })
  })
})

it('of a file without names: corrupt', async () => {
  expect(await failureOf(listAll(open({ rows: [], columns: ['Etag'] })))).toMatchObject({ code: 'corrupt' })
})
