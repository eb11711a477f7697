import { execFileSync, spawnSync } from 'node:child_process'
import {
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { ObjectFinding, Report } from '@backproof/core/report'
import { expect, it } from 'vitest'
import { backproof, lastLine, shell } from '../support/cli.js'
import { temporaryDirectory, twoTrees, writeTree } from '../support/tree.js'

const FILES = { 'a.txt': 'alpha', 'dir/b.bin': Buffer.alloc(20_480, 7), 'dir/c.txt': 'gamma', empty: '' }

it('proves equal directories: exit 0, one last sentence, nothing on standard error', async () => {
  const { a, b } = twoTrees(FILES)
  const { code, stdout, stderr } = await backproof(['compare', a, b])
  expect(stderr).toBe('')
  expect(lastLine(stdout)).toMatch(/^Proven/)
  expect(stdout).toContain('4 match')
  expect(code).toBe(0)
})

it('names each damage, why, and the command that looks further', async () => {
  const { a, b } = twoTrees(FILES)
  const flipped = Buffer.alloc(20_480, 7)
  flipped[12_344] = 8
  writeFileSync(join(b, 'dir/b.bin'), flipped)
  truncateSync(join(b, 'a.txt'), 3)
  rmSync(join(b, 'dir/c.txt'))
  writeFileSync(join(b, 'new file'), 'x')
  const { code, stdout, stderr } = await backproof(['compare', a, b])
  expect(code).toBe(1)
  expect(stderr).toBe('')
  expect(stdout).toMatch(/^mismatch +dir\/b\.bin +first difference at byte 12,345 of 20,480$/m)
  expect(stdout).toContain(`next: cmp -- ${a}/dir/b.bin ${b}/dir/b.bin`)
  expect(stdout).toMatch(/^mismatch +a\.txt +size 3 instead of 5$/m)
  expect(stdout).toMatch(/^missing +dir\/c\.txt +not in B$/m)
  expect(stdout).toMatch(/^extra +new file +only in B$/m)
  expect(stdout).toContain(`next: ls -l -- '${b}/new file'`)
  expect(lastLine(stdout)).toMatch(/^NOT proven/)
  // The command that is named says the same byte.
  const cmp = spawnSync('cmp', ['--', join(a, 'dir/b.bin'), join(b, 'dir/b.bin')], { encoding: 'utf8' })
  expect(cmp.stdout).toMatch(/12345/)
})

it('finds what diff -rq finds, and nothing else', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 300 }, (_, i) => [`d${i % 7}/e${i % 11}/f${i}.txt`, `content ${i}\n`.repeat(i)]),
  )
  const { a, b } = twoTrees(files)
  const names = Object.keys(files)
  for (const [i, name] of names.entries()) {
    const path = join(b, name)
    if (i % 13 === 1) rmSync(path)
    else if (i % 17 === 2) {
      const bytes = readFileSync(path)
      bytes[i % bytes.length]! ^= 1
      writeFileSync(path, bytes)
      utimesSync(path, 1, 1)
    } else if (i % 19 === 3) writeFileSync(`${path}.extra`, 'x')
    else if (i % 29 === 4) renameSync(path, `${path}.moved`)
  }
  const diff = spawnSync('diff', ['-rq', a, b], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } }).stdout
  const wanted = diff
    .trimEnd()
    .split('\n')
    .map((line) => {
      const only = /^Only in (.+?): (.+)$/.exec(line)
      if (only === null) return `mismatch ${/^Files (.+) and .+ differ$/.exec(line)![1]!.slice(a.length + 1)}`
      const [outcome, root] = only[1]!.startsWith(a) ? ['missing', a] : ['extra', b]
      return `${outcome} ${join(only[1]!, only[2]!).slice(root.length + 1)}`
    })
  expect(wanted.length).toBeGreaterThan(50)
  const { code, stdout } = await backproof(['compare', a, b, '--json'])
  const { result } = JSON.parse(stdout) as Report
  expect(result.findings.map(({ outcome, key }) => `${outcome} ${key}`).sort()).toEqual(wanted.sort())
  expect(code).toBe(1)
})

