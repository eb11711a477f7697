import type { Stats } from 'node:fs'
import { constants, lstatSync, readlinkSync, statSync } from 'node:fs'
import type { BackupErrorJson } from '@backproof/core/errors'
import { type JsonValue, keyFromBytes, type LocalPin, type ObjectEntry, showValue } from '@backproof/core/source'
import { invalidConfig } from './errors.js'
import { reach } from './long-path.js'
import type { Tree } from './tree.js'

/** How an entry is found again. Plain JSON. */
export type LocalRef = {
  /** Path from the root, one byte a character. */
  readonly path: string
} & Partial<Pick<LocalPin, keyof LocalPin>>

/** A place in the tree, in the forms that are needed of it. */
export interface Place {
  /** Path from the root, one byte a character. */
  readonly path: string
  readonly key: string
  /** Present exactly when the name is not UTF-8. */
  readonly keyBytes?: Uint8Array | undefined
}

/** The entry of anything but a directory. Throws the system's error when a link cannot be read. */
export const entryOf = (tree: Tree, place: Place, stats: Stats): ObjectEntry => {
  const type = stats.mode & constants.S_IFMT
  if (type === constants.S_IFREG) {
    const { size, mtimeMs, ctimeMs, ino, dev } = stats
    const ref = { path: place.path, size, mtimeMs, ctimeMs, ino, dev }
    const { key, keyBytes } = place
    return keyBytes === undefined
      ? { key, ref, kind: 'object', size, modified: mtimeMs }
      : { key, keyBytes, ref, kind: 'object', size, modified: mtimeMs }
  }
  const named = { ...keyFields(place), ref: { path: place.path }, modified: stats.mtimeMs }
  if (type !== constants.S_IFLNK) return { ...named, kind: 'special' }
  if (tree.settings.symlinks === 'skip') return { ...named, kind: 'symlink', excluded: 'symlink' }
  return { ...named, kind: 'symlink', linkTarget: linkTarget(tree, place.path) }
}

/** An entry whose key is all that is known. A key that ends in `/` hides everything below it. */
export const problemEntry = (place: Place, problem: BackupErrorJson): ObjectEntry => ({
  ...keyFields(place),
  ref: { path: place.path },
  kind: place.key.endsWith('/') ? 'special' : 'object',
  problem,
})

/** An entry that was left out on purpose. */
export const excludedEntry = (place: Place, excluded: string): ObjectEntry => ({
  ...keyFields(place),
  ref: { path: place.path },
  kind: 'special',
  excluded,
})

/** Where a link points, uninterpreted. */
export const linkTarget = (tree: Tree, path: string): string =>
  keyFromBytes(reach(tree.root + path, (kernel) => readlinkSync(kernel, { encoding: 'buffer' })))

/** The state of a path from the root; `undefined` when nothing is there. Other errors of the system are thrown. */
export const stateOf = (tree: Tree, path: string): Stats | undefined =>
  reach(tree.root + path, (kernel) =>
    tree.settings.symlinks === 'follow'
      ? statSync(kernel, { throwIfNoEntry: false })
      : lstatSync(kernel, { throwIfNoEntry: false }),
  )

/** Reads back what `list` gave. Throws `invalid-config`: a ref of another source, or one that was tampered with. */
export const readRef = (ref: JsonValue): LocalRef => {
  const given = typeof ref === 'object' && ref !== null ? (ref as Readonly<Record<string, unknown>>) : {}
  const { path, size, mtimeMs, ctimeMs, ino, dev } = given
  const isByteText = typeof path === 'string' && !/[\0\u0100-\uffff]/.test(path)
  if (!isByteText || path === '' || path.startsWith('/') || /(?:^|\/)\.\.(?:\/|$)/.test(path)) {
    throw invalidConfig(
      `The ref ${showValue(path)} is none that this local directory gave out; pass refs of its own listing.`,
    )
  }
  if (!isNumber(size) || !isNumber(mtimeMs) || !isNumber(ctimeMs) || !isNumber(ino) || !isNumber(dev)) return { path }
  return { path, size, mtimeMs, ctimeMs, ino, dev }
}

/** The pin of a ref, if its entry was a regular file. */
export const pinOfRef = ({ size, mtimeMs, ctimeMs, ino, dev }: LocalRef): LocalPin | undefined =>
  size === undefined || mtimeMs === undefined || ctimeMs === undefined || ino === undefined || dev === undefined
    ? undefined
    : { size, mtimeMs, ctimeMs, ino, dev }

const isNumber = (value: unknown): value is number => typeof value === 'number'

/** `key`, and `keyBytes` where there are any. */
const keyFields = ({ key, keyBytes }: Place): Pick<ObjectEntry, 'key'> & Partial<Pick<ObjectEntry, 'keyBytes'>> =>
  keyBytes === undefined ? { key } : { key, keyBytes }

/** The place of a path from the root. */
export const placeOf = (path: string): Place => {
  const bytes = Buffer.from(path, 'latin1')
  const key = keyFromBytes(bytes)
  return key.isWellFormed() ? { path, key } : { path, key, keyBytes: bytes }
}
