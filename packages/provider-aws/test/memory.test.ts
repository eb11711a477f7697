import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type PutOptions, type S3Server, startS3Server } from '@backproof/test-servers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const child = fileURLToPath(new URL('memory-child.mjs', import.meta.url))
const built = fileURLToPath(new URL('../dist/index.js', import.meta.url))

interface Measured {
  readonly findings: number
  readonly match: number
  readonly complete: boolean
  readonly operations: Readonly<Record<string, number>>
  readonly ms: number
  readonly rssMiB: number
}

const FEW = 3_000
const MANY = 10_000
const BYTES = 2_048
/** One in ten is one that the listing does not prove: under KMS its ETag is no MD5. */
const isOpaque = (i: number): boolean => i % 10 === 3
const putOf = (i: number): PutOptions => {
  if (isOpaque(i)) return { sse: 'aws:kms' }
  return i % 10 === 7 ? { partSizes: [BYTES], checksum: 'none' } : { checksum: 'none' }
}

let root: string
let server: S3Server
beforeAll(async () => {
  if (!existsSync(built))
    throw new Error('The packages are not built: run `npm run build`, or all tests by `npm test`.')
  root = await mkdtemp(join(tmpdir(), 'backproof-s3-scale-'))
  server = await startS3Server()
  for (const count of [FEW, MANY]) await fill(count)
}, 300_000)
afterAll(async () => {
  await server?.close()
  await rm(root, { recursive: true, force: true })
}, 300_000)

const fill = async (count: number): Promise<void> => {
  server.admin.createBucket({ name: `objects-${count}` })
  for (let i = 0; i < count; i++) {
    const folder = `folder-${i % 100}`
    if (i < 100) await mkdir(join(root, `files-${count}`, folder), { recursive: true })
    const key = `${folder}/object ${String(i).padStart(6, '0')}.bin`
    const bytes = Buffer.alloc(BYTES, `${key} `)
    await server.admin.put(`objects-${count}`, key, bytes, putOf(i))
    await writeFile(join(root, `files-${count}`, key), bytes)
  }
}

/** A run of a bucket of `count` objects in a process of its own, which gets no more memory than given (MiB of old space). */
const measure = async (count: number, how: 'compare' | 'verify', more: object = {}): Promise<Measured> => {
  server.requests.reset()
  const options = {
    bucket: `objects-${count}`,
    endpoint: server.url,
    region: server.region,
    credentials: server.credentials,
    ...(how === 'compare' && { directory: join(root, `files-${count}`) }),
    ...more,
  }
  // Newer versions of Node let young objects take twice the space: see decision 9. With a heap that may not grow, memory that
  // is held for each object ends the process, and what is not collected yet does not look like it.
  const flags = ['--max-semi-space-size=16', '--max-old-space-size=64']
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, child, JSON.stringify(options)], {
    timeout: 300_000,
  })
  const measured: Measured = JSON.parse(stdout)
  expect(measured).toMatchObject({ findings: count, match: count, complete: true })
  expect(measured.operations).toEqual(server.requests.counts())
  return measured
}

describe('10,000 objects of a bucket', () => {
  const OF_BUCKET = { HeadBucket: 1, GetBucketVersioning: 1 }

  it('are compared with a directory: asked about only where the listing does not prove', async () => {
    const few = await measure(FEW, 'compare')
    const many = await measure(MANY, 'compare')
    const { ListObjectsV2: pages = 0, ...operations } = many.operations
    expect(operations).toEqual({ ...OF_BUCKET, HeadObject: MANY / 10 })
    // Ten pages, and what guessing where they begin may cost: a quarter more and one for each of 4 at once.
    expect(pages).toBeGreaterThanOrEqual(10)
    expect(pages).toBeLessThanOrEqual(10 * 1.25 + 4)
    const asked = server.requests.log().filter(({ operation }) => operation === 'HeadObject')
    expect(new Set(asked.map(({ key }) => key)).size).toBe(MANY / 10)
    expect(asked.every(({ key }) => isOpaque(Number(/(\d{6})\.bin$/.exec(key)?.[1])))).toBe(true)
    expectFlat(few, many)
  })

  it('are verified with one request each', async () => {
    const few = await measure(FEW, 'verify')
    const many = await measure(MANY, 'verify')
    const { ListObjectsV2: _, ...operations } = many.operations
    expect(operations).toEqual({ ...OF_BUCKET, GetObject: MANY })
    expectFlat(few, many)
  })
}, 300_000)

const expectFlat = (few: Measured, many: Measured): void => {
  expect(many.rssMiB - few.rssMiB).toBeLessThan(50)
  expect(many.rssMiB).toBeLessThan(250)
}
