import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Explanation, ObjectFinding } from '@backproof/core/report'
import { expect, it } from 'vitest'
import { backproof, shell } from '../support/cli.js'
import { twoTrees, writeTree } from '../support/tree.js'

const FILES = { 'a.txt': 'alpha', 'a.txt.old': 'older', 'dir/b.bin': Buffer.alloc(20_480, 7), 'dir/c.txt': 'gamma' }

interface Told {
  readonly key: string
  readonly findings: readonly { readonly finding: ObjectFinding; readonly explanation: Explanation }[]
  readonly note?: string
}

it('explains a match: what was compared, what was read, and that it ends with 0', async () => {
  const { a, b } = twoTrees(FILES)
  // Another key that fails is not what was asked about.
  writeFileSync(join(b, 'a.txt.old'), 'other')
  const { code, stdout, stderr } = await backproof(['compare', a, b, '--explain', 'a.txt'])
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toContain(`"a.txt": the source (file://${a}) against the replica (file://${b}).`)
  expect(stdout).toMatch(/^ {2}Match at grade `read`: the bytes were compared one by one/m)
  expect(stdout).toMatch(/^ {2}Of the replica, 5 bytes were read\.$/m)
  expect(stdout).not.toContain('a.txt.old')
  expect(stdout).not.toContain('next:')
})

it('explains a difference, with the command that looks further', async () => {
  const { a, b } = twoTrees(FILES)
  writeFileSync(join(b, 'a.txt'), 'alphA')
  const { code, stdout } = await backproof(['compare', a, b, '--explain', 'a.txt'])
  expect(code).toBe(1)
  expect(stdout).toMatch(/^mismatch {2}/)
  expect(stdout).toContain('Mismatch: the bytes differ, first at byte 5 (counted from 1).')
  expect(stdout).toContain('Which side is wrong cannot be told')
  expect(stdout).toContain(`  next: cmp -- ${a}/a.txt ${b}/a.txt`)
  const report = await backproof(['compare', a, b])
  expect(report.stdout).toContain('--explain KEY')
})

it('tells every replica, and --json has the findings and the sentences', async () => {
  const { root, a, b } = twoTrees(FILES)
  const c = writeTree(join(root, 'c'), FILES)
  rmSync(join(c, 'dir/c.txt'))
  const { code, stdout } = await backproof(['compare', a, b, c, '--explain=dir/c.txt', '--json'])
  const told = JSON.parse(stdout) as Told
  expect(told.key).toBe('dir/c.txt')
  expect(told.findings.map(({ finding }) => [finding.replica, finding.outcome])).toEqual([
    [0, 'match'],
    [1, 'missing'],
  ])
  expect(told.findings[1]!.explanation.verdict[0]).toContain(`the replica (file://${c})`)
  expect(told.note).toBeUndefined()
  expect(code).toBe(1)
})

it('says so when no side has the key, and why it may have been left out: exit 3', async () => {
  const { a, b } = twoTrees(FILES)
  const nothing = await backproof(['compare', a, b, '--explain', 'dir'])
  expect([nothing.code, nothing.stderr]).toEqual([3, ''])
  expect(nothing.stdout).toBe('No side has "dir".\n')
  const filtered = await backproof(['compare', a, b, '--explain', 'a.txt', '--exclude', '*.txt'])
  expect(filtered.stdout).toBe('No side has "a.txt"; it was left out (filter).\n')
  expect(filtered.code).toBe(3)
  const json = await backproof(['compare', a, b, '--explain', 'dir', '--json'])
  expect(JSON.parse(json.stdout)).toEqual({ key: 'dir', findings: [], note: 'No side has "dir".' })
})

it('ends with 3 where nothing was decided', async () => {
  const { a } = twoTrees(FILES)
  const { code, stdout } = await backproof(['verify', a, '--explain', 'a.txt'])
  expect(stdout).toContain('Unverifiable: no digest is recorded or stored that it could be held against.')
  expect(stdout).toContain('A manifest (`backproof manifest`) records digests')
  expect(code).toBe(3)
})

it('explains a verification against a record', async () => {
  const { root, a } = twoTrees(FILES)
  await shell(`cd ${a} && find . -type f -print0 | xargs -0 sha256sum > ../SUMS`)
  const sums = join(root, 'SUMS')
  const args = ['verify', a, '--against', sums, '--explain', 'a.txt']
  const good = await backproof(args)
  expect(good.code).toBe(0)
  expect(good.stdout).toContain('was recorded earlier, and you trust the record')
  writeFileSync(join(a, 'a.txt'), 'ALPHA')
  const bad = await backproof(args)
  expect(bad.code).toBe(1)
  expect(bad.stdout).toContain('The source is not what was recorded any more: its bytes break the record')
  const sha256 = execFileSync('sha256sum', [join(a, 'a.txt')], { encoding: 'utf8' })
  expect(bad.stdout).toContain(`sha256 ${sha256.slice(0, 16)}`)
})

it('finds a key as reports show it, and by the rules by which keys are equal', async () => {
  const { a, b } = twoTrees({ 'new\nline': 'x', 'back\\slash': 'x', 'Gr\u00fcn.txt': 'x' })
  for (const shown of ['new\\nline', 'back\\\\slash']) {
    const { code, stdout } = await backproof(['compare', a, b, '--explain', shown])
    expect(stdout).toContain(`"${shown}": the source`)
    expect(code).toBe(0)
  }
  const folded = ['compare', a, b, '--normalise', 'casefold', '--explain', 'GRU\u0308N.TXT']
  expect((await backproof(folded)).code).toBe(0)
})

it('leaves the rest of the run as it is: rows on file, filters, extras', async () => {
  const { root, a, b } = twoTrees(FILES)
  writeFileSync(join(b, 'new'), 'x')
  symlinkSync('a.txt', join(b, 'link'))
  const rows = join(root, 'rows.ndjson')
  const extra = await backproof(['compare', a, b, '--explain', 'new', '--ndjson', rows])
  expect(extra.code).toBe(1)
  const written = readFileSync(rows, 'utf8').trimEnd().split('\n')
  expect(written.map((row) => JSON.parse(row).type)).toEqual(['header', 'finding', 'end'])
  // An extra that is allowed does not fail, and proves nothing of the key.
  expect((await backproof(['compare', a, b, '--explain', 'new', '--extras', 'allow'])).code).toBe(3)
  const skipped = await backproof(['compare', a, b, '--explain', 'link', '--symlinks', 'skip'])
  expect(skipped.stdout).toBe('No side has "link"; it was left out (symlink).\n')
})

it.each(['--from=a', '--to=b', '--shard=1/2', '--quiet', '--code'])('does not go with %s', async (other) => {
  const { a, b } = twoTrees({ f: 'x' })
  const { code, stdout, stderr } = await backproof(['compare', a, b, '--explain', 'f', other])
  expect(stderr).toContain(`--explain and ${other.split('=')[0]} exclude each other`)
  expect([code, stdout]).toEqual([2, ''])
})
