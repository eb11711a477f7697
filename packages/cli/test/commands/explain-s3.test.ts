import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { S3Server } from '@backproof/test-servers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { backproof, type Outcome } from '../support/cli.js'
import { s3Place } from '../support/s3.js'
import { temporaryDirectory } from '../support/tree.js'

const PART = 5 * 1024 * 1024
/** Not even, so that a flipped byte is not another one's twin. */
const BYTES = Uint8Array.from({ length: PART + 1_234_567 }, (_, i) => (i * 7 + (i >> 9)) & 0xff)

let server: S3Server
let env: Readonly<Record<string, string>>
beforeAll(async () => {
  ;({ server, env } = await s3Place())
  server.admin.createBucket({ name: 'backups' })
  const partSizes = [PART, BYTES.length - PART]
  await server.admin.put('backups', 'shop/big', BYTES, { partSizes, checksum: 'none' })
  await server.admin.put('backups', 'shop/rotten', BYTES, { partSizes, checksum: 'none' })
  server.admin.corrupt('backups', 'shop/rotten', PART + 3)
})
afterAll(() => server.close())

const explained = (key: string, ...more: readonly string[]): Promise<Outcome> => {
  const path = temporaryDirectory()
  for (const name of ['big', 'rotten', 'other']) writeFileSync(join(path, name), BYTES)
  const args = ['compare', path, 's3://backups/shop/', '--with', 'profile=aws', '--explain', key, ...more]
  return backproof(args, { env })
}

it('tells a multipart ETag for what it is, and that nothing of the bucket was read', async () => {
  const { code, stdout } = await explained('big')
  const text = Buffer.from(stdout, 'latin1').toString()
  expect(text).toMatch(/^match +big {2}same md5\n/)
  expect(text).toContain('Match at grade `stored`: one side was read')
  expect(text).toMatch(/The source: 6,477,447 bytes, md5 [0-9a-f]{16}…, over the digests of 2 parts of 5,242,880 bytes/)
  expect(text).toMatch(/The replica: 6,477,447 bytes, md5 [0-9a-f]{16}…, over the digests of 2 parts of sizes/)
  expect(text).toContain('The size of the parts was guessed')
  expect(text).toContain('That digest is stored by the S3 service')
  expect(text).toContain('Of the replica, 0 bytes were read.')
  expect(text).toContain('So what rotted beneath the stored digest would not have been seen in the replica.')
  expect(code).toBe(0)
})

it('names the side that broke its own digest once it is read, and not before', async () => {
  const stored = await explained('rotten')
  expect(stored.stdout).toContain('would not have been seen in the replica')
  expect(stored.code).toBe(0)
  const read = await explained('rotten', '--require', 'read')
  expect(read.stdout).toContain('The replica is ')
  expect(read.stdout).toContain('the damaged side')
  expect(read.code).toBe(1)
  // The same run again would tell nothing more.
  expect(stored.stdout).not.toContain('next: ')
  expect(read.stdout).not.toContain('next: ')
})

it('has a word for what the bucket lacks', async () => {
  const { code, stdout } = await explained('other')
  expect(stdout).toContain('Missing: the listing of the source has it, and that of the replica does not.')
  expect(code).toBe(1)
})
