import { type BigIntStats, lstatSync, statSync } from 'node:fs'
import {
  escapeKey,
  type JsonValue,
  type ObjectEntry,
  type ObjectInfo,
  type ObjectMetadata,
  type StatOptions,
} from '@backproof/core/source'
import { entryOf, placeOf, readRef, stateOf } from './entry.js'
import { errnoOf, localError, systemError } from './errors.js'
import { reach } from './long-path.js'
import { keyOf, type Tree } from './tree.js'
import type { XattrReader } from './xattrs.js'

/** The state of one entry now, with a fresh ref. `want` may name `metadata` and `xattrs`. */
export const statObject = async (
  tree: Tree,
  xattrs: XattrReader,
  ref: JsonValue,
  { want = [], signal }: StatOptions = {},
): Promise<ObjectInfo> => {
  signal?.throwIfAborted()
  const { path } = readRef(ref)
  const entry = currentEntry(tree, path, 'stat')
  if (!want.includes('metadata') && !want.includes('xattrs')) return entry
  const metadata = want.includes('metadata') ? metadataOf(lookAgain(tree, path)) : {}
  if (!want.includes('xattrs')) return { ...entry, metadata }
  return { ...entry, metadata: { ...metadata, xattrs: await xattrs.read(tree.root + path, signal) } }
}

/** The entry of what lies at a path of the tree now. Throws `not-found` when that is nothing, or a directory. */
export const currentEntry = (tree: Tree, path: string, operation: string): ObjectEntry =>
  orNotFound(tree, path, operation, () => {
    const stats = stateOf(tree, path)
    return stats === undefined || stats.isDirectory() ? undefined : entryOf(tree, placeOf(path), stats)
  })

const lookAgain = (tree: Tree, path: string): BigIntStats =>
  orNotFound(tree, path, 'stat', () =>
    reach(tree.root + path, (kernel) => {
      const how = { bigint: true, throwIfNoEntry: false } as const
      return tree.settings.symlinks === 'follow' ? statSync(kernel, how) : lstatSync(kernel, how)
    }),
  )

const metadataOf = ({ mode, uid, gid, mtimeNs }: BigIntStats): ObjectMetadata => ({
  mode: Number(mode & 0o7777n),
  uid: Number(uid),
  gid: Number(gid),
  mtimeNs: String(mtimeNs),
})

const orNotFound = <T>(tree: Tree, path: string, operation: string, look: () => T | undefined): T => {
  const subject = keyOf(tree.root + path)
  let found: T | undefined
  try {
    found = look()
  } catch (error) {
    throw errnoOf(error) === undefined ? error : systemError(error, operation, subject)
  }
  if (found !== undefined) return found
  throw localError(
    'not-found',
    operation,
    subject,
    `cannot ${operation} ${escapeKey(subject)}: there is no such file (any more).`,
  )
}
