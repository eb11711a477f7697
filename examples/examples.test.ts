import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type S3Server, startS3Server } from '@backproof/test-servers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const examples = import.meta.dirname
const repository = join(examples, '..')
const names = (await readdir(examples)).filter((name) => /(?<!\.test)\.ts$/.test(name)).sort()

let temp = ''
let original = ''
let copy = ''
let damaged = ''
let files = 0

beforeAll(async () => {
  for (const name of ['core', 'provider-local', 'provider-aws']) {
    if (!existsSync(join(repository, 'packages', name, 'dist/index.js'))) {
      throw new Error(`packages/${name} is not built, and examples run against built packages: npm run build`)
    }
  }
  temp = await mkdtemp(join(tmpdir(), 'backproof-examples-'))
  original = join(temp, 'original')
  copy = join(temp, 'copy')
  damaged = join(temp, 'damaged')
  await cp(join(repository, 'docs/decisions'), original, { recursive: true })
  files = (await readdir(original)).length
  await cp(original, copy, { recursive: true })
  await cp(original, damaged, { recursive: true })
  await rm(join(damaged, '0001-record-decisions.md'))
  await appendFile(join(damaged, '0003-esm-only.md'), '\n')
  await flipByte(join(damaged, '0005-hash-wasm-lazily.md'), 10)
  await rename(join(damaged, '0009-spill-sort.md'), join(damaged, '0009-spill.md'))
})

afterAll(async () => {
  await rm(temp, { recursive: true, force: true })
})

const flipByte = async (path: string, at: number): Promise<void> => {
  const bytes = await readFile(path)
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
  await writeFile(path, bytes)
}

interface Ended {
  readonly code: number | null
  readonly lines: readonly string[]
  readonly stderr: string
}

interface Running extends Promise<Ended> {
  /** Sends SIGTERM as soon as `text` is on stderr. */
  stopAtFirst(text: string): Promise<Ended>
}

/** Runs an example as its users do, against the built packages. */
const run = (example: string, ...args: readonly string[]): Running => runIn(process.env, example, ...args)

const runIn = (env: NodeJS.ProcessEnv, example: string, ...args: readonly string[]): Running => {
  const child = spawn(process.execPath, ['--import', 'tsx', join(examples, example), ...args], { cwd: repository, env })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, lines: stdout.trimEnd().split('\n'), stderr }))
  })
  const stopAtFirst = (text: string): Promise<Ended> => {
    child.stderr.on('data', () => {
      if (stderr.includes(text)) child.kill('SIGTERM')
    })
    return ended
  }
  return Object.assign(ended, { stopAtFirst })
}

const FAILING = [
  'missing 0001-record-decisions.md',
  'mismatch 0003-esm-only.md',
  'mismatch 0005-hash-wasm-lazily.md',
  'missing 0009-spill-sort.md',
  'extra 0009-spill.md',
]

describe('prove-a-copy', () => {
  it('proves an intact copy', async () => {
    const { code, lines, stderr } = await run('prove-a-copy.ts', original, copy)
    expect(stderr).toBe('')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^Proven: /)
    expect(lines[0]).toContain(` ${files} `)
    expect(code).toBe(0)
  })

  it('names exactly what is damaged', async () => {
    const { code, lines } = await run('prove-a-copy.ts', original, damaged)
    expect(lines.slice(0, -1)).toEqual(FAILING)
    expect(lines.at(-1)).toMatch(/^NOT proven: /)
    expect(code).toBe(1)
  })

  it('is the program in the README, word for word', async () => {
    const readme = await readFile(join(repository, 'README.md'), 'utf8')
    const programs = [...readme.matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1])
    expect(programs).toEqual([await readFile(join(examples, 'prove-a-copy.ts'), 'utf8')])
  })
})

describe('shard-and-merge', () => {
  it('gives one result for the whole, from the shares of several machines', async () => {
    const { code, lines } = await run('shard-and-merge.ts', original, copy, '3')
    const shares = lines.slice(0, -1).map((line) => Number(/^shard \d of 3: (\d+) compared$/.exec(line)?.[1]))
    expect(shares).toHaveLength(3)
    expect(shares.reduce((a, b) => a + b, 0)).toBe(files)
    const whole = await run('prove-a-copy.ts', original, copy)
    expect(lines.at(-1)).toBe(whole.lines.at(-1))
    expect(code).toBe(0)
  })

  it('finds the same damage as one run', async () => {
    const sharded = await run('shard-and-merge.ts', original, damaged, '3')
    const whole = await run('prove-a-copy.ts', original, damaged)
    expect(sharded.lines.at(-1)).toBe(whole.lines.at(-1))
    expect(sharded.code).toBe(1)
  })
})

