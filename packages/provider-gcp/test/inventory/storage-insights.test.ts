import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BackupSource } from '@backproof/core/source'
import { storageInsights } from '@backproof/provider-gcp'
import { localDirectory } from '@backproof/provider-local'
import { failureOf, inventorySuite, listAll } from '@backproof/test-servers/suites'
import { describe, expect, it } from 'vitest'
import { COLUMNS, FOLDER, MANIFEST, type Report, rowOf, SNAPSHOT, shardName, writeReport } from './support.js'

const directory = (path: string): BackupSource => localDirectory({ path })

const LAYOUTS: [string, Partial<Report>][] = [
  ['CSV without a header', {}],
  ['CSV with a header', { csv: { header: true } }],
  ['CSV with semicolons and CRLF', { csv: { header: true, delimiter: ';', separator: '\r\n' } }],
  ['CSV with tabs', { csv: { delimiter: '\t' } }],
  ['Parquet', { format: 'parquet' }],
]

inventorySuite({
  manifest: MANIFEST,
  asOf: Date.parse(SNAPSHOT),
  write: writeReport,
  open: (options) => storageInsights(options as never),
  directory,
  layouts: LAYOUTS,
  rowOf,
  emptyRow: (name) => ({ name, size: '0' }),
  columns: { bare: ['name', 'etag'], digest: ['name', 'crc32c'] },
  digest: { algorithm: 'crc32c', provenance: 'service' },
  proves: 'stored',
  withoutMd5: { md5Hash: '' },
  differs: { outcome: 'mismatch', reason: 'digest' },
  fileNames: [shardName(0), shardName(1)],
  cut: (path) => {
    const lines = readFileSync(path, 'utf8').split('\n')
    writeFileSync(path, `${lines.slice(0, 2).join('\n')}\n`)
  },
  refused: [
    [{ report_shards_file_names: undefined }, 'corrupt', 'names no files'],
    [{ report_shards_file_names: [''] }, 'corrupt', 'names no files'],
    [{ shard_count: 2 }, 'corrupt', 'names 1 files'],
    [{ snapshot_time: undefined }, 'corrupt', 'snapshot_time'],
    [{ records_processed: 'many' }, 'corrupt', 'records_processed'],
  ],
  corrupt: {
    rows: [
      [{ name: '' }, 'no name'],
      [{ name: 'a', size: '-1' }, 'size'],
      [{ name: 'a', size: '1e3' }, 'size'],
      [{ name: 'a', generation: 'x' }, 'generation'],
      [{ name: 'a', timeCreated: 'yesterday' }, 'timeCreated "yesterday"'],
    ],
    line: 2,
  },
  options: {
    wrong: [
      [{ bucket: '' }, 'bucket is ""'],
      [{ columns: 'name' }, 'columns is "name"'],
      [{ delimiter: '::' }, 'delimiter is "::"'],
      [{ container: 'b' }, 'has no option "container"'],
    ],
    uri: [
      { manifest: 'lists/m.json', bucket: 'shop', prefix: 'p/' },
      'storage-insights+file:///lists/m.json?bucket=shop&prefix=p%2F',
    ],
  },
})

const reportOf = (root: string, options: object = {}): BackupSource =>
  storageInsights({ files: directory(root), manifest: MANIFEST, ...options })

const open = (report: Report, options: object = {}): BackupSource => reportOf(writeReport(report), options)

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
})

describe('the manifest', () => {
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
