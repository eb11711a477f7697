import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, statfsSync } from 'node:fs'
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

/** What the largest test of a file stores at a time. */
export interface Scale {
  readonly files: number
  readonly bytes: number
}

const MEMORY = '/dev/shm'
/** What Linux keeps for a file in memory beside its bytes, generously. */
const BYTES_A_FILE = 2_048

/**
 * Two million files cost minutes on a disk, most of it for finding room for them, and seconds in memory: there where it has
 * the room and leaves 2 GiB for everybody else, in the temporary directory otherwise.
 */
const placeFor = ({ files, bytes }: Scale): string => {
  if (!existsSync(MEMORY)) return tmpdir()
  const { bavail, bsize, ffree } = statfsSync(MEMORY)
  const memory = process.availableMemory() - 2 * 1024 ** 3
  const fits = ffree > files && bavail * bsize > bytes && memory > files * BYTES_A_FILE + bytes
  return fits ? MEMORY : tmpdir()
}

/** A directory for all tests of a file. */
export const scaleDirectory = (scale: Scale): ((...names: readonly string[]) => string) => {
  let root = ''
  beforeAll(() => {
    if (!existsSync(built))
      throw new Error('The packages are not built: run `npm run build`, or all tests by `npm test`.')
    root = mkdtempSync(join(placeFor(scale), 'backproof-scale-'))
  })
  afterAll(() => remove(root), 300_000)
  return (...names) => join(root, ...names)
}

/** By the system's tool, which needs half the time for a million files. */
export const remove = (path: string): void => {
  execFileSync('rm', ['-rf', path])
}
