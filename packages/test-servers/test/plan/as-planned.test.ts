import { execFileSync } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { summarizePlan } from '@backproof/core/report'
import { localDirectory, manifestFile, tarArchive, writeManifest } from '@backproof/provider-local'
import { type GcsServer, type S3Server, startGcsServer, startS3Server } from '@backproof/test-servers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { content, evenly, KIB, MIB, sizeOf } from '../across/content.js'
import { type Directory, directoryOf } from '../across/directory.js'
import { gcsOf, NAME, s3Of, upload } from '../across/places.js'
import { type Rehearsed, rehearse } from './rehearsal.js'

const contents = [
  content('db/large', evenly(11 * MIB + 123, 5 * MIB)),
  content('empty', [0]),
  ...Array.from({ length: 8 }, (_, i) => content(`small/${i}`, [20 * KIB + i * 997])),
  ...Array.from({ length: 4 }, (_, i) => content(`two-parts/${i}`, [5 * MIB, 10 * KIB + i])),
]
const COUNT = contents.length
const BYTES = sizeOf(contents)

let s3: S3Server
let google: GcsServer
let disk: Directory
let archive = ''
let manifest = ''

type PutOptions = NonNullable<Parameters<S3Server['admin']['put']>[3]>
const BUCKETS: Readonly<Record<string, PutOptions>> = {
  etags: { checksum: 'none' },
  'crc64nvme-under-kms': { sse: 'aws:kms', checksum: { algorithm: 'CRC64NVME' } },
  'composite-crc32c': { checksum: { algorithm: 'CRC32C', type: 'COMPOSITE' } },
}

beforeAll(async () => {
  ;[s3, google] = await Promise.all([startS3Server(), startGcsServer()])
  for (const [name, options] of Object.entries(BUCKETS)) {
    s3.admin.createBucket({ name })
    await upload(contents, ({ key, size, partSizes }, bytes) =>
      s3.admin.put(name, key, bytes, { ...options, ...(size > 0 && { partSizes }) }),
    )
  }
  google.admin.createBucket({ name: NAME })
  await upload(contents, ({ key }, bytes) => google.admin.put(NAME, key, bytes))
  disk = await directoryOf(contents)
  archive = `${disk.path}.tar.gz`
  manifest = `${disk.path}.manifest`
  execFileSync('tar', ['-czf', archive, '-C', disk.path, '.'])
  await writeManifest(localDirectory({ path: disk.path }), createWriteStream(manifest))
})
afterAll(async () => {
  await Promise.all([s3.close(), google.close()])
  await disk[Symbol.asyncDispose]()
  await Promise.all([archive, manifest].map((path) => rm(path, { force: true })))
})

const directory = () => localDirectory({ path: disk.path })

/** The run did what its plan says, no more and no less. */
const expectAsPlanned = ({ planned, done, result }: Rehearsed): void => {
  expect(result.totals.outcomes.match).toBe(result.totals.findings)
  expect(done).toEqual(planned)
}

/** The run proved everything, and took no more than its plan says that it takes at most. */
const expectWithin = ({ plan, done, result }: Rehearsed): void => {
  expect(result.totals.outcomes.match).toBe(result.totals.findings)
  const { list, stat, read } = done.requests
  const took = { requests: list + stat + read, bytes: done.bytes.reduce((a, b) => a + b, 0) }
  expect(Math.min(took.requests, plan.atMost.requests)).toBe(took.requests)
  expect(Math.min(took.bytes, plan.atMost.bytesToRead)).toBe(took.bytes)
}

