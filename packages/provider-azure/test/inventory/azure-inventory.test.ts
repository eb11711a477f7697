import { createHash } from 'node:crypto'
import { appendFileSync, cpSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compare } from '@backproof/core/compare'
import { isBackupError } from '@backproof/core/errors'
import type { ObjectFinding } from '@backproof/core/report'
import { azureInventory } from '@backproof/provider-azure'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  BEGIN,
  COLUMNS,
  directory,
  FOLDER,
  type Inventory,
  listAll,
  MANIFEST,
  rowOf,
  tempDirectory,
  write,
  writeInventory,
} from './support.js'

const inventoryOf = (root: string, options: object = {}) =>
  azureInventory({ files: directory(root), manifest: MANIFEST, container: 'shop', ...options })

const open = (inventory: Inventory, options: object = {}) => inventoryOf(writeInventory(inventory), options)

const failureOf = async (work: Promise<unknown>): Promise<{ code: string; message: string }> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!isBackupError(error)) throw new Error(`no BackupError: ${String(error)}`)
  return error
}

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

  it('may be in several files, and of columns that are not there nothing is said', async () => {
    const rows = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => rowOf(`shop/${name}`, name)))
    const entries = await listAll(open({ rows, format, columns: ['Name'], files: 3 }))
    expect(entries.map(({ key }) => key)).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(entries[0]?.size).toBeUndefined()
    expect(entries[0]?.digests).toBeUndefined()
    expect((await open({ rows, format, columns: ['Name', 'Content-MD5'] }).describe()).listingDigests).toEqual([
      { algorithm: 'md5', provenance: 'claimed' },
    ])
  })
})

describe('compared with what it is of', () => {
  const CONTENT = { 'a.txt': 'hello', 'd/b': 'world', empty: '' }

  /** A directory that was last written before the inventory began. */
  const data = (): string => {
    const root = tempDirectory()
    for (const [key, content] of Object.entries(CONTENT)) {
      write(root, key, content)
      utimesSync(join(root, key), 1_700_000_000, 1_700_000_000)
    }
    return root
  }

  const judge = async (root: string, inventory: Inventory, require: 'claimed' | 'stored' | 'read') => {
    const replica = open(inventory)
    const run = compare({ source: directory(root), replicas: [replica], require })
    const findings: ObjectFinding[] = []
    for await (const page of run) findings.push(...page)
    const { result } = await run.report()
    const outcomes = Object.entries(result.totals.outcomes).filter(([, count]) => count > 0)
    return { outcomes: Object.fromEntries(outcomes), findings, uri: replica.uri }
  }

  const rows = (more: Readonly<Record<string, string>> = {}) =>
    Promise.all(Object.entries(CONTENT).map(([key, content]) => rowOf(`shop/${key}`, content, more)))

  it.each(['csv', 'parquet'] as const)('%s: proven as far as claims prove', async (format) => {
    const root = data()
    const inventory = { rows: await rows(), format }
    const { outcomes, findings } = await judge(root, inventory, 'claimed')
    expect(outcomes).toEqual({ match: 3 })
    const sides = Object.values(findings[0]?.sides ?? {})
    expect(sides.some(({ asOf }) => asOf === Date.parse(BEGIN))).toBe(true)
    expect((await judge(root, inventory, 'stored')).outcomes).toEqual({ unverifiable: 3 })
    expect((await judge(root, inventory, 'read')).outcomes).toEqual({ unverifiable: 3 })
  })

  it('by CRC64 alone', async () => {
    const inventory = { rows: await rows({ 'Content-MD5': '' }) }
    expect((await judge(data(), inventory, 'claimed')).outcomes).toEqual({ match: 3 })
  })

  it('finds what is gone, another size, another content', async () => {
    const root = data()
    writeFileSync(join(root, 'a.txt'), 'other')
    writeFileSync(join(root, 'd/b'), 'longer than before')
    for (const key of ['a.txt', 'd/b']) utimesSync(join(root, key), 1_700_000_000, 1_700_000_000)
    rmSync(join(root, 'empty'))
    const { findings } = await judge(root, { rows: await rows() }, 'claimed')
    expect(findings.map(({ key, outcome, reason }) => [key, outcome, reason])).toEqual([
      ['a.txt', 'unverifiable', 'claim-differs'],
      ['d/b', 'mismatch', 'size'],
      ['empty', 'extra', 'absent'],
    ])
  })

  it('is damaged: nothing is proven by it', async () => {
    const root = writeInventory({ rows: await rows() })
    const file = join(root, FOLDER, 'daily.csv')
    truncateSync(file, readFileSync(file).length - 1)
    const run = compare({ source: directory(data()), replicas: [inventoryOf(root)], require: 'claimed' })
    const pages: unknown[] = []
    const reading = async (): Promise<void> => {
      for await (const page of run) pages.push(...page)
    }
    expect(await failureOf(reading())).toMatchObject({ code: 'corrupt' })
    expect(pages).toEqual([])
  })
})

