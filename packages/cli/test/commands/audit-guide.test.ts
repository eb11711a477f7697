import { existsSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { runProcess } from '../support/cli.js'
import { followGuide, readGuide } from '../support/guide.js'
import { temporaryDirectory } from '../support/tree.js'

const MODULES = fileURLToPath(new URL('../../../../node_modules', import.meta.url))
const guide = readGuide('audit-your-backups.md')

it('the guide to audits does what it says, from an empty folder on', async () => {
  const cwd = temporaryDirectory()
  const steps = await followGuide(guide, cwd)
  expect(steps.filter(({ shown }) => shown).length).toBeGreaterThan(5)
  expect(steps.map(({ stderr }) => stderr).join('')).toBe('')
  // A pipe ends as its last command does.
  expect(steps.map(({ code }) => code)).toEqual([0, 0, 0, 1, 0, 1, 0, 0, 0, 0])
  expect(existsSync(join(cwd, 'audit.html'))).toBe(true)

  const program = /^```ts\n(.*?)^```/ms.exec(guide)![1]!
  symlinkSync(MODULES, join(cwd, 'node_modules'))
  writeFileSync(join(cwd, 'program.mjs'), program)
  const ran = await runProcess(process.execPath, ['program.mjs'], { cwd })
  expect(ran.stderr).toBe('')
  expect(ran.stdout).toMatch(/^(?:Proven|NOT proven): .*\n$/)
})

it('its policy has ten lines', () => {
  expect(/policy\.yaml <<'END'\n(.*?)^END$/ms.exec(guide)![1]!.trimEnd().split('\n')).toHaveLength(10)
})
