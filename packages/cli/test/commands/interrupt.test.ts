import type { ChildProcess } from 'node:child_process'
import { readdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Report } from '@backproof/core/report'
import { expect, it } from 'vitest'
import { backproof, lastLine } from '../support/cli.js'
import { type Pair, temporaryDirectory, twoTrees } from '../support/tree.js'

/** Trees that take long to read, and no space. */
const hugeTrees = (): Pair => {
  const pair = twoTrees({ 'a.txt': 'x', 'big.bin': '' })
  for (const side of [pair.a, pair.b]) truncateSync(join(side, 'big.bin'), 400_000_000_000)
  return pair
}

/** Sends signals once the child reads. */
const interrupt =
  (...signals: readonly NodeJS.Signals[]) =>
  (child: ChildProcess): void => {
    setTimeout(() => {
      for (const signal of signals) child.kill(signal)
    }, 1200)
  }

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends in order with a partial report and exit code %d', async (signal, expected) => {
  const { a, b } = hugeTrees()
  const started = performance.now()
  const { code, stdout } = await backproof(['compare', a, b], { onStart: interrupt(signal) })
  expect(performance.now() - started).toBeLessThan(8000)
  expect(lastLine(stdout)).toMatch(/^NOT proven/)
  expect(code).toBe(expected)
})

it('the partial report says that it is not complete', async () => {
  const { a, b, root } = hugeTrees()
  const rows = join(root, 'rows')
  const { code, stdout } = await backproof(['compare', a, b, '--json', '--ndjson', rows], {
    onStart: interrupt('SIGINT'),
  })
  const { result } = JSON.parse(stdout) as Report
  expect(result.complete).toBe(false)
  expect(result.incomplete[0]?.reason).toBe('aborted')
  expect(code).toBe(130)
})

it('a second one ends it at once', async () => {
  const { a, b } = hugeTrees()
  const { code } = await backproof(['compare', a, b], { onStart: interrupt('SIGINT', 'SIGINT') })
  expect(code).toBe(130)
})

it('hash ends in order too', async () => {
  const { a } = hugeTrees()
  const { code, stderr } = await backproof(['hash', '-r', a], { onStart: interrupt('SIGTERM') })
  expect(stderr).toMatch(/interrupted/)
  expect(code).toBe(143)
})

it('leaves no temporary file behind', async () => {
  const temp = temporaryDirectory()
  writeFileSync(join(temp, 'mine'), '')
  const { a, b } = hugeTrees()
  await backproof(['compare', a, b, '--temp', temp], { onStart: interrupt('SIGINT') })
  expect(readdirSync(temp)).toEqual(['mine'])
})
