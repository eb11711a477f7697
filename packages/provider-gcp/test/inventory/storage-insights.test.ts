import { cpSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compare } from '@backproof/core/compare'
import { isBackupError } from '@backproof/core/errors'
import type { ObjectFinding } from '@backproof/core/report'
import { storageInsights } from '@backproof/provider-gcp'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  COLUMNS,
  directory,
  FOLDER,
  listAll,
  MANIFEST,
  type Report,
  rowOf,
  SNAPSHOT,
  shardName,
  tempDirectory,
  write,
  writeReport,
} from './support.js'

const reportOf = (root: string, options: object = {}) =>
  storageInsights({ files: directory(root), manifest: MANIFEST, ...options })

const open = (report: Report, options: object = {}) => reportOf(writeReport(report), options)

const failureOf = async (work: Promise<unknown>): Promise<{ code: string; message: string }> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!isBackupError(error)) throw new Error(`no BackupError: ${String(error)}`)
  return error
}

const LAYOUTS: [string, Partial<Report>][] = [
  ['CSV without a header', {}],
  ['CSV with a header', { csv: { header: true } }],
  ['CSV with semicolons and CRLF', { csv: { header: true, delimiter: ';', separator: '\r\n' } }],
  ['CSV with tabs', { csv: { delimiter: '\t' } }],
  ['Parquet', { format: 'parquet' }],
]

describe.each(LAYOUTS)('a report in %s', (_, layout) => {
  it('has the entries that a listing of the bucket would have', async () => {
    const rows = [
      await rowOf('a.txt', 'hello'),
      await rowOf('composed', 'x', { md5Hash: '', storageClass: 'ARCHIVE' }),
      await rowOf('100%2F;, "quoted"\tname', ''),
    ]
    const source = open({ rows, ...layout })
    const entries = await listAll(source)
    expect(entries.map(({ key }) => key)).toEqual(['a.txt', 'composed', '100%2F;, "quoted"\tname'])
    expect(entries[0]).toMatchObject({
      kind: 'object',
      size: 5,
      version: '1759399872345678',
      storageClass: 'NEARLINE',
      modified: Date.UTC(2026, 9, 2, 10, 11, 12, 345),
      digests: [
        { algorithm: 'crc32c', value: '9a71bb4c', provenance: 'service' },
        { algorithm: 'md5', value: '5d41402abc4b2a76b9719d911017c592', provenance: 'service' },
      ],
    })
    expect(entries[1]?.digests?.map(({ algorithm }) => algorithm)).toEqual(['crc32c'])
    // The archive class is read at once, unlike those of others.
    expect(entries[1]?.archived).toBeUndefined()
    expect(await source.describe()).toMatchObject({
      asOf: Date.parse(SNAPSHOT),
      readCost: 'impossible',
      listingDigests: [
        { algorithm: 'crc32c', provenance: 'service' },
        { algorithm: 'md5', provenance: 'service' },
      ],
    })
  })

  it('leaves out, by a word, what is no object as it is now', async () => {
    const columns = [...COLUMNS, 'softDeleteTime']
    const rows = [
      await rowOf('a', '1'),
      await rowOf('a', '2', { timeDeleted: '2026-10-05T00:00:00.000Z' }),
      await rowOf('b', '3', { softDeleteTime: '2026-10-05T00:00:00.000Z' }),
    ]
    const entries = await listAll(open({ rows, columns, ...layout }))
    expect(entries.map(({ key, excluded }) => [key, excluded])).toEqual([
      ['a', undefined],
      ['a', 'noncurrent-version'],
      ['b', 'soft-deleted'],
    ])
  })

  it('may be in several files, and of columns that are not there nothing is said', async () => {
    const rows = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => rowOf(name, name)))
    const entries = await listAll(open({ rows, ...layout, columns: ['name', 'etag'], shards: 3 }))
    expect(entries.map(({ key }) => key)).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(entries[0]?.size).toBeUndefined()
    expect(entries[0]?.digests).toBeUndefined()
    expect((await open({ rows, ...layout, columns: ['name', 'crc32c'] }).describe()).listingDigests).toEqual([
      { algorithm: 'crc32c', provenance: 'service' },
    ])
  })
})