it('--json is one document with result and telemetry', async () => {
  const { a, b } = twoTrees(FILES)
  const { code, stdout, stderr } = await backproof(['compare', '--json', a, b])
  const { result, telemetry } = JSON.parse(stdout) as Report
  expect(result.totals.outcomes.match).toBe(4)
  expect(telemetry.bytesRead).toBeGreaterThan(0)
  expect([code, stderr]).toEqual([0, ''])
})

it('--ndjson has a row for every finding, matches too', async () => {
  const { root, a, b } = twoTrees(FILES)
  writeFileSync(join(b, 'a.txt'), 'ALPHA')
  const path = join(root, 'rows.ndjson')
  const { code } = await backproof(['compare', a, b, '--ndjson', path, '--record', 'SHA-256'])
  const rows = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ObjectFinding & { type: string })
  expect(rows.map(({ type }) => type)).toEqual(['header', 'finding', 'finding', 'finding', 'finding', 'end'])
  expect(rows[1]).toMatchObject({ key: 'a.txt', outcome: 'mismatch', firstDifference: 0 })
  const sha256 = execFileSync('sha256sum', [join(a, 'a.txt')], { encoding: 'utf8' }).slice(0, 64)
  expect(JSON.stringify(rows[1]!.sides?.source)).toContain(sha256)
  expect(code).toBe(1)
})

it('--quiet says nothing of success, and one sentence of failure on standard error', async () => {
  const { a, b } = twoTrees(FILES)
  expect(await backproof(['compare', '-q', a, b])).toEqual({ code: 0, stdout: '', stderr: '' })
  rmSync(join(b, 'a.txt'))
  const { code, stdout, stderr } = await backproof(['compare', '-q', a, b])
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(/^backproof: NOT proven[^\n]*\n$/)
})

it('--findings bounds the rows and tells how many are left', async () => {
  const { a, b } = twoTrees(Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`f${i}`, 'x'])))
  for (let i = 0; i < 60; i++) rmSync(join(b, `f${i}`))
  writeFileSync(join(b, 'f0'), 'x')
  const standard = await backproof(['compare', a, b])
  expect(standard.stdout.match(/^missing/gm)).toHaveLength(50)
  expect(standard.stdout).toContain('… and 9 more'.replace('…', Buffer.from('…').toString('latin1')))
  const three = await backproof(['compare', a, b, '--findings', '3'])
  expect(three.stdout.match(/^missing/gm)).toHaveLength(3)
  expect(three.stdout).toContain('and 56 more')
})

it('--show all prints matches as well', async () => {
  const { a, b } = twoTrees(FILES)
  rmSync(join(b, 'a.txt'))
  const { stdout } = await backproof(['compare', a, b, '--show', 'all'])
  expect(stdout).toMatch(/^missing +a\.txt +not in B$/m)
  expect(stdout).toMatch(/^match +dir\/b\.bin +every byte is equal$/m)
})

it('several replicas have letters', async () => {
  const { root, a, b } = twoTrees(FILES)
  const c = writeTree(join(root, 'c'), FILES)
  rmSync(join(c, 'a.txt'))
  const { code, stdout } = await backproof(['compare', a, b, c])
  expect(stdout).toMatch(/^missing +C +a\.txt +not in C$/m)
  expect(code).toBe(1)
})

it('extras can be allowed, and weak evidence is asked for by name', async () => {
  const { a, b } = twoTrees(FILES)
  writeFileSync(join(b, 'extra'), 'x')
  expect((await backproof(['compare', a, b])).code).toBe(1)
  expect((await backproof(['compare', a, b, '--extras', 'allow'])).code).toBe(0)
  writeFileSync(join(b, 'a.txt'), 'ALPHA')
  expect((await backproof(['compare', a, b, '--extras=allow'])).code).toBe(1)
  const weak = await backproof(['compare', a, b, '--extras=allow', '--require', 'size'])
  expect(weak.code).toBe(0)
  expect(lastLine(weak.stdout)).toMatch(/size/)
})

