import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { FORMATS } from '../src/index.js'

const root = join(import.meta.dirname, '../../..')
const guide = readFileSync(join(root, 'docs/guides/write-reports.md'), 'utf8')
const blocks = [...guide.matchAll(/^```ts\n(.*?)^```/gms)].map(([, block]) => block!)
const [printed] = [...guide.matchAll(/^````text\n(.*?)^````/gms)].map(([, block]) => block!)

/** Runs a program, and gives what it prints and the files that it writes. */
const run = async (program: string): Promise<{ stdout: string; code: unknown; files: readonly string[] }> => {
  const folder = mkdtempSync(join(tmpdir(), 'backproof-guide-'))
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    writeFileSync(join(folder, 'guide.mts'), program)
    const args = ['--conditions=backproof-source', '--import', import.meta.resolve('tsx'), 'guide.mts']
    const { stdout, code } = await promisify(execFile)(process.execPath, args, { cwd: folder }).then(
      (told) => ({ ...told, code: 0 }),
      (error: { stdout: string; stderr: string; code: unknown }) => {
        expect(error.stderr).toBe('')
        return error
      },
    )
    const files = readdirSync(folder).filter((name) => name !== 'node_modules' && name !== 'guide.mts')
    return { stdout, code, files: files.toSorted() }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

it('the programs of the guide to reports do what it says, the reporter of its own included', async () => {
  const [program = '', own = ''] = blocks
  const { stdout, code, files } = await run(
    `${program}\n${own}\nawait writeReport(document, countReporter(), process.stdout)\n`,
  )
  expect(code).toBe(1)
  expect(files).toEqual(['shop.csv', 'shop.html'])
  expect(stdout.slice(0, printed!.length)).toBe(printed)
  expect(stdout).toContain('{\n  fail: 2,\n  error: 0,')
  expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^2 failing; NOT proven: 2 of 2 objects/)
})

it('the guide names every format', () => {
  const table = guide.slice(guide.indexOf('| format |'), guide.indexOf('**Files.**'))
  expect(FORMATS.map(({ format }) => format).filter((format) => !table.includes(`\`${format}\``))).toEqual([])
})
