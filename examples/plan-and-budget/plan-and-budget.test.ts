import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type S3Server, startS3Server } from '@backproof/test-servers'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

const repository = join(import.meta.dirname, '../..')
const example = join(import.meta.dirname, 'plan-and-budget.ts')
const PREFIX = 'shop/'

let temp = ''
let original = ''
let files: readonly string[] = []
let server: S3Server

interface Ended {
  readonly code: number
  readonly lines: readonly string[]
}

/** Runs the example as its users do, against the built packages. */
const run = (bucket: string, ...args: readonly string[]): Promise<Ended> => {
  const { accessKeyId, secretAccessKey } = server.credentials
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))
  const env = {
    ...Object.fromEntries(others),
    AWS_ENDPOINT_URL_S3: server.url,
    AWS_REGION: server.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_CONFIG_FILE: join(temp, 'no-such-file'),
    AWS_SHARED_CREDENTIALS_FILE: join(temp, 'no-such-file'),
  }
  const command = ['--import', 'tsx', example, original, bucket, PREFIX, ...args]
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: repository, env }, (error, stdout) => {
      resolve({ code: error === null ? 0 : Number(error.code), lines: stdout.trimEnd().split('\n') })
    })
  })
}

const reads = (): number => server.requests.count('GetObject')

beforeAll(async () => {
  for (const name of ['core', 'provider-local', 'provider-aws', 'test-servers']) {
    if (!existsSync(join(repository, 'packages', name, 'dist/index.js'))) {
      throw new Error(`packages/${name} is not built, and examples run against built packages: npm run build`)
    }
  }
  temp = await mkdtemp(join(tmpdir(), 'backproof-plan-and-budget-'))
  original = join(temp, 'original')
  await cp(join(repository, 'docs/decisions'), original, { recursive: true })
  files = (await readdir(original)).sort()
  server = await startS3Server()
  for (const name of ['backups', 'encrypted']) server.admin.createBucket({ name })
  for (const file of files) {
    const bytes = await readFile(join(original, file))
    await server.admin.put('backups', PREFIX + file, bytes)
    // Under a key of KMS, an ETag is no digest of the bytes, which no listing tells.
    await server.admin.put('encrypted', PREFIX + file, bytes, { sse: 'aws:kms' })
  }
})
afterAll(async () => {
  await server.close()
  await rm(temp, { recursive: true, force: true })
})
beforeEach(() => server.requests.reset())

describe('plan-and-budget', () => {
  it('says what it would cost, and proves it where that is within the limit', async () => {
    const { code, lines } = await run('backups')
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(
      /^Planned: .* would be read, .* less than by reading both sides; 1 request, \$0\.000005 \(at most \$0\.\d+\), /,
    )
    expect(lines[1]).toMatch(/^Proven: /)
    expect(lines[1]).toContain(` ${files.length} `)
    expect([server.requests.count('HeadObject'), reads()]).toEqual([0, 0])
    expect(code).toBe(0)
  })

  it('refuses what costs more, having listed the bucket and nothing else', async () => {
    const { code, lines } = await run('backups', '0.000006', 'read')
    expect(lines[0]).toMatch(/^Planned: /)
    expect(lines[1]).toBe('Refused: more than $0.000006. Nothing was read.')
    expect(server.requests.count('ListObjectsV2')).toBe(1)
    expect([server.requests.count('HeadObject'), reads()]).toEqual([0, 0])
    expect(code).toBe(3)
  })

  it('stops at the limit where it turns out to cost more than was planned', async () => {
    const { code, lines } = await run('encrypted', '0.000006')
    expect(lines[0]).toContain('$0.000005')
    // A page of the listing, and two questions, as S3 charges them.
    expect(server.requests.count('HeadObject')).toBe(2)
    expect(reads()).toBe(0)
    expect(lines.slice(1, -1)).toEqual(files.slice(2).map((file) => `unverifiable ${file}`))
    expect(lines.at(-1)).toMatch(/^NOT proven: .* beyond the budget\.$/)
    expect(code).toBe(3)
  })

  it('finds damage when the bytes are to be read', async () => {
    const rotten = files[3]!
    server.admin.corrupt('backups', PREFIX + rotten, 10)
    const { code, lines } = await run('backups', '1', 'read')
    expect(lines.slice(1, -1)).toEqual([`mismatch ${rotten}`])
    expect(lines.at(-1)).toMatch(/^NOT proven: /)
    expect(reads()).toBeGreaterThanOrEqual(files.length)
    expect(code).toBe(1)
  })
})

it('is short', async () => {
  expect((await readFile(example, 'utf8')).split('\n').length).toBeLessThanOrEqual(41)
})