describe('nightly-check', () => {
  const rowsOf = async (path: string): Promise<Record<string, unknown>[]> =>
    (await readFile(path, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)

  it('writes a row for every object, with the digest that sha256sum gives', async () => {
    const path = join(temp, 'rows.ndjson')
    const { code, lines, stderr } = await run('nightly-check.ts', original, copy, path)
    expect(lines[0]).toMatch(/^Proven: /)
    expect(lines[1]).toMatch(/^read \d+ bytes in \d+ ms$/)
    expect(stderr).toContain(`objects: ${files}`)
    expect(code).toBe(0)

    const rows = await rowsOf(path)
    expect(rows.map((row) => row['type'])).toEqual(['header', ...Array<string>(files).fill('finding'), 'end'])
    const bytes = await readFile(join(original, '0009-spill-sort.md'))
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    expect(JSON.stringify(rows.find((row) => row['key'] === '0009-spill-sort.md'))).toContain(sha256)
  })

  it('ends with 1 and names the damage in its rows', async () => {
    const path = join(temp, 'damaged.ndjson')
    const { code, lines } = await run('nightly-check.ts', original, damaged, path)
    expect(lines[0]).toMatch(/^NOT proven: /)
    expect(code).toBe(1)
    const failing = (await rowsOf(path)).filter((row) => row['type'] === 'finding' && row['outcome'] !== 'match')
    expect(failing.map((row) => `${row['outcome']} ${row['key']}`)).toEqual(FAILING)
  })

  it('does not take rows that cannot be written for a difference', async () => {
    const { code, stderr } = await run('nightly-check.ts', original, copy, join(temp, 'no-such-folder', 'rows.ndjson'))
    expect(stderr).toContain('no-such-folder')
    expect(code).toBe(70)
  })

  it('ends promptly on SIGTERM, and says that it is incomplete', async () => {
    const [big, alike, path] = [join(temp, 'big'), join(temp, 'alike'), join(temp, 'stopped.ndjson')]
    for (const side of [big, alike]) {
      await mkdir(side)
      await writeFile(join(side, 'image'), '')
      await truncate(join(side, 'image'), 64 * 1024 ** 3)
    }
    const started = performance.now()
    const { code, lines } = await run('nightly-check.ts', big, alike, path).stopAtFirst('objects:')
    expect(lines[0]).toMatch(/^NOT proven: /)
    expect(code).toBe(3)
    expect(performance.now() - started).toBeLessThan(15_000)
    const rows = await rowsOf(path)
    expect(rows.at(-1)).toMatchObject({ type: 'end', result: { complete: false } })
  })
})

describe('prove-an-s3-backup', () => {
  const PREFIX = 'shop/'
  let server: S3Server
  let env: NodeJS.ProcessEnv = {}
  const run = (example: string, ...args: readonly string[]): Running => runIn(env, example, ...args)
  const requestsOf = ({ lines }: Ended): Readonly<Record<string, number>> =>
    JSON.parse(lines.at(-1)!.replace('requests: ', '')) as Record<string, number>

  beforeAll(async () => {
    server = await startS3Server()
    const { accessKeyId, secretAccessKey } = server.credentials
    const others = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))
    env = {
      ...Object.fromEntries(others),
      AWS_ENDPOINT_URL_S3: server.url,
      AWS_REGION: server.region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_CONFIG_FILE: join(temp, 'no-such-file'),
      AWS_SHARED_CREDENTIALS_FILE: join(temp, 'no-such-file'),
    }
    for (const name of ['intact', 'rotten', 'damaged']) {
      server.admin.createBucket({ name })
      const folder = name === 'damaged' ? damaged : original
      for (const file of await readdir(folder)) {
        const bytes = await readFile(join(folder, file))
        const inParts = file.startsWith('0001') && name !== 'rotten'
        const partSizes = inParts ? [500, bytes.length - 500] : undefined
        await server.admin.put(name, PREFIX + file, bytes, { partSizes })
      }
    }
    server.admin.corrupt('rotten', `${PREFIX}0001-record-decisions.md`, 600)
    server.admin.corrupt('rotten', `${PREFIX}0005-hash-wasm-lazily.md`, 10)
  })
  afterAll(() => server.close())

  it('proves an intact bucket by what Amazon stores, and reads only what asking about would cost more', async () => {
    const ended = await run('prove-an-s3-backup.ts', original, 'intact', PREFIX, 'stored', 'aws')
    expect(ended.lines).toHaveLength(2)
    expect(ended.lines[0]).toMatch(/^Proven: /)
    expect(ended.lines[0]).toContain(` ${files} `)
    // The one in parts: two questions cost more than its few bytes.
    expect(requestsOf(ended)['GetObject']).toBe(1)
    expect(requestsOf(ended)['HeadObject']).toBeUndefined()
    expect(ended.code).toBe(0)
  })

  it('names what rotted in the bucket when it reads, and says that it did not look when it does not', async () => {
    const read = await run('prove-an-s3-backup.ts', original, 'rotten', PREFIX, 'read', 'aws')
    expect(read.lines.slice(0, -2)).toEqual(['mismatch 0001-record-decisions.md', 'mismatch 0005-hash-wasm-lazily.md'])
    expect(read.lines.at(-2)).toMatch(/^NOT proven: /)
    expect(requestsOf(read)['GetObject']).toBeGreaterThanOrEqual(files)
    expect(read.code).toBe(1)

    const stored = await run('prove-an-s3-backup.ts', original, 'rotten', PREFIX, 'stored', 'aws')
    expect(stored.lines[0]).toContain('nothing of s3://rotten/shop/ was read')
    expect(stored.code).toBe(0)
  })

  it('takes the word of a store that it does not know for a claim, and reads', async () => {
    const { code, lines } = await run('prove-an-s3-backup.ts', original, 'damaged', PREFIX)
    expect(lines.slice(0, -2)).toEqual(FAILING)
    expect(lines.at(-2)).toMatch(/^NOT proven: /)
    expect(code).toBe(1)
  })
})

describe('the examples', () => {
  it('are all run by these tests, and short', async () => {
    const tests = await readFile(import.meta.filename, 'utf8')
    for (const name of names) {
      expect(tests).toContain(`run('${name}'`)
      const lines = (await readFile(join(examples, name), 'utf8')).split('\n').length
      expect(lines, name).toBeLessThanOrEqual(41)
    }
    expect(names.length).toBeGreaterThanOrEqual(3)
  })
})
