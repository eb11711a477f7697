import { copyFileSync, lutimesSync, mkdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import type { TreeFile } from './find-tree.js'

/** Copies `files` from one directory to another, with their times. Rejects with the signal's reason when aborted. */
export const copyTree = async (
  from: string,
  to: string,
  files: readonly TreeFile[],
  signal: AbortSignal,
): Promise<void> => {
  const made = new Set<string>()
  for (const [index, { path }] of files.entries()) {
    if (index % 100 === 0) {
      await turn()
      signal.throwIfAborted()
    }
    const target = join(to, path)
    const parent = dirname(target)
    if (!made.has(parent)) mkdirSync(parent, { recursive: true })
    made.add(parent)
    copyFileSync(join(from, path), target)
    const { atime, mtime } = statSync(join(from, path))
    lutimesSync(target, atime, mtime)
  }
}
