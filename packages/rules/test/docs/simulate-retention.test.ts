import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../../..')
const guide = readFileSync(join(root, 'docs/guides/simulate-retention.md'), 'utf8')
const blockOf = (language: string): string => new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(guide)![1]!

it('the program of the guide to retention prints what the guide says', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'backproof-guide-'))
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    writeFileSync(join(folder, 'guide.mts'), blockOf('ts'))
    const args = ['--conditions=backproof-source', '--import', import.meta.resolve('tsx'), 'guide.mts']
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: folder })
    expect(stderr).toBe('')
    expect(stdout).toBe(blockOf('text'))
  } finally {
    rmSync(folder, { recursive: true })
  }
})
