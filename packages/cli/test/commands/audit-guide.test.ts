import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { runProcess, shell } from '../support/cli.js'
import { temporaryDirectory } from '../support/tree.js'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const guide = readFileSync(join(root, 'docs/guides/audit-your-backups.md'), 'utf8')

/** The blocks that can be run, each with what the guide says that it prints. */
const steps = [...guide.matchAll(/^```sh\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?/gms)].map(
  ([, script, output]) => [script!, output] as const,
)

/** What is shown, as a pattern: a line `...` stands for any lines, and at the end of a line for the rest of it. */
const pattern = (output: string): RegExp =>
  new RegExp(
    `^${output
      .split(/^\.\.\.\n/m)
      .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('\\.\\.\\.\n', '.*\n'))
      .join('(?:.*\\n)*?')}$`,
  )

it('the guide to audits does what it says, from an empty folder on', async () => {
  const cwd = temporaryDirectory()
  const codes: (number | null)[] = []
  expect(steps.filter(([, output]) => output !== undefined).length).toBeGreaterThan(3)
  for (const [script, output] of steps) {
    const { code, stdout, stderr } = await shell(`backproof() { $BACKPROOF "$@"; }\n${script}`, { cwd })
    expect(stderr).toBe('')
    if (output === undefined) expect(stdout).toBe('')
    else expect(Buffer.from(stdout, 'latin1').toString('utf8')).toMatch(pattern(output))
    codes.push(code)
  }
  expect(codes).toEqual([0, 0, 1, 0, 1, 0, 0, 0])

  const program = /^```ts\n(.*?)^```/ms.exec(guide)![1]!
  symlinkSync(join(root, 'node_modules'), join(cwd, 'node_modules'))
  writeFileSync(join(cwd, 'program.mjs'), program)
  const ran = await runProcess(process.execPath, ['program.mjs'], { cwd })
  expect(ran.stderr).toBe('')
  expect(ran.stdout).toMatch(/^(?:Proven|NOT proven): .*\n$/)
})

it('its policy has ten lines', () => {
  expect(/policy\.yaml <<'END'\n(.*?)^END$/ms.exec(guide)![1]!.trimEnd().split('\n')).toHaveLength(10)
})
