import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const script = join(import.meta.dirname, 'one-rule.ts')

it('judges by one rule, in fewer than 15 lines', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', import.meta.resolve('tsx'), script])
  expect(stdout).toBe('fail only 29 of 30 runs succeeded, 96.66 %, in 30 days; at least 99 % are required\n')
  expect((await readFile(script, 'utf8')).trimEnd().split('\n').length).toBeLessThan(15)
})