it('filters say that they filtered', async () => {
  const { a, b } = twoTrees(FILES)
  writeFileSync(join(b, 'dir/b.bin'), 'other')
  const { code, stdout } = await backproof(['compare', a, b, '--exclude', '**/*.bin', '--include', 'dir/**'])
  expect(stdout).toContain('excluded: 3 filter')
  expect(lastLine(stdout)).toMatch(/^Proven/)
  expect(code).toBe(0)
})

it('every object is in exactly one shard, counted from 1', async () => {
  const { a, b } = twoTrees(FILES)
  const parts = await Promise.all(
    ['1/2', '2/2'].map((shard) => backproof(['compare', a, b, '--json', '--shard', shard])),
  )
  const counts = parts.map(({ stdout }) => (JSON.parse(stdout) as Report).result.totals.findings)
  expect(counts[0]! + counts[1]!).toBe(4)
})

it('attributes count when asked for', async () => {
  const { a, b } = twoTrees(FILES)
  utimesSync(join(a, 'a.txt'), 1000, 1000)
  utimesSync(join(b, 'a.txt'), 2000, 2000)
  const { code, stdout } = await backproof(['compare', a, b, '--metadata', 'mtime', '--include', 'a.txt'])
  expect(stdout).toMatch(/^mismatch +a\.txt +mtime /m)
  expect(stdout).toContain(`next: stat -- ${a}/a.txt ${b}/a.txt`)
  expect(code).toBe(1)
})

it('tells of hard links: not an independent copy', async () => {
  const root = temporaryDirectory()
  const a = writeTree(join(root, 'a'), { f: 'x' })
  const b = writeTree(join(root, 'b'), {})
  linkSync(join(a, 'f'), join(b, 'f'))
  const { stdout } = await backproof(['compare', a, b])
  expect(stdout).toMatch(/not an independent copy/)
})

it('symbolic links: targets are compared, or followed, or left out', async () => {
  const { a, b } = twoTrees({ f: 'x', g: 'x' })
  symlinkSync('f', join(a, 'link'))
  symlinkSync('g', join(b, 'link'))
  const reported = await backproof(['compare', a, b])
  expect(reported.stdout).toMatch(/^mismatch +link +links to g instead of f$/m)
  expect((await backproof(['compare', a, b, '--symlinks', 'follow'])).code).toBe(0)
  const skipped = await backproof(['compare', a, b, '--symlinks', 'skip'])
  expect(skipped.stdout).toContain('excluded: 1 symlink')
  expect(skipped.code).toBe(0)
})

it('names can neither drive the terminal nor be mistaken', async () => {
  const root = temporaryDirectory()
  const a = writeTree(join(root, 'a'), { x: '1', '\u001b[2J\u202egnp\n.txt': '1', '\u009b2J': '1' })
  const b = writeTree(join(root, 'b'), { x: '1' })
  execFileSync('bash', ['-c', 'touch "$1"/$\'bad\\xff\\x1b\'', 'bash', a])
  for (const more of [[], ['--show', 'all'], ['--json'], ['--code'], ['--quiet']]) {
    const { stdout, stderr } = await backproof(['compare', a, b, ...more])
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]|\xc2\x9b|\xe2\x80\xae/)
  }
  const { stdout } = await backproof(['compare', a, b])
  expect(stdout).toContain('\\x1b[2J\\u202egnp\\n.txt')
  expect(stdout).toContain('bad\\xff\\x1b')
})

it('a checksum file may be the source', async () => {
  const { root, a } = twoTrees(FILES)
  const sums = await shell(`cd ${a} && find . -type f -print0 | xargs -0 sha256sum > ../SUMS`)
  expect(sums.code).toBe(0)
  const { code, stdout } = await backproof(['compare', join(root, 'SUMS'), a])
  expect(lastLine(stdout)).toMatch(/^Proven/)
  expect(code).toBe(0)
})
