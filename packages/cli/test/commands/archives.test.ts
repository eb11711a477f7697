import { execFileSync } from 'node:child_process'
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { backproof, lastLine } from '../support/cli.js'
import { twoTrees } from '../support/tree.js'

const FILES = { 'a.txt': 'alpha', 'dir/b.bin': Buffer.alloc(200_480, 7), 'dir/c.txt': 'gamma', empty: '' }

const archived = (...tar: readonly string[]) => {
  const { a, b } = twoTrees(FILES)
  const archive = join(b, '..', 'backup.bin')
  execFileSync('tar', [...tar, '-cf', archive, '-C', b, '.'])
  return { a, archive }
}

it.each([['--format=gnu'], ['--format=posix'], ['-z']])(
  'proves an archive made by tar %s, known by its contents',
  async (option) => {
    const { a, archive } = archived(option)
    for (const sides of [
      [a, archive],
      [archive, a],
    ]) {
      const { code, stdout, stderr } = await backproof(['compare', ...sides])
      expect(stderr).toBe('')
      expect(lastLine(stdout)).toMatch(/^Proven: all 4 objects .*every byte of both sides was read/)
      expect(code).toBe(0)
    }
  },
)

it('finds another byte in an archive, and says that a cut one is unreadable', async () => {
  const { a, archive } = archived('--format=gnu')
  const bytes = readFileSync(archive)
  bytes[bytes.indexOf('gamma')] = 0x47
  writeFileSync(archive, bytes)
  const flipped = await backproof(['compare', a, archive])
  expect(flipped.stdout).toMatch(/^mismatch +dir\/c\.txt/m)
  expect(flipped.code).toBe(1)
  truncateSync(archive, 4_096)
  const cut = await backproof(['compare', a, archive])
  expect(cut.stdout).toMatch(/^unreadable /m)
  expect(cut.stdout).not.toMatch(/^missing /m)
  expect(lastLine(cut.stdout)).toMatch(/^NOT proven: .*cut or damaged/)
  expect(cut.code).toBe(1)
})

it('prints the program that reads the archive', async () => {
  const { a, archive } = archived('-z')
  const { stdout } = await backproof(['compare', a, archive, '--code'])
  expect(stdout).toContain(`tarArchive({ path: '${archive}' })`)
})
