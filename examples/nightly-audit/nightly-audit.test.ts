import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { XMLParser } from 'fast-xml-parser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const repository = join(import.meta.dirname, '../..')
const example = join(import.meta.dirname, 'nightly-audit.ts')
const ROTTEN = '0005-hash-wasm-lazily.md'
const HOUR = 3_600_000

let temp = ''

beforeAll(async () => {
  for (const name of ['core', 'provider-local', 'reporters', 'rules'])
    if (!existsSync(join(repository, 'packages', name, 'dist/index.js')))
      throw new Error(`packages/${name} is not built, and examples run against built packages: npm run build`)
  temp = await mkdtemp(join(tmpdir(), 'backproof-nightly-audit-'))
})
afterAll(() => rm(temp, { recursive: true, force: true }))

/** An original, its copy, the policy that names both, and forty nights that went well. */
const shop = async (name: string): Promise<string> => {
  const root = join(temp, name)
  await cp(join(repository, 'docs/decisions'), join(root, 'original'), { recursive: true })
  await cp(join(root, 'original'), join(root, 'copy'), { recursive: true })
  const uris = ['original', 'copy'].map((side) => `"file://${join(root, side)}"`)
  const policy = ['schema: backproof.policy/v1', 'assets:', '  - id: shop', `    copies: [${uris.join(', ')}]`]
  await writeFile(join(root, 'policy.yaml'), `${policy.join('\n')}\n`)
  const nights = Array.from({ length: 40 }, (_, i) => {
    const start = Date.now() - (24 * i + 2) * HOUR
    const [from, to] = [start, start + HOUR].map((time) => new Date(time).toISOString())
    return JSON.stringify({ id: `${i}`, asset: 'shop', start: from, end: to, status: 'success' })
  })
  await writeFile(join(root, 'runs.jsonl'), `${nights.join('\n')}\n`)
  return root
}

interface Ended {
  readonly code: number | null
  readonly lines: readonly string[]
  readonly stderr: string
}

/** Runs the example as its users do, against the built packages; sends SIGTERM as soon as `stopAt` is on stderr. */
const run = (root: string, stopAt?: string): Promise<Ended> => {
  const args = ['original', 'copy', 'policy.yaml', 'runs.jsonl', 'reports'].map((name) => join(root, name))
  const child = spawn(process.execPath, ['--import', 'tsx', example, ...args], { cwd: repository })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    if (stopAt !== undefined && stderr.includes(stopAt)) child.kill('SIGTERM')
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, lines: stdout.trimEnd().split('\n'), stderr }))
  })
}

interface SarifRun {
  readonly results: readonly {
    readonly ruleId: string
    readonly kind: string
    readonly locations: readonly { readonly logicalLocations: readonly { readonly name: string }[] }[]
  }[]
  readonly invocations: readonly {
    readonly exitCode: number
    readonly exitCodeDescription: string
    readonly executionSuccessful: boolean
  }[]
}
interface Junit {
  readonly testsuites: {
    readonly failures: string
    readonly errors: string
    readonly testsuite: readonly { readonly name: string; readonly testcase: readonly { readonly name: string }[] }[]
  }
}

/** The three reports of `copy` or `policy`, read back. */
const reportsOf = async (root: string, name: string) => {
  const text = (ending: string): Promise<string> => readFile(join(root, 'reports', `${name}.${ending}`), 'utf8')
  const { runs } = JSON.parse(await text('sarif')) as { runs: readonly [SarifRun] }
  const [sarif] = runs
  const arrays = { isArray: (tag: string) => tag === 'testsuite' || tag === 'testcase' }
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', ...arrays })
  const { testsuites } = parser.parse(await text('xml')) as Junit
  // A word of the verdict is in bold.
  const html = (await text('html')).replace(/<\/?strong>/g, '')
  return { html, sarif, invocation: sarif.invocations[0]!, junit: testsuites }
}

const failing = ({ results }: SarifRun): readonly string[] =>
  results
    .filter(({ kind }) => kind === 'fail')
    .map(({ ruleId, locations }) => `${ruleId} ${locations[0]!.logicalLocations[0]!.name}`)

