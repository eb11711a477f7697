import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { backproof, lastLine, runProcess, shell } from '../support/cli.js'
import { temporaryDirectory, twoTrees, writeTree } from '../support/tree.js'

const MODULES = fileURLToPath(new URL('../../../../node_modules', import.meta.url))

/** Prints the program of a command line, runs it, and holds it against the command itself. */
const sameAsProgram = async (root: string, args: readonly string[]): Promise<string> => {
  const printed = await backproof([...args, '--code'], { cwd: root })
  expect([printed.code, printed.stderr]).toEqual([0, ''])
  symlinkSync(MODULES, join(root, 'node_modules'))
  writeFileSync(join(root, 'program.mjs'), Buffer.from(printed.stdout, 'latin1'))
  const program = await runProcess(process.execPath, [join(root, 'program.mjs')])
  const command = await backproof(args, { cwd: root })
  expect(program.stderr).toBe('')
  expect(lastLine(program.stdout)).toBe(lastLine(command.stdout))
  expect(program.code).toBe(command.code)
  return printed.stdout
}

it('prints the program that does the same, short enough to read', async () => {
  const { root, a } = twoTrees({ 'a.txt': 'alpha', 'b.txt': 'beta' })
  const program = await sameAsProgram(root, ['compare', 'a', 'b'])
  expect(program).toContain(`source: localDirectory({ path: '${a}' })`)
  expect(program.split('\n').length).toBeLessThanOrEqual(14)
})

it('carries every option, odd names and a difference', async () => {
  const { root, b } = twoTrees({ 'a.txt': 'alpha', 'b.txt': 'beta', 'dir/c': 'x' })
  const odd = writeTree(join(root, "it's \u00fc\u65e5\\ \u202e"), { 'a.txt': 'alpha', 'b.txt': 'beta' })
  rmSync(join(b, 'b.txt'))
  const options = [
    '--require',
    'read',
    '--exclude',
    'dir/**',
    '--normalise',
    'nfc',
    '--workers',
    '0',
    '--shard',
    '1/1',
    '--symlinks',
    'skip',
    '--from',
    'a',
  ]
  const program = await sameAsProgram(root, ['compare', odd, 'b', ...options])
  for (const part of [
    "require: 'read'",
    "exclude: ['dir/**']",
    "normalise: 'nfc'",
    'workers: 0',
    'shard: { index: 0, count: 1 }',
    "symlinks: 'skip'",
    "range: { from: 'a' }",
  ])
    expect(program).toContain(part)
})

it('plans, with policies, an age and a table of prices', async () => {
  const { root } = twoTrees({ 'a.txt': 'alpha', 'b.txt': 'beta' })
  const prices = {
    currency: 'EUR',
    asOf: '2026-11',
    source: 'ours',
    list: 0,
    pageSize: 1,
    stat: 0,
    read: 0,
    egressByte: 1e-6,
  }
  writeFileSync(join(root, "it's.json"), JSON.stringify({ 'file:': prices }))
  const options = [
    '--plan',
    '--policy',
    '*.txt=size',
    '--policy=**=read,legacy',
    '--max-age=1d',
    '--prices',
    "it's.json",
  ]
  options.push('--budget', 'bytes=1MB,money=2.5', '--read-ceiling=none', '--sample=50%', '--seed=it')
  const program = await sameAsProgram(root, ['compare', 'a', 'b', ...options])
  for (const part of [
    "policies: [{ keys: '*.txt', require: 'size' }, { keys: '**', require: 'read', strength: 'legacy' }]",
    'maxAge: 86400000',
    'budget: { bytes: 1000000, money: 2.5 }',
    "readCeiling: 'none'",
    "sample: { fraction: 0.5, seed: 'it' }",
    "/it\\'s.json'",
    'await run.plan()',
  ])
    expect(program).toContain(part)
})

it('verifies against a checksum file', async () => {
  const { root } = twoTrees({ 'a.txt': 'alpha' })
  await shell('$BACKPROOF hash -r a > SUMS', { cwd: root })
  const program = await sameAsProgram(root, ['verify', 'a', '--against', 'SUMS'])
  expect(program).toContain('against: manifestFile(')
})

it('opens URIs through their provider', async () => {
  const { root, a } = twoTrees({ f: 'x' })
  const provider = `import { localDirectory } from '@backproof/provider-local'
export const provider = { specVersion: 'v1', name: 'mine', schemes: ['mine'], fromUri: (uri) => localDirectory({ path: uri.slice(7) }) }`
  writeTree(root, { 'mine.mjs': provider })
  symlinkSync(MODULES, join(root, 'node_modules'))
  const args = ['compare', `mine://${a}`, 'b', '--provider', './mine.mjs']
  const printed = await backproof([...args, '--code'], { cwd: root })
  expect(printed.stdout).toContain('await provider.fromUri(')
  writeFileSync(join(root, 'program.mjs'), printed.stdout)
  const program = await runProcess(process.execPath, [join(root, 'program.mjs')])
  expect([program.code, program.stderr]).toEqual([0, ''])
})

it('prints the program of an audit, with rules as the policy uses them', async () => {
  const root = writeTree(temporaryDirectory(), {
    'policy.yaml': `schema: backproof.policy/v1
assets:
  - id: shop
    tags: { team: orders }
stores:
  - id: disk
histories:
  jobs:
    - file: runs.jsonl
  recoveryPoints:
    - source: backups
      pattern: '{asset}/{date:YYYY-MM-DD}/**'
      complete: DONE
  capacity:
    - path: .
      store: disk
rules:
  strict:
    rule: job-success-rate
    options: { minSamples: 1, minPercent: 100 }
    severity: critical
    select: { attributes: { 'tag:team': orders } }
  recovery-point-fresh:
  capacity-utilization:
`,
    'runs.jsonl': '{"id":"1","asset":"shop","start":"2026-11-22T01:00:00Z","status":"failed"}\n',
    'backups/shop/2026-11-22/DONE': '',
  })
  const program = await sameAsProgram(root, ['audit', 'policy.yaml', '--at', '2026-11-22T12:00Z'])
  expect(program).toContain(
    "jobSuccessRate({ minPercent: 100, minSamples: 1 }, { as: 'strict', severity: 'critical', select: { attributes: { 'tag:team': ['orders'] } } }),",
  )
  expect(program).toContain("complete: 'DONE'")
})
