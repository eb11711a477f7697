import { compare } from '@backproof/core/compare'
import { type Plan, summarizePlan } from '@backproof/core/report'
import type { PlacePrices } from '@backproof/core/source'
import { localDirectory } from '@backproof/provider-local'
import { type S3Server, startS3Server } from '@backproof/test-servers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bytesOf, content, flipped, sizeOf } from './content.js'
import { type Directory, directoryOf } from './directory.js'
import { NAME, readsOf, s3Of, upload } from './places.js'
import { type Compared, compared } from './runs.js'

const contents = Array.from({ length: 10_000 }, (_, i) => content(`${i % 20}/${i % 7}/${i}`, [100 + (i % 1_000)]))
const some = contents.filter(({ key }) => key.startsWith('7/'))
const DAMAGED = some[50]!

/** A directory bucket: its ETags are no digests, and its listing tells which checksum a HEAD would tell. */
const EXPRESS = 'backups--use1-az4--x-s3'

/** As S3 charges: a HEAD like a GET. */
const prices = (egressByte: number): Readonly<Record<string, PlacePrices>> => ({
  's3:': {
    currency: 'USD',
    asOf: '2026-11',
    source: 'made up for a test',
    list: 5e-6,
    pageSize: 1_000,
    stat: 4e-7,
    read: 4e-7,
    egressByte,
  },
})
const TO_THE_INTERNET = prices(9e-11)
const SAME_REGION = prices(0)

/** Milliseconds: 10,000 requests through the SDK take 20 seconds on two processors, more where others use them too. */
const LONG = 240_000

let s3: S3Server
let disk: Directory
beforeAll(async () => {
  s3 = await startS3Server()
  s3.admin.createBucket({ name: NAME })
  s3.admin.createBucket({ name: EXPRESS, kind: 'directory' })
  await upload(contents, ({ key }, bytes) => s3.admin.put(EXPRESS, key, bytes))
  await upload(some, ({ key }, bytes) => s3.admin.put(NAME, key, bytes, { sse: 'aws:kms' }))
  disk = await directoryOf(contents)
})
afterAll(async () => {
  await s3.close()
  await disk[Symbol.asyncDispose]()
})

const comparedUnder = (table: typeof SAME_REGION, bucket: string, include?: readonly string[]): Promise<Compared> => {
  s3.requests.reset()
  return compared(localDirectory({ path: disk.path }), s3Of(s3, bucket), { prices: table, include })
}

const plannedUnder = async (table: typeof SAME_REGION): Promise<Plan> => {
  s3.requests.reset()
  await using replica = s3Of(s3, EXPRESS)
  const plan = await compare({
    source: localDirectory({ path: disk.path }),
    replicas: [replica],
    prices: table,
  }).plan()
  expect([s3.requests.count('HeadObject'), readsOf(s3)]).toEqual([0, 0])
  return plan
}

it('plans to ask about 10,000 small objects where their bytes cost more than their requests', async () => {
  const plan = await plannedUnder(TO_THE_INTERNET)
  expect(plan.proofs).toEqual({ 'one-sided-read': contents.length })
  expect(plan.replicas[0]).toMatchObject({ bytesToRead: 0, requests: { stat: contents.length, read: 0 } })
  expect(plan.readInstead.objects).toBe(0)
})

it(
  'reads 10,000 small objects where a request for their digests costs as much, and says so before and after',
  async () => {
    const plan = await plannedUnder(SAME_REGION)
    expect(plan.proofs).toEqual({ 'two-sided-read': contents.length })
    expect(plan.replicas[0]).toMatchObject({ requests: { stat: 0, read: contents.length } })
    expect(plan.readInstead).toEqual({ objects: contents.length, bytes: sizeOf(contents) })
    expect(summarizePlan(plan).details.join('\n')).toContain('10,000')

    const { told, bytesRead, report } = await comparedUnder(SAME_REGION, EXPRESS)
    expect(told).toEqual({ 'match read two-sided-read': contents.length })
    expect(bytesRead).toEqual([sizeOf(contents), sizeOf(contents)])
    expect(readsOf(s3)).toBe(contents.length)
    expect(s3.requests.count('HeadObject')).toBe(0)
    expect(report.telemetry.readInstead).toBe(contents.length)
  },
  LONG,
)

it('does the same for objects under SSE-KMS, of which it finds out on the way that their ETags say nothing', async () => {
  const far = await comparedUnder(TO_THE_INTERNET, NAME, ['7/**'])
  expect(far.told).toEqual({ 'match stored one-sided-read': some.length })
  expect(far.bytesRead[1]).toBe(0)
  expect([s3.requests.count('HeadObject'), readsOf(s3)]).toEqual([some.length, 0])
  expect(far.report.telemetry.readInstead).toBeUndefined()

  const near = await comparedUnder(SAME_REGION, NAME, ['7/**'])
  expect(near.told).toEqual({ 'match read two-sided-read': some.length })
  expect([s3.requests.count('HeadObject'), readsOf(s3)]).toEqual([0, some.length])
  expect(near.report.telemetry.readInstead).toBe(some.length)
})

it('finds another byte either way', async () => {
  const bytes = bytesOf(DAMAGED.key, DAMAGED.size)
  await disk.write(DAMAGED.key, flipped(bytes, 50))
  for (const bucket of [NAME, EXPRESS]) {
    for (const table of [TO_THE_INTERNET, SAME_REGION]) {
      const { findings } = await comparedUnder(table, bucket, ['7/**'])
      const others = findings.filter(({ outcome }) => outcome !== 'match')
      expect(others).toMatchObject([{ key: DAMAGED.key, outcome: 'mismatch', reason: 'digest' }])
    }
  }
  await disk.write(DAMAGED.key, bytes)
})
