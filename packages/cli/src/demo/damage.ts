import { readFileSync, renameSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome } from '@backproof/core/evidence'
import { formatCount } from '@backproof/reporters/text'
import { usageError } from '../args/usage-error.js'
import type { TreeFile } from './find-tree.js'

/** One thing done to the copy, and the findings that a true report must have because of it. */
export interface Damage {
  readonly what: string
  readonly expected: readonly { readonly key: string; readonly outcome: Outcome; readonly firstDifference?: number }[]
}

/** Damages the copy in `root` in five ways, at places spread over the tree. The source is not touched. */
export const damage = (root: string, files: readonly TreeFile[]): readonly Damage[] => {
  const victims = files.filter(({ size }) => size >= 200)
  if (victims.length < 100)
    throw usageError('the tree has too few files of at least 200 bytes to damage', 'Name another: --tree PATH.')
  const pick = (share: number): TreeFile => victims[Math.floor(victims.length * share)]!
  return [
    flipByte(root, pick(0.15)),
    removeFile(root, pick(0.35)),
    addFile(root, pick(0.5)),
    renameFile(root, pick(0.7)),
    truncateFile(root, pick(0.9)),
  ]
}

const flipByte = (root: string, { path }: TreeFile): Damage => {
  const file = join(root, path)
  const { atime, mtime } = statSync(file)
  const bytes = readFileSync(file)
  const offset = Math.floor(bytes.length * 0.6)
  bytes[offset] = bytes[offset]! ^ 0x01
  writeFileSync(file, bytes)
  utimesSync(file, atime, mtime)
  return {
    what: `flip one bit of byte ${formatCount(offset + 1)} of ${path}; same size, same time`,
    expected: [{ key: path, outcome: 'mismatch', firstDifference: offset }],
  }
}

const removeFile = (root: string, { path }: TreeFile): Damage => {
  rmSync(join(root, path))
  return { what: `remove ${path}`, expected: [{ key: path, outcome: 'missing' }] }
}

const addFile = (root: string, { path }: TreeFile): Damage => {
  const key = `${path}.demo-extra`
  writeFileSync(join(root, key), 'Nobody backed this up.\n')
  return { what: `add ${key}`, expected: [{ key, outcome: 'extra' }] }
}

const renameFile = (root: string, { path }: TreeFile): Damage => {
  const key = `${path}.demo-renamed`
  renameSync(join(root, path), join(root, key))
  return {
    what: `rename ${path} to ${key}`,
    expected: [
      { key: path, outcome: 'missing' },
      { key, outcome: 'extra' },
    ],
  }
}

const truncateFile = (root: string, { path, size }: TreeFile): Damage => {
  truncateSync(join(root, path), size - 1)
  return { what: `cut the last byte off ${path}`, expected: [{ key: path, outcome: 'mismatch' }] }
}
