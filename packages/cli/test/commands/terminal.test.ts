import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { BIN, lastLine, runProcess } from '../support/cli.js'
import { type Pair, twoTrees } from '../support/tree.js'

/** Runs the command on a real terminal (util-linux `script`), with standard output and error on it. */
const onTerminal = (
  pair: Pair,
  args: string,
  env: Readonly<Record<string, string>> = {},
): ReturnType<typeof runProcess> =>
  runProcess('script', ['-qec', `${process.execPath} ${BIN} ${args}`, '/dev/null'], {
    cwd: pair.root,
    env: { TERM: 'xterm', ...env },
  })

const trees = (bytes: number): Pair => {
  const pair = twoTrees({ 'a.txt': 'x', 'big.bin': '' })
  for (const side of [pair.a, pair.b]) truncateSync(join(side, 'big.bin'), bytes)
  return pair
}

const CLEAR = '\r\u001b[2K'

it('draws a progress line on a terminal, and clears it before the report', async () => {
  const { code, stdout } = await onTerminal(trees(1_600_000_000), 'compare a b')
  const drawn = stdout.split(CLEAR)
  // The first piece is before any line, the last one follows the clearing.
  expect(drawn.length).toBeGreaterThan(3)
  expect(drawn[1]).toMatch(/^\d+ (of 2 )?objects? .* \d/)
  expect(drawn.slice(1, -1).some((line) => line.includes('%'))).toBe(true)
  for (const line of drawn.slice(1, -1)) expect(line).not.toContain('\n')
  expect(drawn.at(-1)).toMatch(/^A {2}a/)
  expect(lastLine(stdout)).toContain('Proven')
  expect(code).toBe(0)
})

it('the same run would draw one', async () => {
  expect((await onTerminal(trees(10_000_000), 'compare a b')).stdout).toContain(CLEAR)
})

it.each(['--no-progress', '--quiet', '--json'])('draws none with %s', async (option) => {
  const { stdout } = await onTerminal(trees(10_000_000), `compare a b ${option}`)
  expect(stdout).not.toContain(CLEAR)
})

it('draws none when standard error is no terminal', async () => {
  const { stdout } = await onTerminal(trees(10_000_000), 'compare a b 2>errors')
  expect(stdout).not.toContain(CLEAR)
})

it('colours a terminal, but not with NO_COLOR', async () => {
  const pair = twoTrees({ f: 'x' })
  expect((await onTerminal(pair, 'compare a b --no-progress')).stdout).toContain('\u001b[32m')
  expect((await onTerminal(pair, 'compare a b --no-progress', { NO_COLOR: '1' })).stdout).not.toContain('\u001b[')
})