describe('names', () => {
  it('property: are taken as they are', async () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(name, { minLength: 1, maxLength: 8 }), async (names) => {
        const source = open({ rows: names.map((one) => ({ Name: `shop/${one}` })), columns: ['Name', 'Etag'] })
        expect((await listAll(source)).map(({ key }) => key)).toEqual(names)
      }),
      { numRuns: 20 },
    )
  })

  it('of a whole account begin with the container', async () => {
    const inventory = { rows: [{ Name: 'shop/a' }, { Name: '$root/b' }, { Name: 'x/c/d' }] }
    expect((await listAll(open(inventory, { container: undefined }))).map(({ key }) => key)).toEqual([
      'shop/a',
      '$root/b',
      'x/c/d',
    ])
  })

  it('are without the prefix, and of other containers and prefixes there are none', async () => {
    const inventory = {
      rows: ['shop/p/a', 'shop/p/', 'shop/q/a', 'shopping/p/a'].map((Name) => ({ Name, 'Content-Length': '0' })),
    }
    const entries = await listAll(open(inventory, { prefix: 'p/' }))
    expect(entries.map(({ key, excluded }) => [key, excluded])).toEqual([
      ['a', undefined],
      ['/', 'folder-marker'],
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
  it.each([
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
  ])('%j: %s', async (manifest, code, message) => {
    const failure = await failureOf(open({ rows: [], manifest }).describe())
    expect(failure.code).toBe(code)
    expect(failure.message).toContain(message)
    expect(failure.message).toContain('daily-manifest.json')
  })

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

  it('may lie beside its files, wherever they were copied to', async () => {
    const root = writeInventory({ rows: [{ Name: 'shop/a' }, { Name: 'shop/b' }], files: 2 })
    const copy = tempDirectory()
    cpSync(join(root, FOLDER), join(copy, 'lists'), { recursive: true })
    const source = inventoryOf(copy, { manifest: 'lists/daily-manifest.json' })
    expect(await listAll(source)).toHaveLength(2)
    rmSync(join(copy, 'lists', 'daily_1000000_1.csv'))
    expect(await failureOf(listAll(source))).toMatchObject({ code: 'not-found' })
  })
})

describe('a row', () => {
  it.each([
    [{ Name: 'no-container' }, 'Name "no-container"'],
    [{ Name: '' }, 'Name ""'],
    [{ Name: 'shop/a', 'Content-Length': '-1' }, 'Content-Length "-1"'],
    [{ Name: 'shop/a', 'Content-Length': '1e3' }, 'Content-Length "1e3"'],
    [{ Name: 'shop/a', 'Last-Modified': 'yesterday' }, 'Last-Modified "yesterday"'],
    [{ Name: 'shop/a', Deleted: 'perhaps' }, 'Deleted "perhaps"'],
  ])('%j is corrupt, with file and line', async (row, message) => {
    const source = open({ rows: [{ Name: 'shop/0' }, row], columns: [...COLUMNS, 'Deleted'] })
    const failure = await failureOf(listAll(source))
    expect(failure.code).toBe('corrupt')
    expect(failure.message).toContain(`daily.csv`)
    expect(failure.message).toContain('line 3')
    expect(failure.message).toContain(message)
  })

  it('of a file without names', async () => {
    expect(await failureOf(listAll(open({ rows: [], columns: ['Etag'] })))).toMatchObject({ code: 'corrupt' })
  })
})

describe('options', () => {
  const files = directory('/')
  it.each([
    [{ manifest: 'm' }, 'files is undefined'],
    [{ files, manifest: '' }, 'manifest is ""'],
    [{ files, manifest: 'm', container: 'a/b' }, 'container is "a/b"'],
    [{ files, manifest: 'm', prefix: 'p/' }, 'give container too'],
    [{ files, manifest: 'm', bucket: 'b' }, 'has no option "bucket"'],
  ])('%#: refused', (options, message) => {
    expect(() => azureInventory(options as never)).toThrow(message)
  })

  it('are in the URI, which says that it is a list', () => {
    const source = azureInventory({ files, manifest: MANIFEST, container: 'shop', prefix: 'p/' })
    expect(source.uri).toBe(`azure-inventory+file:///${MANIFEST}?container=shop&prefix=p%2F`)
  })
})
