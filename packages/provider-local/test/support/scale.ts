import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll } from 'vitest'

const child = fileURLToPath(new URL('../scale-child.mjs', import.meta.url))
const built = fileURLToPath(new URL('../../dist/index.js', import.meta.url))

interface Measured {
  readonly findings: number
  readonly match: number
  readonly complete: boolean
  readonly scans: number
  readonly ms: number
  readonly rssMiB: number
}

/** A comparison in a process of its own, by the built packages. */
export const measure = (a: string, b: string, require: string): Measured =>
  JSON.parse(execFileSync(process.execPath, [child, a, b, require], { encoding: 'utf8', timeout: 300_000 }))

/** A directory for all tests of a file. */
export const scaleDirectory = (): ((...names: readonly string[]) => string) => {
  let root = ''
  beforeAll(() => {
    if (!existsSync(built))
      throw new Error('The packages are not built: run `npm run build`, or all tests by `npm test`.')
    root = mkdtempSync(join(tmpdir(), 'backproof-scale-'))
  })
  afterAll(() => rmSync(root, { recursive: true, force: true }), 300_000)
  return (...names) => join(root, ...names)
}
