import type { PlacePrices } from '@backproof/core/source'
import { localDirectory } from '@backproof/provider-local'
import { type S3Server, startS3Server } from '@backproof/test-servers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bytesOf, content, flipped, sizeOf } from './content.js'
import { type Directory, directoryOf } from './directory.js'
import { NAME, readsOf, s3Of } from './places.js'
import { type Compared, compared } from './runs.js'

/** A twentieth of them lies below `some/`. */
const contents = Array.from({ length: 10_000 }, (_, i) =>
  content(`${i % 20 === 0 ? 'some' : 'more'}/${i % 10}/${i}`, [100 + (i % 1_000)]),
)
const some = contents.filter(({ key }) => key.startsWith('some/'))
const DAMAGED = some[50]!

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

let s3: S3Server
let disk: Directory
beforeAll(async () => {
  s3 = await startS3Server()
  s3.admin.createBucket({ name: NAME })
  // Their ETags say nothing; the CRC64NVME that S3 adds by itself is told by a HEAD.
  for (const { key, size } of contents) await s3.admin.put(NAME, key, bytesOf(key, size), { sse: 'aws:kms' })
  disk = await directoryOf(contents)
})
afterAll(async () => {
  await s3.close()
  await disk[Symbol.asyncDispose]()
})

const comparedUnder = (table: typeof TO_THE_INTERNET, include?: readonly string[]): Promise<Compared> => {
  s3.requests.reset()
  return compared(localDirectory({ path: disk.path }), s3Of(s3), { prices: table, include })
}

it('asks about small objects where their bytes cost more than their requests', async () => {
  const outcome = await comparedUnder(TO_THE_INTERNET, ['some/**'])
  expect(outcome.told).toEqual({ 'match stored one-sided-read': some.length })
  expect(outcome.bytesRead[1]).toBe(0)
  expect(readsOf(s3)).toBe(0)
  expect(s3.requests.count('HeadObject')).toBe(some.length)
  expect(outcome.report.telemetry.readInstead).toBeUndefined()
})

it('reads 10,000 small objects where a request for their digests costs as much, and says so', async () => {
  const outcome = await comparedUnder(SAME_REGION)
  expect(outcome.told).toEqual({ 'match read two-sided-read': contents.length })
  expect(outcome.bytesRead[1]).toBe(sizeOf(contents))
  expect(readsOf(s3)).toBe(contents.length)
  expect(s3.requests.count('HeadObject')).toBe(0)
  expect(outcome.report.telemetry.readInstead).toBe(contents.length)
})

it('finds another byte either way', async () => {
  const bytes = bytesOf(DAMAGED.key, DAMAGED.size)
  await disk.write(DAMAGED.key, flipped(bytes, 50))
  for (const table of [TO_THE_INTERNET, SAME_REGION]) {
    const { findings } = await comparedUnder(table, ['some/**'])
    const others = findings.filter(({ outcome }) => outcome !== 'match')
    expect(others).toMatchObject([{ key: DAMAGED.key, outcome: 'mismatch', reason: 'digest' }])
  }
  await disk.write(DAMAGED.key, bytes)
})