describe('compared with what it is of', () => {
  const CONTENT = { 'a.txt': 'hello', 'd/b': 'world', empty: '' }

  /** A directory that was last written before the snapshot. */
  const data = (): string => {
    const root = tempDirectory()
    for (const [key, content] of Object.entries(CONTENT)) {
      write(root, key, content)
      utimesSync(join(root, key), 1_700_000_000, 1_700_000_000)
    }
    return root
  }

  const judge = async (root: string, report: Report, require: 'claimed' | 'stored' | 'read') => {
    const run = compare({ source: directory(root), replicas: [open(report)], require })
    const findings: ObjectFinding[] = []
    for await (const page of run) findings.push(...page)
    const { result } = await run.report()
    const outcomes = Object.entries(result.totals.outcomes).filter(([, count]) => count > 0)
    return { outcomes: Object.fromEntries(outcomes), findings }
  }

  const rows = (more: Readonly<Record<string, string>> = {}) =>
    Promise.all(Object.entries(CONTENT).map(([key, content]) => rowOf(key, content, more)))

  it.each(['csv', 'parquet'] as const)('%s: proven by what the service stored', async (format) => {
    const root = data()
    const report = { rows: await rows(), format }
    const { outcomes, findings } = await judge(root, report, 'stored')
    expect(outcomes).toEqual({ match: 3 })
    expect(findings.map(({ grade }) => grade)).toEqual(['stored', 'stored', 'stored'])
    const sides = Object.values(findings[0]?.sides ?? {})
    expect(sides.some(({ asOf }) => asOf === Date.parse(SNAPSHOT))).toBe(true)
    expect((await judge(root, report, 'claimed')).outcomes).toEqual({ match: 3 })
    expect((await judge(root, report, 'read')).outcomes).toEqual({ unverifiable: 3 })
  })

  it('by CRC32C alone', async () => {
    expect((await judge(data(), { rows: await rows({ md5Hash: '' }) }, 'stored')).outcomes).toEqual({ match: 3 })
  })

  it('finds what is gone, another size, another content', async () => {
    const root = data()
    writeFileSync(join(root, 'a.txt'), 'other')
    writeFileSync(join(root, 'd/b'), 'longer than before')
    for (const key of ['a.txt', 'd/b']) utimesSync(join(root, key), 1_700_000_000, 1_700_000_000)
    rmSync(join(root, 'empty'))
    const { findings } = await judge(root, { rows: await rows() }, 'stored')
    expect(findings.map(({ key, outcome }) => [key, outcome])).toEqual([
      ['a.txt', 'mismatch'],
      ['d/b', 'mismatch'],
      ['empty', 'extra'],
    ])
  })

  it('is cut short: nothing is proven by it', async () => {
    const root = writeReport({ rows: await rows() })
    const file = join(root, FOLDER, shardName(0))
    const lines = readFileSync(file, 'utf8').split('\n')
    writeFileSync(file, `${lines.slice(0, 2).join('\n')}\n`)
    const pages: unknown[] = []
    const reading = async (): Promise<void> => {
      const run = compare({ source: directory(data()), replicas: [reportOf(root)] })
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
        const source = open({ rows: names.map((one) => ({ name: one, size: '0' })) })
        expect((await listAll(source)).map(({ key }) => key)).toEqual(names)
      }),
      { numRuns: 20 },
    )
  })

  it('are without the prefix, and of other prefixes there are none', async () => {
    const rows = ['p/a', 'p/', 'q/a', 'pa'].map((name) => ({ name, size: '0' }))
    const entries = await listAll(open({ rows }, { prefix: 'p/' }))
    expect(entries.map(({ key, excluded }) => [key, excluded])).toEqual([
      ['a', undefined],
      ['/', 'folder-marker'],
    ])
  })
})

