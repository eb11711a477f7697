import { createHash } from 'node:crypto'
import { compare } from '@backproof/core/compare'
import type { BackupSource, ObjectEntry } from '@backproof/core/source'
import { memorySource } from '@backproof/core/testing'
import { type S3ChecksumReportOptions, s3ChecksumReport } from '@backproof/provider-aws'
import { describe, expect, it } from 'vitest'
import { listAll } from '../support/bucket.js'
import { md5, reportOf, s3Encoded } from './lists.js'

const MANIFEST = 'reports/job-1/manifest.json'
const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()

const result = (fields: Readonly<Record<string, string>>): string =>
  JSON.stringify({ etag: md5('hello'), checksumAlgorithm: 'SHA256', checksumType: 'FULL_OBJECT', ...fields })
const full = (text: string): string =>
  result({ checksum_base64: sha256(text).toString('base64'), checksum_hex: sha256(text).toString('hex').toUpperCase() })

/** As Amazon's examples have it: the HTTP status stands where the schema says ErrorCode. */
const done = (key: string, message: string, version = ''): readonly string[] => [
  'shop',
  s3Encoded(key),
  version,
  'succeeded',
  '200',
  '',
  message,
]

const reportFiles = (
  succeeded: readonly (readonly string[])[],
  failed: readonly (readonly string[])[] = [],
  change: Readonly<Record<string, unknown>> = {},
): Record<string, string> => {
  const parts = [
    ['succeeded', reportOf(succeeded)],
    ...(failed.length === 0 ? [] : [['failed', reportOf(failed)]]),
  ] as const
  const files: Record<string, string> = {}
  const results = parts.map(([status, text]) => {
    const key = `reports/job-1/results/${status}.csv`
    files[key] = text!
    return { TaskExecutionStatus: status, Bucket: 'reports', MD5Checksum: md5(text!), Key: key }
  })
  files[MANIFEST] = JSON.stringify({
    Format: 'Report_CSV_20180820',
    ReportCreationDate: '2026-11-01T17:48:39.725Z',
    Results: results,
    ReportSchema: 'Bucket, Key, VersionId, TaskStatus, ErrorCode, HTTPStatusCode, ResultMessage',
    ...change,
  })
  return files
}

const open = (files: Record<string, string>, options: Partial<S3ChecksumReportOptions> = {}): BackupSource =>
  s3ChecksumReport({ files: memorySource(files), bucket: 'shop', manifest: MANIFEST, ...options })
const failing = (files: Record<string, string>, options: Partial<S3ChecksumReportOptions> = {}) =>
  expect(listAll(open(files, options))).rejects
const only = async (message: string): Promise<ObjectEntry> =>
  (await listAll(open(reportFiles([done('a', message)]))))[0]!

