import { type AzureServer, type S3Server, startAzureServer, startS3Server } from '@backproof/test-servers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bytesOf, content, evenly, flipped, KIB, MIB } from './content.js'
import { azureOf, NAME, readsOf, s3Of, upload } from './places.js'
import { type Compared, compared } from './runs.js'

const contents = [
  content('large', evenly(20 * MIB + 17, 8 * MIB)),
  ...Array.from({ length: 30 }, (_, i) => content(`small/${i}`, [5 * KIB + i * 997, i])),
]

let azure: AzureServer
let s3: S3Server
beforeAll(async () => {
  ;[azure, s3] = await Promise.all([startAzureServer(), startS3Server()])
  azure.admin.createContainer({ name: NAME })
  s3.admin.createBucket({ name: NAME })
  // Blobs of blocks, without an MD5, of which the service lists the CRC64.
  await upload(contents, ({ key }, bytes) =>
    azure.admin.put(NAME, key, bytes, { contentMd5: 'absent', contentCrc64: 'right' }),
  )
  await upload(contents, ({ key, partSizes }, bytes) =>
    s3.admin.put(NAME, key, bytes, { partSizes, sse: 'aws:kms', checksum: { algorithm: 'CRC64NVME' } }),
  )
})
afterAll(async () => {
  await Promise.all([azure.close(), s3.close()])
})

/** Either way round. */
const comparedEither = (s3First: boolean): Promise<Compared> => {
  azure.requests.reset()
  s3.requests.reset()
  const [source, replica] = s3First ? [s3Of(s3), azureOf(azure)] : [azureOf(azure), s3Of(s3)]
  return compared(source, replica, { require: 'claimed' })
}

it("holds Azure's CRC64 against S3's CRC64NVME, whose bytes are in the other order, and reads nothing", async () => {
  for (const s3First of [true, false]) {
    const outcome = await comparedEither(s3First)
    expect(outcome.told).toEqual({ 'match claimed digest': contents.length })
    expect(outcome.bytesRead).toEqual([0, 0])
    expect([readsOf(s3), readsOf(azure)]).toEqual([0, 0])
    expect(s3.requests.count('HeadObject')).toBe(contents.length)
    // Its listing tells all that it has.
    expect(azure.requests.count('GetBlobProperties')).toBe(0)
  }
})

it('reads the one blob whose claim differs, as a claim accuses nobody', async () => {
  const { key, size } = contents[0]!
  const options = { contentMd5: 'absent', contentCrc64: 'right' } as const
  await azure.admin.put(NAME, key, flipped(bytesOf(key, size), size - 1), options)
  const { told, findings, bytesRead } = await comparedEither(true)
  expect(told).toEqual({ 'match claimed digest': contents.length - 1, 'mismatch digest': 1 })
  expect(findings.find(({ outcome }) => outcome !== 'match')?.key).toBe(key)
  expect(bytesRead).toEqual([0, size])
  expect(readsOf(s3)).toBe(0)
})