describe('the manifest', () => {
  it.each([
    [{ report_shards_file_names: undefined }, 'names no files'],
    [{ report_shards_file_names: [''] }, 'names no files'],
    [{ shard_count: 2 }, 'names 1 files'],
    [{ snapshot_time: undefined }, 'snapshot_time'],
    [{ records_processed: 'many' }, 'records_processed'],
  ])('%j is corrupt', async (manifest, message) => {
    const failure = await failureOf(open({ rows: [], manifest }).describe())
    expect(failure.code).toBe('corrupt')
    expect(failure.message).toContain(message)
    expect(failure.message).toContain('_manifest.json')
  })

  it('may write its members in camel case, and name files by their whole names', async () => {
    const root = writeReport({ rows: [{ name: 'a', size: '1' }], columns: ['name', 'size'] })
    const manifest = {
      reportConfig: {
        csvOptions: { delimiter: ',' },
        objectMetadataReportOptions: { metadataFields: ['name', 'size'] },
      },
      recordsProcessed: '1',
      snapshotTime: SNAPSHOT,
      shardCount: 1,
      reportShardsFileNames: [`gs://lists/${FOLDER}/${shardName(0)}`],
    }
    writeFileSync(join(root, 'm.json'), JSON.stringify(manifest))
    expect(await listAll(reportOf(root, { manifest: 'm.json' }))).toMatchObject([{ key: 'a', size: 1 }])
  })

  it('may lie beside its files, wherever they were copied to', async () => {
    const root = writeReport({ rows: [{ name: 'a' }, { name: 'b' }], columns: ['name'], shards: 2 })
    const copy = tempDirectory()
    cpSync(join(root, FOLDER), copy, { recursive: true })
    const source = reportOf(copy, { manifest: MANIFEST.slice(FOLDER.length + 1) })
    expect(await listAll(source)).toHaveLength(2)
    rmSync(join(copy, shardName(1)))
    expect(await failureOf(listAll(source))).toMatchObject({ code: 'not-found' })
  })

  it('that does not tell the columns: an option does', async () => {
    const root = writeReport({ rows: [{ name: 'a|b', size: '1' }], columns: ['name', 'size'], csv: { delimiter: '|' } })
    const manifest = { snapshot_time: SNAPSHOT, report_shards_file_names: [shardName(0)] }
    writeFileSync(join(root, MANIFEST), JSON.stringify(manifest))
    expect(await failureOf(listAll(reportOf(root)))).toMatchObject({ code: 'invalid-config' })
    const source = reportOf(root, { columns: ['name', 'size'], delimiter: '|' })
    expect(await listAll(source)).toMatchObject([{ key: 'a|b', size: 1 }])
  })
})

describe('a row', () => {
  it.each([
    [{ name: '' }, 'no name'],
    [{ name: 'a', size: '-1' }, 'size'],
    [{ name: 'a', size: '1e3' }, 'size'],
    [{ name: 'a', generation: 'x' }, 'generation'],
    [{ name: 'a', timeCreated: 'yesterday' }, 'timeCreated "yesterday"'],
  ])('%j is corrupt, with file and line', async (row, message) => {
    const failure = await failureOf(listAll(open({ rows: [{ name: '0' }, row] })))
    expect(failure.code).toBe('corrupt')
    expect(failure.message).toContain(shardName(0))
    expect(failure.message).toContain('line 2')
    expect(failure.message).toContain(message)
  })

  it('of another bucket than the one that was asked for', async () => {
    const rows = [await rowOf('a', 'x')]
    expect(await listAll(open({ rows }, { bucket: 'shop' }))).toHaveLength(1)
    expect(await failureOf(listAll(open({ rows }, { bucket: 'other' })))).toMatchObject({ code: 'invalid-config' })
  })

  it('of a file that has other columns than the manifest says', async () => {
    const report = { rows: [{ name: 'a' }], columns: ['name', 'size'] }
    const config = { object_metadata_report_options: { metadata_fields: ['name', 'size', 'etag'] } }
    const manifest = { report_config: { csv_options: {}, ...config } }
    expect(await failureOf(listAll(open({ ...report, manifest })))).toMatchObject({ code: 'corrupt' })
  })
})

describe('options', () => {
  const files = directory('/')
  it.each([
    [{ manifest: 'm' }, 'files is undefined'],
    [{ files, manifest: '' }, 'manifest is ""'],
    [{ files, manifest: 'm', bucket: '' }, 'bucket is ""'],
    [{ files, manifest: 'm', columns: 'name' }, 'columns is "name"'],
    [{ files, manifest: 'm', delimiter: '::' }, 'delimiter is "::"'],
    [{ files, manifest: 'm', container: 'b' }, 'has no option "container"'],
  ])('%#: refused', (options, message) => {
    expect(() => storageInsights(options as never)).toThrow(message)
  })

  it('are in the URI, which says that it is a list', () => {
    const source = storageInsights({ files, manifest: 'lists/m.json', bucket: 'shop', prefix: 'p/' })
    expect(source.uri).toBe('storage-insights+file:///lists/m.json?bucket=shop&prefix=p%2F')
  })
})
