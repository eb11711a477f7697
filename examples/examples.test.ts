import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { appendFile, cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
  for (const name of ['core', 'provider-local']) {
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

/** Runs an example as README says, against the built packages. */
const run = async (example: string, ...args: readonly string[]): Promise<Ended> =>
  await new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', join(examples, example), ...args], { cwd: repository })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, lines: stdout.trimEnd().split('\n'), stderr }))
  })

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
