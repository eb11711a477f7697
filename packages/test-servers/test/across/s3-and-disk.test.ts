import { localDirectory } from '@backproof/provider-local'
import { type S3Server, startS3Server } from '@backproof/test-servers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bytesOf, type Content, content, evenly, flipped, MIB, sizeOf } from './content.js'
import { type Directory, directoryOf } from './directory.js'
import { NAME, readsOf, s3Of } from './places.js'
import { compared } from './runs.js'

type PutOptions = NonNullable<Parameters<S3Server['admin']['put']>[3]>
interface Upload {
  readonly content: Content
  readonly options: PutOptions
}

/** How a kind of object is proven: the algorithm of the digest that S3 stores of it. */
interface Kind {
  readonly name: string
  readonly algorithm: string
  readonly uploads: readonly Upload[]
  /** Most requests about one object: HeadObject (also of its first part, or of every part) and GetObjectAttributes. */
  readonly heads: number
  readonly attributes: number
  /** How often the disk is read at most: again where what was guessed of an ETag was not so. */
  readonly reads: number
}

const etagOnly = (key: string, partSizes: readonly number[]): Upload => ({
  content: content(key, partSizes),
  options: { partSizes, checksum: 'none' },
})

/** Nothing is known of it but a checksum: its ETag is not one. */
const underKms = (key: string, partSizes: readonly number[], algorithm: string): Upload => ({
  content: content(key, partSizes),
  options: { partSizes, sse: 'aws:kms', checksum: { algorithm } },
})

const CUTS: readonly (readonly [string, readonly number[]])[] = [
  ['two-and-odd', evenly(11 * MIB + 123, 5 * MIB)],
  ['one-part', [1_234_567]],
  ['uneven', [6 * MIB, 5 * MIB, 7 * MIB, 1]],
]

const KINDS: readonly Kind[] = [
  {
    name: 'ETags alone, of parts as tools cut them',
    algorithm: 'md5',
    uploads: [5, 8, 16, 100].flatMap((part) => [
      etagOnly(`etag/${part}-mib/odd-last`, evenly((part === 100 ? 100 : 2 * part) * MIB + 54_321, part * MIB)),
      ...(part === 100 ? [] : [etagOnly(`etag/${part}-mib/even`, evenly(3 * part * MIB, part * MIB))]),
    ]),
    heads: 0,
    attributes: 0,
    reads: 1,
  },
  {
    name: 'ETags alone, of parts that nobody would guess',
    algorithm: 'md5',
    uploads: [
      etagOnly('etag/uneven', [6 * MIB, 5 * MIB, 7 * MIB, 1]),
      etagOnly('etag/unusual', evenly(9_876_543, 2_500_000)),
    ],
    // The object, its first part, and then every part of what is not even.
    heads: 7,
    attributes: 2,
    reads: 3,
  },
  ...(['CRC64NVME', 'CRC32C', 'SHA256'] as const).map((algorithm) => ({
    name: `SSE-KMS with ${algorithm}${algorithm === 'CRC64NVME' ? '' : ' of the parts'}`,
    algorithm: algorithm.toLowerCase(),
    uploads: CUTS.map(([cut, partSizes]) => underKms(`kms/${algorithm}/${cut}`, partSizes, algorithm)),
    heads: 1,
    attributes: 1,
    // What covers the whole is computed in the same pass as what the ETag may be.
    reads: algorithm === 'CRC64NVME' ? 1 : 2,
  })),
]

let s3: S3Server
let disk: Directory
beforeAll(async () => {
  s3 = await startS3Server()
  s3.admin.createBucket({ name: NAME })
  const uploads = KINDS.flatMap((kind) => kind.uploads)
  disk = await directoryOf(uploads.map((upload) => upload.content))
  for (const {
    content: { key, size },
    options,
  } of uploads)
    await s3.admin.put(NAME, key, bytesOf(key, size), options)
})
afterAll(async () => {
  await s3.close()
  await disk[Symbol.asyncDispose]()
})

const comparedWithDisk = (kind: Kind) => {
  s3.requests.reset()
  return compared(localDirectory({ path: disk.path }), s3Of(s3), {
    include: kind.uploads.map((upload) => upload.content.key),
  })
}

it.each(KINDS)('reads the disk and nothing of S3: $name', async (kind) => {
  const { uploads, algorithm, heads, attributes, reads } = kind
  const outcome = await comparedWithDisk(kind)
  expect(outcome.told).toEqual({ 'match stored one-sided-read': uploads.length })
  for (const { sides } of outcome.findings) expect(sides?.replica?.digest?.algorithm).toBe(algorithm)
  const bytes = sizeOf(uploads.map((upload) => upload.content))
  expect(outcome.bytesRead[0]).toBeGreaterThanOrEqual(bytes)
  expect(outcome.bytesRead[0]).toBeLessThanOrEqual(reads * bytes)
  expect(outcome.bytesRead[1]).toBe(0)
  expect(readsOf(s3)).toBe(0)
  expect(s3.requests.count('HeadObject')).toBeLessThanOrEqual(heads * uploads.length)
  expect(s3.requests.count('GetObjectAttributes')).toBeLessThanOrEqual(attributes * uploads.length)
})

it.each(KINDS)('finds another byte on the disk without reading S3: $name', async (kind) => {
  const { key, size } = kind.uploads[0]!.content
  const bytes = bytesOf(key, size)
  await disk.write(key, flipped(bytes, size - 1))
  const outcome = await comparedWithDisk(kind)
  await disk.write(key, bytes)
  expect(outcome.told).toEqual({ 'match stored one-sided-read': kind.uploads.length - 1, 'mismatch digest': 1 })
  expect(outcome.findings.find(({ outcome: found }) => found === 'mismatch')?.key).toBe(key)
  expect(outcome.bytesRead[1]).toBe(0)
  expect(readsOf(s3)).toBe(0)
})
