import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { compare } from '@backproof/core/compare'
import type { ObjectFinding } from '@backproof/core/report'
import type { BackupSource, ObjectEntry } from '@backproof/core/source'
import { memorySource } from '@backproof/core/testing'
import { verify } from '@backproof/core/verify'
import { type S3InventoryOptions, s3Inventory } from '@backproof/provider-aws'
import { localDirectory } from '@backproof/provider-local'
import { startS3Server } from '@backproof/test-servers'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { listAll, openBucket } from '../support/bucket.js'
import {
  ALL_COLUMNS,
  CURRENT_COLUMNS,
  csvInventory,
  csvOf,
  type InventoryRow,
  inventoryOf,
  MANIFEST,
  md5,
  parquetInventory,
  s3Encoded,
  writeFiles,
} from './lists.js'

const root = mkdtempSync(join(tmpdir(), 'backproof-inventory-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let count = 0
const folder = (files: Readonly<Record<string, Uint8Array | string>>): string => {
  count += 1
  const path = join(root, String(count))
  writeFiles(path, files)
  return path
}

const open = (
  files: Readonly<Record<string, Uint8Array | string>>,
  options: Partial<S3InventoryOptions> = {},
): BackupSource => s3Inventory({ files: localDirectory({ path: folder(files) }), manifest: MANIFEST, ...options })

const entriesOf = async (
  files: Readonly<Record<string, Uint8Array | string>>,
  options: Partial<S3InventoryOptions> = {},
): Promise<readonly ObjectEntry[]> => listAll(open(files, options))

const failing = (files: Readonly<Record<string, Uint8Array | string>>, options: Partial<S3InventoryOptions> = {}) =>
  expect(entriesOf(files, options)).rejects

const hex = md5('hello')
const plain: InventoryRow = {
  key: 'photos/a b+ü.jpg',
  size: 5,
  modified: '2026-10-31T10:20:30.000Z',
  etag: hex,
  storageClass: 'STANDARD',
  multipart: false,
  encryption: 'SSE-S3',
}

describe('an S3 inventory', () => {
  it.each([
    ['CSV', csvInventory],
    ['Parquet', parquetInventory],
  ])('in %s is a dated list: what S3 knew of each object then', async (_, inventory) => {
    const source = open(inventory([plain]))
    expect(source.uri).toMatch(/^s3-inventory\+file:\/\/\/.*\/lists\/shop\/daily\/2026-11-01T00-00Z\/manifest\.json$/)
    expect(await source.describe()).toEqual({
      keyOrder: 'none',
      access: 'random',
      pinning: 'snapshot',
      listingDigests: [{ algorithm: 'md5', provenance: 'service' }],
      statDigests: [],
      rangeReads: false,
      versions: false,
      readCost: 'impossible',
      place: source.uri,
      asOf: 1_793_491_200_000,
    })
    expect(await listAll(source)).toEqual([
      {
        key: 'photos/a b+ü.jpg',
        ref: { key: 'photos/a b+ü.jpg' },
        kind: 'object',
        size: 5,
        modified: Date.parse('2026-10-31T10:20:30Z'),
        etag: hex,
        storageClass: 'STANDARD',
        digests: [{ algorithm: 'md5', value: hex, provenance: 'service' }],
      },
    ])
    await expect(source.read(null)).rejects.toMatchObject({ code: 'unsupported' })
    await expect(source.stat(null)).rejects.toMatchObject({ code: 'unsupported' })
    await source[Symbol.asyncDispose]?.()
    await expect(source.describe()).rejects.toMatchObject({ code: 'invalid-config' })
  })

  it.each([
    ['SSE-S3', hex, undefined, [{}]],
    ['NOT-SSE', hex, undefined, [{}]],
    ['NOT-SSE', `${hex}-3`, true, [{ coverage: { parts: 3 } }]],
    ['SSE-S3', hex, true, [{ equalityOnly: true }]],
    ['SSE-S3', `${hex}-3`, false, [{ coverage: { parts: 3 }, equalityOnly: true }]],
    [undefined, hex, undefined, [{ equalityOnly: true }]],
    ['SSE-KMS', hex, undefined, undefined],
    ['DSSE-KMS', hex, undefined, undefined],
    ['SSE-C', hex, undefined, undefined],
    ['SSE-NEW', hex, undefined, undefined],
  ])('says of an ETag under %s (%s, parts: %s) what it is worth', async (encryption, etag, multipart, digests) => {
    const row = { ...plain, etag, ...(multipart !== undefined && { multipart }) }
    const { encryption: _, ...without } = row
    const columns = encryption === undefined ? CURRENT_COLUMNS.filter((name) => name !== 'EncryptionStatus') : undefined
    const rows = [encryption === undefined ? without : { ...row, encryption, multipart: multipart ?? false }]
    const [entry] = await entriesOf(csvInventory(rows, columns))
    expect(entry?.digests).toEqual(
      digests?.map((digest) => ({ algorithm: 'md5', value: hex, provenance: 'service', ...digest })),
    )
  })

  it('has the same entries in Parquet as in CSV', async () => {
    const row = fc.record(
      {
        key: fc.string({
          unit: fc.constantFrom('a', '/', ' ', '+', '%', '"', ',', '\n', 'é', '😀', '\u0001'),
          minLength: 1,
        }),
        size: fc.nat(),
        modified: fc
          .date({ min: new Date(0), max: new Date(2e12), noInvalidDate: true })
          .map((date) => date.toISOString()),
        etag: fc.constantFrom(hex, `${hex}-7`),
        storageClass: fc.constantFrom('STANDARD', 'GLACIER', 'DEEP_ARCHIVE', 'INTELLIGENT_TIERING', 'GLACIER_IR'),
        multipart: fc.boolean(),
        encryption: fc.constantFrom('SSE-S3', 'NOT-SSE', 'SSE-KMS', 'SSE-C'),
        tier: fc.constantFrom('FREQUENT', 'ARCHIVE', 'DEEP_ARCHIVE', 'ARCHIVE_INSTANT_ACCESS'),
        version: fc.constantFrom('v1', 'v2'),
        latest: fc.boolean(),
        marker: fc.boolean(),
      },
      { requiredKeys: ['key'] },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 8 }), fc.boolean(), async (rows, versions) => {
        const listed = (files: Readonly<Record<string, Uint8Array>>): Promise<readonly ObjectEntry[]> =>
          listAll(s3Inventory({ files: memorySource(files), manifest: MANIFEST, versions }))
        const entries = await listed(csvInventory(rows as InventoryRow[], ALL_COLUMNS))
        expect(entries.map(({ key }) => key)).toEqual(rows.map(({ key }) => key))
        expect(await listed(parquetInventory(rows as InventoryRow[], ALL_COLUMNS))).toEqual(entries)
      }),
      { numRuns: 30 },
    )
  })

  const versioned: readonly InventoryRow[] = [
    { ...plain, key: 'a', version: 'v2', latest: true },
    { ...plain, key: 'a', version: 'v1', latest: false },
    { key: 'b', version: 'v4', latest: true, marker: true },
    { ...plain, key: 'b', version: 'v3', latest: false },
  ]

  it('of all versions shows the current objects, and counts what it leaves out', async () => {
    const files = csvInventory(versioned, ALL_COLUMNS)
    const entries = await entriesOf(files)
    expect(entries.map(({ key, kind, version, excluded }) => [key, kind, version, excluded])).toEqual([
      ['a', 'object', 'v2', undefined],
      ['a', 'object', 'v1', 'noncurrent-version'],
      ['b', 'delete-marker', 'v4', 'delete-marker'],
      ['b', 'object', 'v3', 'noncurrent-version'],
    ])
    const report = await compare({ source: memorySource({ a: 'hello' }), replicas: [open(files)] }).report()
    expect(report.result.totals.outcomes).toMatchObject({ match: 1, missing: 0, extra: 0 })
    const all = open(files, { versions: true })
    expect(await all.describe()).toMatchObject({ versions: true })
    expect((await listAll(all)).map(({ version, excluded }) => [version, excluded])).toEqual([
      ['v2', undefined],
      ['v1', undefined],
      ['v4', undefined],
      ['v3', undefined],
    ])
  })

  it('refuses versions that it does not have, and versions of which none is said to be current', async () => {
    await failing(csvInventory([plain]), { versions: true }).toMatchObject({
      code: 'invalid-config',
      message: expect.stringMatching(/no column VersionId/),
    })
    const columns = ALL_COLUMNS.filter((name) => name !== 'IsLatest')
    await failing(csvInventory(versioned, columns)).toMatchObject({ code: 'corrupt' })
  })

  it('knows what is archived, and what is no more than a folder', async () => {
    const rows: readonly InventoryRow[] = [
      { ...plain, key: 'x/', size: 0 },
      { ...plain, key: 'x/sub/', size: 0 },
      { ...plain, key: 'x/cold', storageClass: 'DEEP_ARCHIVE' },
      { ...plain, key: 'x/instant', storageClass: 'GLACIER_IR' },
      { ...plain, key: 'x/tiered', storageClass: 'INTELLIGENT_TIERING', tier: 'ARCHIVE' },
      { ...plain, key: 'xylophone' },
      { ...plain, key: 'y' },
    ]
    const entries = await entriesOf(csvInventory(rows), { prefix: 'x/' })
    expect(entries.map(({ key, archived, excluded }) => [key, archived, excluded])).toEqual([
      ['/', undefined, 'folder-marker'],
      ['sub/', undefined, undefined],
      ['cold', true, undefined],
      ['instant', undefined, undefined],
      ['tiered', true, undefined],
    ])
  })

  it('finds its files in the bucket, below a prefix, in a copied folder, and side by side', async () => {
    const files = csvInventory([plain])
    const at = (from: string, to: string): Record<string, Uint8Array> =>
      Object.fromEntries(Object.entries(files).map(([key, bytes]) => [key.replace(from, to), bytes]))
    const flat = Object.fromEntries(Object.entries(files).map(([key, bytes]) => [key.replace(/^.*\//, ''), bytes]))
    const manifests: readonly (readonly [Record<string, Uint8Array>, string])[] = [
      [at('', ''), MANIFEST],
      [at('lists/', ''), MANIFEST.replace('lists/', '')],
      [at('lists/shop/daily/', ''), '2026-11-01T00-00Z/manifest.json'],
      [at('lists/shop/daily/', 'copy/of/'), 'copy/of/2026-11-01T00-00Z/manifest.json'],
      [flat, 'manifest.json'],
    ]
    for (const [there, manifest] of manifests) expect(await entriesOf(there, { manifest })).toHaveLength(1)
    const server = await startS3Server()
    try {
      await server.admin.createBucket({ name: 'lists' })
      for (const [key, bytes] of Object.entries(files)) await server.admin.put('lists', key, bytes)
      const bucket = openBucket(server, 'lists', { prefix: 'lists/' })
      const manifest = MANIFEST.replace('lists/', '')
      expect(await listAll(s3Inventory({ files: bucket, manifest }))).toHaveLength(1)
      await bucket[Symbol.asyncDispose]?.()
    } finally {
      await server.close()
    }
  })
})

describe('an S3 inventory that cannot be trusted', () => {
  const manifestOf = (change: Readonly<Record<string, unknown>>, rows = [plain]): Record<string, Uint8Array> => {
    const fileSchema = CURRENT_COLUMNS.join(', ')
    return inventoryOf([csvOf(rows, CURRENT_COLUMNS)], { fileFormat: 'CSV', fileSchema, ...change })
  }
  const data = 'lists/shop/daily/data/part-0.csv.gz'
  const checksum = MANIFEST.replace('.json', '.checksum')

  it.each<[string, string, RegExp, Record<string, Uint8Array | string>]>([
    ['a manifest that breaks its checksum', 'corrupt', /its md5 is/, { ...manifestOf({}), [checksum]: md5('other') }],
    ['a checksum that is none', 'corrupt', /it is no MD5/, { ...manifestOf({}), [checksum]: 'x' }],
    ['a file that breaks its MD5', 'corrupt', /its md5 is/, damaged(manifestOf({}), data)],
    ['a file of another size', 'corrupt', /bytes, but its manifest says/, { ...manifestOf({}), [data]: 'short' }],
    ['a file that is cut short, with the right MD5', 'corrupt', /gzip data is damaged or cut short/, cut()],
    ['ORC', 'unsupported', /Choose CSV or Parquet/, manifestOf({ fileFormat: 'ORC' })],
    ['a format that is not known', 'corrupt', /its fileFormat is "JSON"/, manifestOf({ fileFormat: 'JSON' })],
    ['a schema that lacks keys', 'corrupt', /it has no column "Key"/, manifestOf({ fileSchema: 'Bucket' })],
    ['no list of files', 'corrupt', /files is missing/, manifestOf({ files: undefined })],
    [
      'an MD5 that is none',
      'corrupt',
      /MD5checksum of x is none/,
      manifestOf({ files: [{ key: 'x', size: 1, MD5checksum: '5825f2e18e1695c2d030b9f6eexample' }] }),
    ],
    [
      'a date that is none',
      'corrupt',
      /creationTimestamp is no whole number/,
      manifestOf({ creationTimestamp: 'now' }),
    ],
    [
      'rows of another bucket',
      'corrupt',
      /line 1 cannot be read: it is of the bucket "shop"/,
      manifestOf({ sourceBucket: 'other' }),
    ],
    ['a file that is not there', 'not-found', /there is no such file/, without(manifestOf({}), data)],
    ['a manifest without its checksum', 'not-found', /manifest\.checksum/, without(manifestOf({}), checksum)],
  ])('is refused: %s', async (_, code, message, files) => {
    await failing(files).toMatchObject({ code, message: expect.stringMatching(message) })
  })

  function damaged(files: Record<string, Uint8Array>, key: string): Record<string, Uint8Array> {
    const bytes = Buffer.from(files[key]!)
    // The time in its header, which no checksum of gzip covers.
    bytes[4]! ^= 1
    return { ...files, [key]: bytes }
  }
  function without(files: Record<string, Uint8Array>, key: string): Record<string, Uint8Array> {
    return Object.fromEntries(Object.entries(files).filter(([name]) => name !== key))
  }
  function cut(): Record<string, Uint8Array> {
    const rows = Array.from({ length: 100 }, (_, i) => ({ ...plain, key: `k-${i}`, etag: md5(String(i)) }))
    const bytes = gzipSync(csvOf(rows, CURRENT_COLUMNS))
    return inventoryOf([bytes.subarray(0, bytes.length - 100)], {
      fileFormat: 'CSV',
      fileSchema: CURRENT_COLUMNS.join(', '),
    })
  }

  it('is refused: keys that are not encoded, sizes, times and flags that are none', async () => {
    const broken = (change: (csv: string) => string): Record<string, Uint8Array> =>
      inventoryOf([change(csvOf([plain], CURRENT_COLUMNS))], {
        fileFormat: 'CSV',
        fileSchema: CURRENT_COLUMNS.join(', '),
      })
    const changes: readonly ((csv: string) => string)[] = [
      (csv) => csv.replace(s3Encoded(plain.key), 'a%2'),
      (csv) => csv.replace(s3Encoded(plain.key), ''),
      (csv) => csv.replace('"5"', '"-5"'),
      (csv) => csv.replace('"5"', '"5e3"'),
      (csv) => csv.replace('2026-10-31T10:20:30.000Z', 'yesterday'),
      (csv) => csv.replace('"false"', '"maybe"'),
    ]
    for (const change of changes) {
      await failing(broken(change)).toMatchObject({
        code: 'corrupt',
        message: expect.stringMatching(/line 1 cannot be read/),
      })
    }
  })

  it('is refused: one of another bucket than expected, with its options checked at once', async () => {
    await failing(csvInventory([plain]), { bucket: 'other' }).toMatchObject({
      code: 'invalid-config',
      message: expect.stringMatching(/of the bucket "shop", not of "other"/),
    })
    const files = memorySource({})
    for (const options of [
      { files, manifest: 'data.csv' },
      { files: undefined as unknown as BackupSource, manifest: MANIFEST },
      { files, manifest: MANIFEST, bucket: 's3://x' },
      { files, manifest: MANIFEST, versions: 'yes' as unknown as boolean },
      { files, manifest: MANIFEST, prefix: 7 as unknown as string },
      { files, manifest: MANIFEST, color: 'red' },
    ]) {
      expect(() => s3Inventory(options)).toThrow(expect.objectContaining({ code: 'invalid-config' }))
    }
  })

  it('leaves a comparison incomplete that it fails in the middle of, with nothing proven', async () => {
    const rows = Array.from({ length: 5_000 }, (_, i) => ({ ...plain, key: `k-${i}` }))
    const content = Object.fromEntries(rows.map(({ key }) => [key, 'hello']))
    const whole = csvInventory(rows)
    const run = compare({ source: memorySource(content), replicas: [open(damaged(whole, data))] })
    const report = await run.report()
    expect(report.result.complete).toBe(false)
    expect(report.result.totals.outcomes.match ?? 0).toBe(0)
  })
})

describe('an S3 inventory in a run', () => {
  const small = Buffer.from('hello')
  const large = Buffer.alloc(6 * 1024 * 1024, 'large ')
  const partSize = 5 * 1024 * 1024
  const parts = [large.subarray(0, partSize), large.subarray(partSize)]
  const binary = createHash('md5')
  for (const part of parts) binary.update(createHash('md5').update(part).digest())
  const rows: readonly InventoryRow[] = [
    plain,
    { ...plain, key: 'large', size: large.length, etag: `${binary.digest('hex')}-2`, multipart: true },
    { ...plain, key: 'secret', encryption: 'SSE-KMS' },
    { ...plain, key: 'wrong', etag: md5('other') },
  ]
  const disk = (): BackupSource => {
    const path = folder({ [plain.key]: small, large, secret: small, wrong: small })
    // As they were when the inventory was made: what is newer than a list is not held to it.
    const before = new Date('2026-10-30T00:00:00Z')
    for (const key of [plain.key, 'large', 'secret', 'wrong']) utimesSync(join(path, key), before, before)
    return localDirectory({ path })
  }
  const findingsOf = async (run: AsyncIterable<readonly ObjectFinding[]>): Promise<Record<string, unknown>> => {
    const found: Record<string, unknown> = {}
    for await (const page of run) for (const { key, outcome, grade } of page) found[key] = [outcome, grade]
    return found
  }

  it('proves at stored, reading the other side only, and nothing where it has no digest', async () => {
    const run = compare({ source: disk(), replicas: [open(csvInventory(rows))], require: 'stored' })
    expect(await findingsOf(run)).toEqual({
      [plain.key]: ['match', 'stored'],
      large: ['match', 'stored'],
      secret: ['unverifiable', undefined],
      wrong: ['mismatch', undefined],
    })
  })

  it('says how old it is, and holds nothing to itself that changed since', async () => {
    const path = folder({ [plain.key]: small, large: 'written since' })
    const findings: ObjectFinding[] = []
    const replica = open(csvInventory(rows.slice(0, 2)))
    for await (const page of compare({ source: localDirectory({ path }), replicas: [replica] })) findings.push(...page)
    const asOf = 1_793_491_200_000
    expect(findings).toMatchObject([
      { key: 'large', outcome: 'unverifiable', reason: 'newer-than-list', sides: { replica: { asOf } } },
      { key: plain.key, outcome: 'match', grade: 'stored', sides: { replica: { asOf } } },
    ])
  })

  it('proves nothing when the bytes must be read', async () => {
    const run = compare({ source: disk(), replicas: [open(parquetInventory(rows.slice(0, 3)))], require: 'read' })
    expect(await findingsOf(run)).toMatchObject({
      [plain.key]: ['unverifiable', undefined],
      large: ['unverifiable', undefined],
    })
    const fixity = verify({ source: open(csvInventory([plain])) })
    expect(await findingsOf(fixity)).toEqual({ [plain.key]: ['unverifiable', undefined] })
  })

  it('proves two inventories against each other with nothing read', async () => {
    const other = csvInventory(rows.slice(0, 1))
    const run = compare({ source: open(csvInventory(rows.slice(0, 1))), replicas: [open(other)] })
    expect(await findingsOf(run)).toEqual({ [plain.key]: ['match', 'stored'] })
    expect((await run.report()).telemetry.bytesRead ?? 0).toBe(0)
  })
})
