import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { backproof } from '../support/cli.js'
import { temporaryDirectory, writeTree } from '../support/tree.js'

const bigTree = (): string =>
  writeTree(
    temporaryDirectory(),
    Object.fromEntries(Array.from({ length: 1200 }, (_, i) => [`d${i % 40}/f${i}.txt`, `line ${i}\n`.repeat(50)])),
  )

it('proves a copy of the default tree, damages it, and finds exactly that damage', async () => {
  const TMPDIR = temporaryDirectory()
  const { code, stdout, stderr } = await backproof(['demo'], { env: { TMPDIR } })
  expect(stderr).toBe('')
  expect(stdout).toMatch(/^1\. Copy [\d,]{5,} real files/)
  expect(stdout).toMatch(/^ {3}Proven/m)
  expect(stdout).toMatch(/^ {3}NOT proven/m)
  for (const outcome of ['mismatch', 'missing', 'extra'])
    expect(stdout.match(new RegExp(`^ {3}${outcome} `, 'gm'))).toHaveLength(2)
  expect(stdout).toContain('Yes: 5 kinds of damage, 6 findings, nothing else.')
  expect(code).toBe(0)
  expect(readdirSync(TMPDIR)).toEqual([])
})

it("--tree takes files of one's own, --keep keeps the copies", async () => {
  const TMPDIR = temporaryDirectory()
  const { code, stdout } = await backproof(['demo', '--keep', '--tree', bigTree()], { env: { TMPDIR } })
  const kept = /^Kept: (.+)$/m.exec(stdout)![1]!
  expect(existsSync(join(kept, 'source/d0/f0.txt'))).toBe(true)
  expect(code).toBe(0)
})

it('Ctrl-C removes the copies', async () => {
  const TMPDIR = temporaryDirectory()
  const { code } = await backproof(['demo'], {
    env: { TMPDIR },
    onStart: (child) => {
      const timer = setInterval(() => {
        if (readdirSync(TMPDIR).length > 0) {
          clearInterval(timer)
          child.kill('SIGINT')
        }
      }, 20)
    },
  })
  expect(code).toBe(130)
  expect(readdirSync(TMPDIR)).toEqual([])
})