describe('a report of checksums', () => {
  it('is a dated list of what S3 computed from the bytes that it stores', async () => {
    const source = open(reportFiles([done('docs/ü +.txt', full('hello'), 'v1'), done('other', full('x'))]), {
      prefix: 'docs/',
    })
    expect(source.uri).toBe(
      's3-checksum-report+memory://objects/reports/job-1/manifest.json?bucket=shop&prefix=docs%2F',
    )
    expect(await source.describe()).toMatchObject({
      asOf: Date.parse('2026-11-01T17:48:39.725Z'),
      readCost: 'impossible',
      listingDigests: [
        { algorithm: 'sha256', provenance: 'service' },
        { algorithm: 'md5', provenance: 'service' },
      ],
    })
    expect(await listAll(source)).toEqual([
      {
        key: 'ü +.txt',
        ref: { key: 'ü +.txt', version: 'v1' },
        kind: 'object',
        version: 'v1',
        etag: md5('hello'),
        digests: [
          { algorithm: 'sha256', value: sha256('hello').toString('hex'), provenance: 'service' },
          { algorithm: 'md5', value: md5('hello'), provenance: 'service', equalityOnly: true },
        ],
      },
    ])
  })

  it('knows composites by their parts, from the checksum or else from the ETag', async () => {
    const crc = Buffer.from('6d2f5339', 'hex')
    const fields = { checksumAlgorithm: 'CRC32', checksumType: 'COMPOSITE', etag: `${md5('x')}-3` }
    const digest = { algorithm: 'crc32', value: '6d2f5339', provenance: 'service' }
    const first = async (more: Readonly<Record<string, string>>): Promise<unknown> =>
      (await only(result({ ...fields, ...more }))).digests?.[0]
    expect(await first({ checksum_base64: `${crc.toString('base64')}-7` })).toEqual({
      ...digest,
      coverage: { parts: 7 },
    })
    expect(await first({ checksum_hex: '6D2F5339' })).toEqual({ ...digest, coverage: { parts: 3 } })
    // One of which the number of parts is not told can prove nothing.
    expect(await first({ checksum_hex: '6D2F5339', etag: md5('x') })).toMatchObject({ algorithm: 'malformed:crc32' })
    expect(await first({ checksum_hex: '6D2F53', checksumType: 'FULL_OBJECT' })).toMatchObject({
      algorithm: 'malformed:crc32',
      equalityOnly: true,
    })
    expect(await first({ checksum_base64: crc.toString('base64'), checksumAlgorithm: 'NEW' })).toMatchObject({
      algorithm: 'new',
    })
  })

  it('proves at stored what another side keeps or is read for, and says why a task failed', async () => {
    const files = reportFiles(
      [done('same', full('hello')), done('rotten', full('hellO'))],
      [
        ['shop', 'denied', '', 'failed', '403', 'AccessDenied', 'Access Denied'],
        ['shop', 'gone', '', 'failed', 'NoSuchKey', '404', ''],
        ['shop', 'sealed', '', 'failed', '400', 'InvalidRequest', 'SSE-C is not supported'],
      ],
    )
    const entries = await listAll(open(files))
    expect(entries.map(({ key, problem }) => [key, problem?.code, problem?.retryable])).toEqual([
      ['same', undefined, undefined],
      ['rotten', undefined, undefined],
      ['denied', 'access-denied', undefined],
      ['gone', 'not-found', undefined],
      ['sealed', 'unavailable', false],
    ])
    expect(entries[2]?.problem?.message).toMatch(/could not compute its checksum \(403, AccessDenied, Access Denied\)/)
    const place = memorySource(
      { same: 'hello', rotten: 'hello', denied: 'hello', gone: 'hello', sealed: 'hello' },
      { digests: [{ algorithm: 'sha256', provenance: 'service' }] },
    )
    const found: Record<string, unknown> = {}
    const run = compare({ source: place, replicas: [open(files)] })
    for await (const page of run) for (const { key, outcome, grade } of page) found[key] = [outcome, grade]
    expect(found).toEqual({
      same: ['match', 'stored'],
      rotten: ['mismatch', undefined],
      denied: ['error', undefined],
      gone: ['unreadable', undefined],
      sealed: ['error', undefined],
    })
  })

  it('reads single files of a report, of which the caller says when it was made', async () => {
    const files = { 'a.csv': reportOf([done('a', full('a'))]), 'b.csv': reportOf([done('b', full('b'))]) }
    const asOf = new Date('2026-11-02T00:00:00Z')
    const source = open(files, { manifest: undefined, reports: ['a.csv', 'b.csv'], asOf })
    expect((await listAll(source)).map(({ key }) => key)).toEqual(['a', 'b'])
    expect(await source.describe()).toMatchObject({ asOf: asOf.getTime() })
  })

  it.each<[string, RegExp, Record<string, string>]>([
    [
      'one that breaks its MD5',
      /its md5 is/,
      {
        ...reportFiles([done('a', full('a'))]),
        'reports/job-1/results/succeeded.csv': reportOf([done('a', full('b'))]),
      },
    ],
    ['one of another format', /its Format is/, reportFiles([], [], { Format: 'Report_CSV_2030' })],
    ['one of other columns', /its ReportSchema is/, reportFiles([], [], { ReportSchema: 'Bucket, Key' })],
    ['one without a date', /ReportCreationDate is no date/, reportFiles([], [], { ReportCreationDate: 'soon' })],
    ['another job', /none of a job "Compute checksum"/, reportFiles([done('a', 'Successful')])],
    [
      'another bucket',
      /line 1 cannot be read: it is of the bucket "else"/,
      reportFiles([['else', ...done('a', full('a')).slice(1)]]),
    ],
    ['a task with no end', /its TaskStatus is "running"/, reportFiles([['shop', 'a', '', 'running', '', '', '']])],
    [
      'a checksum that contradicts itself',
      /are different/,
      reportFiles([
        done(
          'a',
          result({ checksum_base64: sha256('a').toString('base64'), checksum_hex: sha256('b').toString('hex') }),
        ),
      ]),
    ],
  ])('is refused: %s', async (_, message, files) => {
    await failing(files).toMatchObject({ code: 'corrupt', message: expect.stringMatching(message) })
  })

  it('checks its options at once', () => {
    const files = memorySource({})
    const asOf = new Date(0)
    for (const options of [
      { files, bucket: 'shop' },
      { files, bucket: 'shop', manifest: MANIFEST, reports: ['a'] },
      { files, bucket: 'shop', manifest: MANIFEST, asOf },
      { files, bucket: 'shop', reports: ['a'] },
      { files, bucket: 'shop', reports: [], asOf },
      { files, bucket: 'shop', reports: ['a'], asOf: new Date('never') },
      { files, bucket: 's3://shop', manifest: MANIFEST },
    ]) {
      expect(() => s3ChecksumReport(options)).toThrow(expect.objectContaining({ code: 'invalid-config' }))
    }
  })
})
