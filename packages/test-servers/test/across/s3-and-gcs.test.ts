import type { ObjectFinding } from '@backproof/core/report'
import type { BackupSource } from '@backproof/core/source'
import { type GcsServer, type S3Server, startGcsServer, startS3Server } from '@backproof/test-servers'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { bytesOf, type Content, flipped, MIB, sizeOf, threeHundred } from './content.js'
import { gcsOf, NAME, readsOf, s3Of, upload } from './places.js'
import { type Compared, compared } from './runs.js'

// 300 uploads in parts and as many comparisons, on a machine that has other things to do.
vi.setConfig({ testTimeout: 240_000 })

const contents = threeHundred()
/** The object whose copy is other than what was backed up: in several parts, and one of the large ones. */
const DAMAGED = 'large/in-8-mib'

let google: GcsServer
let s3: S3Server
/** Every third one may be composed of others: then it has no MD5, only the CRC32C. */
const uploadToGoogle = ({ composed }: { readonly composed: boolean }): Promise<void> =>
  upload(contents, ({ key }, bytes, i) =>
    google.admin.put(NAME, key, bytes, composed && i % 3 === 2 ? { componentCount: 2 } : {}),
  )
beforeAll(async () => {
  google = await startGcsServer()
  google.admin.createBucket({ name: NAME })
  await uploadToGoogle({ composed: true })
})
afterAll(() => google.close())
beforeEach(async () => {
  s3 = await startS3Server()
  s3.admin.createBucket({ name: NAME })
})
afterEach(() => s3.close())

type PutOptions = NonNullable<Parameters<S3Server['admin']['put']>[3]>
type PutOptionsOf = (content: Content, index: number) => PutOptions

const uploadToS3 = (put: PutOptionsOf): Promise<void> =>
  upload(contents, (content, bytes, i) => s3.admin.put(NAME, content.key, bytes, put(content, i)))

/** One bit in the middle of the second part of an object, changed before it was uploaded. */
const replaceDamaged = async (put: PutOptionsOf): Promise<void> => {
  const index = contents.findIndex(({ key }) => key === DAMAGED)
  const content = contents[index]!
  const [first = 0, second = 0] = content.partSizes
  const bytes = flipped(bytesOf(DAMAGED, content.size), first + Math.floor(second / 2))
  await s3.admin.put(NAME, DAMAGED, bytes, put(content, index))
}

/** Of parts where there are several, under three kinds of encryption: of two the ETag says nothing. */
const composite: PutOptionsOf = ({ size, partSizes }, index) => ({
  ...(size > 1 && { partSizes }),
  checksum: { algorithm: 'CRC32C', type: 'COMPOSITE' },
  sse: (['AES256', 'aws:kms', 'aws:kms:dsse'] as const)[index % 3],
})

/** Of the whole object, in parts or not. */
const whole: PutOptionsOf = ({ size, partSizes }, index) => ({
  ...(size > 1 && index % 2 === 0 && { partSizes }),
  checksum: { algorithm: 'CRC32C', type: 'FULL_OBJECT' },
})

const md5Only: PutOptionsOf = () => ({ checksum: 'none' })

/** All but the two that were not uploaded in parts. */
const PROVEN = { 'match stored derived-digest': 298, 'match stored digest': 2 }

/** Compares, and expects that no byte of either was read, as the result tells it and as the servers know it. */
const comparedUnread = async (source: BackupSource, replica: BackupSource): Promise<Compared> => {
  s3.requests.reset()
  google.requests.reset()
  const outcome = await compared(source, replica)
  expect(outcome.bytesRead).toEqual([0, 0])
  expect([readsOf(s3), readsOf(google)]).toEqual([0, 0])
  expect(google.requests.count('objects.get')).toBe(0)
  return outcome
}

const mismatchesOf = ({ findings }: Compared): readonly ObjectFinding[] =>
  findings.filter(({ outcome }) => outcome === 'mismatch')

it('is about 300 objects of up to 64 MiB', () => {
  expect(contents).toHaveLength(300)
  expect(Math.max(...contents.map(({ size }) => size))).toBe(64 * MIB)
  expect(sizeOf(contents)).toBeGreaterThan(150 * MIB)
})

it('proves checksums of parts by what the CRCs of the parts make up, whichever side comes first', async () => {
  await uploadToS3(composite)
  for (const [source, replica] of [
    [s3Of(s3), gcsOf(google)],
    [gcsOf(google), s3Of(s3)],
  ] as const) {
    const outcome = await comparedUnread(source, replica)
    expect(outcome.told).toEqual(PROVEN)
    expect(s3.requests.count('HeadObject')).toBeLessThanOrEqual(300)
    expect(s3.requests.count('GetObjectAttributes')).toBeLessThanOrEqual(300)
  }
  await replaceDamaged(composite)
  const outcome = await comparedUnread(s3Of(s3), gcsOf(google))
  expect(outcome.told).toEqual({ ...PROVEN, 'match stored derived-digest': 297, 'mismatch digest': 1 })
  expect(mismatchesOf(outcome)).toMatchObject([{ key: DAMAGED, method: 'derived-digest' }])
})

it('proves checksums of whole objects by the CRC that both store', async () => {
  await uploadToS3(whole)
  const equal = await comparedUnread(s3Of(s3), gcsOf(google))
  expect(equal.told).toEqual({ 'match stored digest': 300 })
  expect(s3.requests.count('HeadObject')).toBeLessThanOrEqual(300)
  await replaceDamaged(whole)
  const outcome = await comparedUnread(s3Of(s3), gcsOf(google))
  expect(outcome.told).toEqual({ 'match stored digest': 299, 'mismatch digest': 1 })
  expect(mismatchesOf(outcome)).toMatchObject([{ key: DAMAGED, method: 'digest' }])
})

it('proves single uploads by the MD5 of the listings alone, and asks S3 once about the one that is other', async () => {
  await uploadToGoogle({ composed: false })
  await uploadToS3(md5Only)
  const equal = await comparedUnread(s3Of(s3), gcsOf(google))
  expect(equal.told).toEqual({ 'match stored digest': 300 })
  expect(s3.requests.count('HeadObject')).toBe(0)
  await replaceDamaged(md5Only)
  const outcome = await comparedUnread(s3Of(s3), gcsOf(google))
  expect(outcome.told).toEqual({ 'match stored digest': 299, 'mismatch digest': 1 })
  expect(mismatchesOf(outcome)).toMatchObject([{ key: DAMAGED, method: 'digest' }])
  expect(s3.requests.count('HeadObject')).toBe(1)
})
