import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const repository = join(import.meta.dirname, '../..')
const BUILT = ['core', 'provider-local', 'provider-aws', 'provider-azure', 'provider-gcp', 'test-servers']

let temp = ''
let original = ''
let bytes = 0
let files: readonly string[] = []
let code = 0
let lines: readonly string[] = []

/** Runs the example as its users do, against the built packages. */
const run = (...args: readonly string[]): Promise<{ readonly code: number; readonly lines: readonly string[] }> =>
  new Promise((resolve) => {
    const command = ['--import', 'tsx', join(import.meta.dirname, 'prove-three-clouds.ts'), ...args]
    const env = { ...process.env, TMPDIR: temp }
    execFile(process.execPath, command, { cwd: repository, env }, (error, stdout) => {
      resolve({ code: error === null ? 0 : Number(error.code), lines: stdout.trimEnd().split('\n') })
    })
  })

/** Folders of servers and copies. */
const left = async (): Promise<readonly string[]> =>
  (await readdir(temp)).filter((name) => name.startsWith('backproof-'))

beforeAll(async () => {
  for (const name of BUILT) {
    if (!existsSync(join(repository, 'packages', name, 'dist/index.js'))) {
      throw new Error(`packages/${name} is not built, and examples run against built packages: npm run build`)
    }
  }
  temp = await mkdtemp(join(tmpdir(), 'backproof-three-clouds-test-'))
  original = join(temp, 'original')
  await cp(join(repository, 'docs/decisions'), join(original, 'decisions'), { recursive: true })
  await cp(join(repository, 'docs/schema'), join(original, 'schema'), { recursive: true })
  const entries = await readdir(original, { recursive: true, withFileTypes: true })
  files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  for (const file of files) bytes += (await stat(file)).size
  ;({ code, lines } = await run(original, 'shop/'))
})

afterAll(() => rm(temp, { recursive: true, force: true }))

describe('prove-three-clouds', () => {
  it('tells the four damages, each with its key and its place, and nothing else', () => {
    const [s3, azure, google, disk] = (lines.slice(0, 4) as string[]).map((line) => /decisions\/\S+/.exec(line)?.[0])
    expect(new Set([s3, azure, google, disk]).size).toBe(4)
    expect(lines.slice(4, -2)).toEqual([
      `mismatch ${s3} in s3://backups/shop/ (replica is rotten)`,
      // Most copies have what the directory has: that names those that have not.
      `mismatch ${azure} in azblob://backproof/backups/shop/ (replica is rotten)`,
      `missing ${google} in gs://backups/shop/`,
      expect.stringMatching(
        `^mismatch ${disk} in file://${temp}/backproof-three-clouds-\\w+ \\(replica is rotten\\)$`,
      ) as string,
    ])
  })

  it('sums up in one sentence, and exits with 1', () => {
    expect(lines.at(-2)).toBe(`NOT proven: 4 of ${files.length * 4} pairs of objects differ: 3 mismatch, 1 missing.`)
    expect(code).toBe(1)
  })

  it('reads each file of the directory once for all four copies', () => {
    expect(lines.at(-1)).toBe(`${bytes} of ${bytes} bytes of the directory were read, once for all copies.`)
  })

  it('leaves nothing behind, and damages copies only', async () => {
    expect(await left()).toEqual([])
    for (const folder of ['decisions', 'schema']) {
      for (const name of await readdir(join(original, folder))) {
        const path = join(folder, name)
        expect(await readFile(join(original, path)), path).toEqual(await readFile(join(repository, 'docs', path)))
      }
    }
  })

  it('refuses a directory with too little to damage', async () => {
    const small = join(temp, 'small')
    for (const name of ['manifest', 'plan', 'report'])
      await cp(join(repository, `docs/schema/${name}-v1.schema.json`), join(small, `${name}.json`))
    const ended = await run(small, 'shop/')
    expect(ended.code).toBe(1)
    expect(ended.lines).toEqual([''])
    expect(await left()).toEqual([])
  })

  it('is short', async () => {
    const program = await readFile(join(import.meta.dirname, 'prove-three-clouds.ts'), 'utf8')
    expect(program.split('\n').length).toBeLessThanOrEqual(42)
  })
})
