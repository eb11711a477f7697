import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { BIN, backproof, lastLine, runProcess, shell } from '../support/cli.js'
import { temporaryDirectory, twoTrees, writeTree } from '../support/tree.js'

const FILES = {
  'a.txt': 'alpha',
  'dir/b.bin': Buffer.alloc(3_000_000, 7),
  'new\nline\\and\rmore': 'x',
  '-dash': 'y',
  empty: '',
}

it('hash prints what sha256sum, md5sum and their like print', async () => {
  const cwd = writeTree(temporaryDirectory(), FILES)
  const names = Object.keys(FILES)
  for (const algorithm of ['md5', 'sha1', 'sha256', 'sha512']) {
    const theirs = spawnSync(`${algorithm}sum`, ['--', ...names], { cwd, encoding: 'latin1' }).stdout
    expect((await backproof(['hash', '-a', algorithm, '--', ...names], { cwd })).stdout).toBe(theirs)
  }
  const several = (await backproof(['hash', '-a', 'md5,sha256', '--', ...names], { cwd })).stdout.trimEnd().split('\n')
  expect(several).toHaveLength(2 * names.length)
  const theirs = spawnSync('sha256sum', ['--tag', '--', ...names], { cwd, encoding: 'latin1' }).stdout
  expect(`${several.filter((line) => line.includes('SHA256')).join('\n')}\n`).toBe(theirs)
  expect((await backproof(['hash', '--tag', '--', ...names], { cwd })).stdout).toBe(theirs)
})

it('a list of a tree satisfies sha256sum -c and verify --against', async () => {
  const { root, a } = twoTrees(FILES)
  const byteName = await shell(
    `printf z > a/$'bad\\xff' && $BACKPROOF hash -r a > SUMS && cd a && sha256sum --strict --quiet -c ../SUMS`,
    { cwd: root },
  )
  expect(byteName).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(readFileSync(join(root, 'SUMS'), 'latin1').trimEnd().split('\n')).toHaveLength(6)
  const { code, stdout } = await backproof(['verify', a, '--against', join(root, 'SUMS')])
  expect(lastLine(stdout)).toMatch(/^Proven/)
  expect(code).toBe(0)
})

it.each(['blake3', 'sha512', 'xxh3-128', 'crc32c'])('what hash writes with %s, verify reads', async (algorithm) => {
  const { root, a } = twoTrees(FILES)
  await shell(`$BACKPROOF hash -r a -a ${algorithm} > SUMS`, { cwd: root })
  const weak = algorithm === 'crc32c' ? ['--require', 'stored'] : []
  const { code, stdout } = await backproof(['verify', a, '--against', join(root, 'SUMS'), ...weak])
  expect(lastLine(stdout)).toMatch(/^Proven/)
  expect(code).toBe(0)
  writeFileSync(join(a, 'a.txt'), 'alphA')
  expect((await backproof(['verify', a, '--against', join(root, 'SUMS'), ...weak])).code).toBe(1)
})

it('verify names what changed, what is gone, and what nobody recorded', async () => {
  const { root, a } = twoTrees(FILES)
  await shell('$BACKPROOF hash -r a > SUMS', { cwd: root })
  writeFileSync(join(a, 'a.txt'), 'alphA')
  rmSync(join(a, 'empty'))
  writeFileSync(join(a, 'new'), '')
  const args = ['verify', a, '--against', join(root, 'SUMS')]
  const { code, stdout } = await backproof(args)
  expect(stdout).toMatch(/^mismatch +a\.txt +sha256 [0-9a-f]{12}\S+ instead of [0-9a-f]{12}/m)
  expect(stdout).toContain(`next: sha256sum -- ${a}/a.txt`)
  expect(stdout).toMatch(/^missing +empty +recorded, but not there$/m)
  expect(stdout).toMatch(/^extra +new +there, but not recorded$/m)
  expect(code).toBe(1)
})

it('a list that is damaged is refused with its line', async () => {
  const { root, a } = twoTrees({ f: 'x' })
  writeFileSync(join(root, 'SUMS'), `${'0'.repeat(64)}  f\nthis is no line\n`)
  const { code, stderr } = await backproof(['verify', a, '--against', join(root, 'SUMS')])
  expect(stderr).toMatch(/Line 2/)
  expect(code).toBe(2)
})

it('hash tells what it could not hash, and still hashes the rest', async () => {
  const cwd = writeTree(temporaryDirectory(), { f: 'x', 'd/g': 'y' })
  const { code, stdout, stderr } = await backproof(['hash', 'f', 'nowhere', 'd'], { cwd })
  expect(stdout).toMatch(/^[0-9a-f]{64} {2}f\n$/)
  expect(stderr).toMatch(/nowhere/)
  expect(stderr).toMatch(/backproof hash -r d/)
  expect(code).toBe(2)
})

it('links are counted, not hashed', async () => {
  const { root, a } = twoTrees({ f: 'x' })
  symlinkSync('f', join(a, 'link'))
  const { code, stdout, stderr } = await shell('$BACKPROOF hash -r a', { cwd: root })
  expect(stdout).toMatch(/^[0-9a-f]{64} {2}f\n$/)
  expect(stderr).toBe('backproof: 1 entry not hashed: a symbolic link\n')
  expect(code).toBe(0)
})

it('an empty directory is nothing to hash', async () => {
  expect((await backproof(['hash', '-r', temporaryDirectory()])).code).toBe(3)
})

it('on a terminal names are escaped; in a file they keep their bytes', async () => {
  const cwd = writeTree(temporaryDirectory(), { '\u001b[2J': 'x' })
  const terminal = await runProcess('script', ['-qec', `${process.execPath} ${BIN} hash -r .`, '/dev/null'], { cwd })
  expect(terminal.stdout).toContain('\\x1b[2J')
  expect(terminal.stdout).not.toContain('\u001b[2J')
  expect((await backproof(['hash', '-r', '.'], { cwd })).stdout).toContain('\u001b[2J')
})