describe('a comparison is what was planned', () => {
  it.each(['stored', 'read', 'claimed', 'size'] as const)('of a directory with ETags alone, at %s', async (require) => {
    const rehearsed = await rehearse([s3], { source: directory(), replicas: [s3Of(s3, 'etags')], require })
    expectAsPlanned(rehearsed)
    expectWithin(rehearsed)
  })

  it.each(Object.keys(BUCKETS))('of %s with Cloud Storage', async (bucket) => {
    const rehearsed = await rehearse([s3, google], { source: s3Of(s3, bucket), replicas: [gcsOf(google)] })
    expectWithin(rehearsed)
    if (bucket === 'composite-crc32c') expectAsPlanned(rehearsed)
  })

  it('of parts that nobody would guess, within what it says at most', async () => {
    const bucket = 'uneven'
    s3.admin.createBucket({ name: bucket })
    const odd = [content('odd', [6 * MIB, 5 * MIB, 7 * MIB, 1]), content('unusual', evenly(9_876_543, 5_500_000))]
    await upload(odd, ({ key, partSizes }, bytes) => s3.admin.put(bucket, key, bytes, { partSizes, checksum: 'none' }))
    await using local = await directoryOf(odd)
    const source = localDirectory({ path: local.path })
    const rehearsed = await rehearse([s3], { source, replicas: [s3Of(s3, bucket)] })
    expectWithin(rehearsed)
    expect(rehearsed.done.requests.stat).toBeGreaterThan(rehearsed.planned.requests.stat)
  })

  it.each(Object.keys(BUCKETS))('of a directory with %s, or within what it says at most', async (bucket) => {
    const rehearsed = await rehearse([s3], { source: directory(), replicas: [s3Of(s3, bucket)] })
    expectWithin(rehearsed)
    if (bucket !== 'crc64nvme-under-kms') expectAsPlanned(rehearsed)
  })

  it('of a directory with Cloud Storage, which reads the directory alone', async () => {
    const rehearsed = await rehearse([google], { source: directory(), replicas: [gcsOf(google)] })
    expectAsPlanned(rehearsed)
    expect(rehearsed.done.bytes).toEqual([BYTES, 0])
    expect(rehearsed.plan.atMost.requests).toBe(rehearsed.plan.requests.list)
    expect(summarizePlan(rehearsed.plan).details.join('\n')).not.toContain('At most')
  })

  it('of a directory with three replicas, which reads it once', async () => {
    const replicas = [s3Of(s3, 'etags'), gcsOf(google), s3Of(s3, 'composite-crc32c')]
    const rehearsed = await rehearse([s3, google], { source: directory(), replicas })
    expectAsPlanned(rehearsed)
    expectWithin(rehearsed)
    expect(rehearsed.done.bytes).toEqual([BYTES, 0, 0, 0])
  })

  it('of an archive with a directory, and with a bucket', async () => {
    const both = await rehearse([], { source: tarArchive({ path: archive }), replicas: [directory()] })
    expectAsPlanned(both)
    expect(both.done.bytes).toEqual([BYTES, BYTES])
    const bucket = await rehearse([google], { source: tarArchive({ path: archive }), replicas: [gcsOf(google)] })
    expectAsPlanned(bucket)
    expect(bucket.done.bytes).toEqual([BYTES, 0])
    for (const name of Object.keys(BUCKETS)) {
      expectWithin(await rehearse([s3], { source: tarArchive({ path: archive }), replicas: [s3Of(s3, name)] }))
    }
  })

  it('of two directories', async () => {
    const copy = await directoryOf(contents)
    try {
      const rehearsed = await rehearse([], { source: directory(), replicas: [localDirectory({ path: copy.path })] })
      expectAsPlanned(rehearsed)
      expect(rehearsed.planned.requests).toEqual({ list: 0, stat: 0, read: 0 })
      expect(rehearsed.plan.atMost).toEqual({ requests: 0, bytesToRead: 2 * BYTES, money: {} })
    } finally {
      await copy[Symbol.asyncDispose]()
    }
  })

  it('where keys have policies of their own', async () => {
    const rehearsed = await rehearse([google], {
      source: directory(),
      replicas: [gcsOf(google)],
      policies: [
        { keys: 'db/**', require: 'read' },
        { keys: 'small/**', require: 'size' },
      ],
    })
    expectAsPlanned(rehearsed)
    expect(rehearsed.planned.proofs).toEqual({ 'two-sided-read': 1, size: 8, 'one-sided-read': COUNT - 9 })
  })
})

describe('a verification is what was planned', () => {
  it.each(['etags', 'composite-crc32c'])('of %s by what it says of itself', async (bucket) => {
    const rehearsed = await rehearse([s3], { source: s3Of(s3, bucket) })
    expectWithin(rehearsed)
    expect(rehearsed.done.bytes).toEqual(rehearsed.planned.bytes)
  })

  it('of Cloud Storage by what it says of itself', async () => {
    expectAsPlanned(await rehearse([google], { source: gcsOf(google) }))
  })

  it('against a manifest', async () => {
    for (const source of [directory(), gcsOf(google), tarArchive({ path: archive })]) {
      expectAsPlanned(await rehearse([google], { source, against: manifestFile({ path: manifest }) }))
    }
  })
})