describe('nightly-audit', () => {
  it('ends with 0 when the copy is whole and the policy is kept, and every report says so', async () => {
    const root = await shop('good')
    const { code, lines, stderr } = await run(root)
    expect(lines).toEqual([
      expect.stringMatching(/^copy: Proven: .* byte for byte/),
      'policy: Proven: all 3 checks pass; score 100 %.',
    ])
    expect(stderr).toContain('objects: ')
    expect(code).toBe(0)
    for (const name of ['copy', 'policy']) {
      const { html, sarif, invocation, junit } = await reportsOf(root, name)
      expect(html).toContain(lines.find((line) => line.startsWith(name))!.slice(name.length + 2))
      expect([failing(sarif), invocation.exitCode, invocation.executionSuccessful]).toEqual([[], 0, true])
      expect([junit.failures, junit.errors]).toEqual(['0', '0'])
    }
    expect((await reportsOf(root, 'policy')).html).toContain('40 runs')
  })

  it('ends with 1 for one damaged byte, which every report names', async () => {
    const root = await shop('damaged')
    const path = join(root, 'copy', ROTTEN)
    const bytes = await readFile(path)
    bytes.writeUInt8(bytes.readUInt8(10) ^ 1, 10)
    await writeFile(path, bytes)
    const { code, lines } = await run(root)
    expect(lines[0]).toMatch(/^copy: NOT proven: 1 of \d+ objects differs/)
    expect(lines[1]).toMatch(/^policy: NOT proven: 1 of 3 checks fails/)
    expect(code).toBe(1)

    const copy = await reportsOf(root, 'copy')
    expect(copy.html).toContain(ROTTEN)
    expect([failing(copy.sarif), copy.invocation.exitCode]).toEqual([[`compare/mismatch ${ROTTEN}`], 1])
    const suite = copy.junit.testsuite.find(({ name }) => name === 'compare/mismatch')
    expect(suite?.testcase.map(({ name }) => name)).toEqual([`object ${ROTTEN} (file://${join(root, 'copy')})`])
    // The comparison is what the audit rests on.
    const policy = await reportsOf(root, 'policy')
    expect(policy.html).toContain('is not the same as')
    expect([failing(policy.sarif), policy.invocation.exitCode]).toEqual([['copies-in-sync shop'], 1])
  })

  it('ends with 3 when nobody knows what the jobs did', async () => {
    const root = await shop('unknown')
    await rm(join(root, 'runs.jsonl'))
    const { code, lines } = await run(root)
    expect(lines[0]).toMatch(/^copy: Proven: /)
    expect(lines[1]).toMatch(/^policy: NOT proven: 2 of 3 checks/)
    expect(code).toBe(3)
    const { sarif, invocation, junit } = await reportsOf(root, 'policy')
    expect(sarif.results.map(({ kind }) => kind).toSorted()).toEqual(['open', 'open', 'pass'])
    expect([invocation.exitCode, junit.failures, junit.errors]).toEqual([3, '0', '3'])
  })

  it('ends promptly on SIGTERM, and every report says that it is incomplete', async () => {
    const root = await shop('stopped')
    for (const side of ['original', 'copy']) {
      await writeFile(join(root, side, 'image'), '')
      await truncate(join(root, side, 'image'), 64 * 1024 ** 3)
    }
    const started = performance.now()
    const { code, lines } = await run(root, 'objects: ')
    expect(performance.now() - started).toBeLessThan(15_000)
    expect(lines.map((line) => line.split(':', 2).join(':'))).toEqual(['copy: NOT proven', 'policy: NOT proven'])
    expect(code).toBe(3)
    for (const name of ['copy', 'policy']) {
      const { html, invocation } = await reportsOf(root, name)
      expect(html).toContain('the run was cancelled')
      expect([invocation.exitCode, invocation.executionSuccessful]).toEqual([3, false])
    }
  })

  it('does not take a report that cannot be written for a difference', async () => {
    const root = await shop('unwritten')
    await mkdir(join(root, 'reports', 'copy.xml'), { recursive: true })
    const { code, stderr } = await run(root)
    expect([code, stderr]).toEqual([70, expect.stringContaining('copy.xml')])
  })

  it('ends with 2 for a policy that is wrong, before anything is read', async () => {
    const root = await shop('wrong')
    await writeFile(join(root, 'policy.yaml'), 'schema: backproof.policy/v1\nasets: []\n')
    const { code, stderr } = await run(root)
    expect([code, stderr]).toEqual([2, expect.stringContaining('did you mean "assets"?')])
    expect(existsSync(join(root, 'reports'))).toBe(false)
  })

  it('is short', async () => {
    expect((await readFile(example, 'utf8')).trimEnd().split('\n').length).toBeLessThanOrEqual(64)
  })
})
