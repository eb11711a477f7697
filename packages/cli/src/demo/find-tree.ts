import { type Dirent, lstatSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { usageError } from '../args/usage-error.js'

/** A file to copy: path relative to the tree, and bytes. */
export interface TreeFile {
  readonly path: string
  readonly size: number
}

export interface Tree {
  readonly root: string
  /** In the order of the walk, which is the same every time. */
  readonly files: readonly TreeFile[]
  readonly bytes: number
}

const MOST_FILES = 5000
const MOST_BYTES = 200_000_000
/** Bigger files stay out: many files show more than a few big ones, in less time. */
const BIGGEST_FILE = 1_000_000
const FEWEST_FILES = 1000
/** A tree of this size is shown without looking for a bigger one. */
const ENOUGH_FILES = 2000

/**
 * The tree to show: `given`, else the npm that ships with Node, else the nearest `node_modules`; whichever is big
 * enough first, else the biggest. At most 5,000 files of at most 1 MB, and 200 MB in all, are taken.
 * @throws BackupError `invalid-config` when there is none with at least 1,000 files.
 */
export const findTree = (given: string | undefined): Tree => {
  if (given !== undefined) return checked(walk(resolve(given)), 'Name a bigger one with --tree PATH.')
  let best: Tree | undefined
  for (const root of candidates()) {
    const tree = walk(root)
    if (best === undefined || tree.files.length > best.files.length) best = tree
    if (best.files.length >= ENOUGH_FILES) break
  }
  if (best === undefined)
    throw usageError(
      'no tree of files to show the demo on was found',
      'Name a directory with some thousand files: --tree PATH.',
    )
  return checked(best, 'Name a directory with some thousand files: --tree PATH.')
}

const checked = (tree: Tree, todo: string): Tree => {
  if (tree.files.length >= FEWEST_FILES) return tree
  throw usageError(
    `${tree.root} has ${tree.files.length} files; the demo needs at least ${FEWEST_FILES} to show anything`,
    todo,
  )
}

const candidates = (): readonly string[] => {
  const found = [join(dirname(realpathSync(process.execPath)), '..', 'lib', 'node_modules', 'npm')]
  for (const start of [process.cwd(), import.meta.dirname]) {
    for (let here = resolve(start); ; here = dirname(here)) {
      found.push(join(here, 'node_modules'))
      if (dirname(here) === here) break
    }
  }
  return [...new Set(found)].filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
}

/** The ordinary files below `root`, sorted by name in each directory, up to the limits. Links and special files stay out. */
const walk = (root: string): Tree => {
  const files: TreeFile[] = []
  let bytes = 0
  const enter = (directory: string, prefix: string): boolean => {
    const entries: Dirent[] = readdirSync(directory, { withFileTypes: true })
    entries.sort((a, b) => (a.name < b.name ? -1 : 1))
    for (const entry of entries) {
      // A name that is not UTF-8 was decoded with a loss and cannot be opened by it.
      if (entry.name.includes('\ufffd')) continue
      const path = join(directory, entry.name)
      if (entry.isDirectory() && !enter(path, `${prefix}${entry.name}/`)) return false
      if (!entry.isFile()) continue
      const { size } = lstatSync(path)
      if (size > BIGGEST_FILE) continue
      if (files.length >= MOST_FILES || bytes + size > MOST_BYTES) return false
      files.push({ path: `${prefix}${entry.name}`, size })
      bytes += size
    }
    return true
  }
  enter(root, '')
  return { root, files, bytes }
}
