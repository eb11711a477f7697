import { localDirectory } from '@backproof/provider-local'
import { type AzureServer, type GcsServer, startAzureServer, startGcsServer } from '@backproof/test-servers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { content, evenly, flipped, MIB, sizeOf } from './content.js'
import { type Directory, directoryOf } from './directory.js'
import { azureOf, gcsOf, NAME, readsOf, upload } from './places.js'
import { compared } from './runs.js'

const contents = [
  content('empty', [0]),
  content('large', evenly(20 * MIB + 17, 8 * MIB)),
  ...Array.from({ length: 30 }, (_, i) => content(`small/${i}`, [1 + i * 997, i])),
]
const BYTES = sizeOf(contents)

let azure: AzureServer
let google: GcsServer
let disk: Directory
beforeAll(async () => {
  ;[azure, google] = await Promise.all([startAzureServer(), startGcsServer()])
  azure.admin.createContainer({ name: NAME })
  google.admin.createBucket({ name: NAME })
  await putAllInAzure('absent')
  await upload(contents, ({ key }, bytes) => google.admin.put(NAME, key, bytes))
  disk = await directoryOf(contents)
})
afterAll(async () => {
  await Promise.all([azure.close(), google.close()])
  await disk[Symbol.asyncDispose]()
})

/** Blobs of blocks, without an MD5; the CRC64 that their listing tells is the service's word, or there is none. */
const putAllInAzure = (contentCrc64: 'right' | 'absent', damaged?: string): Promise<void> =>
  upload(contents, ({ key, size }, bytes) =>
    azure.admin.put(NAME, key, key === damaged ? flipped(bytes, size - 1) : bytes, {
      contentMd5: 'absent',
      contentCrc64,
    }),
  )

const resetRequests = (): void => {
  for (const { requests } of [azure, google]) requests.reset()
}

it('reads Azure alone against Cloud Storage where Azure stores no digest', async () => {
  await putAllInAzure('absent')
  for (const isSource of [true, false]) {
    resetRequests()
    const outcome = isSource
      ? await compared(azureOf(azure), gcsOf(google))
      : await compared(gcsOf(google), azureOf(azure))
    expect(outcome.told).toEqual({ 'match stored one-sided-read': contents.length })
    expect(outcome.bytesRead).toEqual(isSource ? [BYTES, 0] : [0, BYTES])
    expect(readsOf(google)).toBe(0)
  }
  await putAllInAzure('absent', 'large')
  resetRequests()
  const outcome = await compared(azureOf(azure), gcsOf(google))
  expect(outcome.told).toEqual({ 'match stored one-sided-read': contents.length - 1, 'mismatch digest': 1 })
  expect(readsOf(google)).toBe(0)
})

it('reads the disk alone against Azure where its CRC64 is listed and a claim is enough', async () => {
  await putAllInAzure('right')
  resetRequests()
  const outcome = await compared(localDirectory({ path: disk.path }), azureOf(azure), { require: 'claimed' })
  expect(outcome.told).toEqual({ 'match claimed one-sided-read': contents.length })
  expect(outcome.bytesRead).toEqual([BYTES, 0])
  expect(readsOf(azure)).toBe(0)
})

it('never takes a claim for more: by default Azure is read', async () => {
  await putAllInAzure('right')
  resetRequests()
  const outcome = await compared(localDirectory({ path: disk.path }), azureOf(azure))
  expect(outcome.told).toEqual({ 'match read two-sided-read': contents.length })
  expect(outcome.bytesRead).toEqual([BYTES, BYTES])
})
