import { lstatSync, type Stats, statSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import type { BackupError, ErrorCode } from '@backproof/core/errors'
import { escapeKey, type ListOptions, type ObjectEntry } from '@backproof/core/source'
import { type Bounds, boundsOf } from './bounds.js'
import { entryOf, excludedEntry, linkTarget, type Place, placeOf, problemEntry, stateOf } from './entry.js'
import { errnoOf, localError, notDirectory, systemError } from './errors.js'
import { DEEPEST_PATH, reach } from './long-path.js'
import { type Names, readNames, type SortName } from './names.js'
import { isAscii, kernelPath, keyOf, type Tree } from './tree.js'

/** A directory being walked. */
interface Frame {
  /** Path from the root, with a `/` at its end; empty for the root. One byte a character. */
  readonly path: string
  readonly ascii: boolean
  readonly dev: number
  readonly ino: number
  readonly names: Names
}

const PAGE_SIZE = 1_000
/** Even at the bottom of a tree of huge directories, this many names are sorted in memory. */
const SMALLEST_WINDOW = 4_096

/**
 * Lists the tree depth first in canonical key order, in pages of 1,000. Within a page all calls are synchronous: the
 * promise API costs several times as much. Between pages the event loop gets a turn and the signal is looked at.
 *
 * An empty directory holds nothing that could be compared; it is told as an entry that is left out.
 *
 * What vanishes between the reading of its directory and its own turn is not listed: it is not there.
 */
export async function* listTree(tree: Tree, options: ListOptions = {}): AsyncGenerator<readonly ObjectEntry[]> {
  const { signal } = options
  const bounds = boundsOf(options)
  signal?.throwIfAborted()
  const stack: Frame[] = []
  let page: ObjectEntry[] = []
  let work = 0
  try {
    const root = await openRoot(tree, bounds, signal)
    stack.push(root)
    for (let frame: Frame | undefined = root; frame !== undefined; frame = stack.at(-1)) {
      const name = frame.names.next()
      if (name === undefined) {
        if (await frame.names.fill()) continue
        stack.pop()
        await frame.names.close()
        continue
      }
      if (name.endsWith('/')) {
        const found = await enter(tree, placeIn(frame, name), stack, bounds, signal)
        if (found !== undefined && 'names' in found) stack.push(found)
        else if (found !== undefined) page.push(found)
      } else {
        const entry = look(tree, frame, name, root.dev)
        if (entry !== undefined) page.push(entry)
      }
      if (page.length >= PAGE_SIZE) {
        yield page
        page = []
        work = PAGE_SIZE
      }
      if (++work < PAGE_SIZE) continue
      work = 0
      await turn()
      signal?.throwIfAborted()
    }
    if (page.length > 0) yield page
  } finally {
    for (const frame of stack) await frame.names.close()
  }
}

const openRoot = async (tree: Tree, bounds: Bounds | undefined, signal: AbortSignal | undefined): Promise<Frame> => {
  const { path } = tree.settings
  try {
    const stats = statSync(kernelPath(tree.root === '/' ? '/' : tree.root.slice(0, -1)), { throwIfNoEntry: false })
    if (stats === undefined) throw localError('not-found', 'list', path, `There is no directory ${escapeKey(path)}.`)
    if (!stats.isDirectory()) throw notDirectory(path, stats.isFile())
    const names = await readNames(tree.root, namesOptions(tree, '', [], bounds, signal))
    return { path: '', ascii: true, dev: stats.dev, ino: stats.ino, names }
  } catch (error) {
    signal?.throwIfAborted()
    throw errnoOf(error) === undefined ? error : systemError(error, 'list', path)
  }
}

const namesOptions = (
  tree: Tree,
  path: string,
  stack: readonly Frame[],
  bounds: Bounds | undefined,
  signal: AbortSignal | undefined,
): Parameters<typeof readNames>[1] => {
  let held = 0
  for (const frame of stack) held += frame.names.held
  const { listWindow, tempDirectory } = tree.settings
  return {
    sortName: sortNameIn(tree, path, bounds),
    window: Math.max(listWindow - held, Math.min(listWindow, SMALLEST_WINDOW)),
    tempDirectory,
    signal,
  }
}

/** Directories sort as `name/`; so do links to directories that will be followed. */
const sortNameIn = (tree: Tree, path: string, bounds: Bounds | undefined): SortName => {
  const follow = tree.settings.symlinks === 'follow'
  return (name, type) => {
    const below = type.isDirectory() || (follow && type.isSymbolicLink() && leadsToDirectory(tree, path + name))
    if (!below) return bounds === undefined || bounds.wantsFile(path + name) ? name : undefined
    const sorted = `${name}/`
    return bounds === undefined || bounds.wantsBelow(path + sorted) ? sorted : undefined
  }
}

/** A link that cannot be followed is no directory; listing it tells why. */
const leadsToDirectory = (tree: Tree, path: string): boolean => {
  try {
    return stateOf(tree, path)?.isDirectory() === true
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return false
  }
}

const placeIn = (frame: Frame, name: string): Place => {
  const path = frame.path + name
  if (!isAscii(name)) return placeOf(path)
  // The path itself: a deep tree has one string a level in memory, not two.
  return frame.ascii ? { path, key: path } : placeOf(path)
}

/** The entry of a name that is no directory; `undefined` when it vanished. */
const look = (tree: Tree, frame: Frame, name: string, rootDev: number): ObjectEntry | undefined => {
  const place = placeIn(frame, name)
  try {
    const stats = stateOf(tree, place.path)
    if (stats === undefined) return tree.settings.symlinks === 'follow' ? deadLink(tree, place) : undefined
    if (tree.settings.oneFileSystem && stats.dev !== rootDev) return excludedEntry(place, 'mount-point')
    if (stats.isDirectory()) return problemEntry(place, replaced(tree, place).toJSON())
    return entryOf(tree, place, stats)
  } catch (error) {
    const code = errnoOf(error)
    if (code === undefined) throw error
    // A link was read after it had gone or had been replaced; it is looked at no more than once.
    if (code === 'ENOENT') return undefined
    if (code === 'EINVAL') return problemEntry(place, replaced(tree, place).toJSON())
    if (code === 'ELOOP') return { ...problemEntry(place, loop(tree, place).toJSON()), kind: 'symlink' }
    return problemEntry(place, systemError(error, 'list', keyOf(tree.root + place.path)).toJSON())
  }
}

/** Walks into a directory: a frame, or the entry that says why not; `undefined` when it vanished or tells nothing new. */
const enter = async (
  tree: Tree,
  place: Place,
  stack: readonly Frame[],
  bounds: Bounds | undefined,
  signal: AbortSignal | undefined,
): Promise<Frame | ObjectEntry | undefined> => {
  const bare = { ...place, path: place.path.slice(0, -1) }
  const named = { ...place, path: bare.path }
  const standing = bounds?.standing(place.path) ?? 'ahead'
  const hidden = (error: BackupError): ObjectEntry | undefined => {
    // Too late for an entry, which would come out of order; in silence, all the rest of the directory would be missing.
    if (standing === 'past') throw error
    return standing === 'told' ? undefined : problemEntry(named, error.toJSON())
  }
  const path = tree.root + bare.path
  try {
    const stats = stateOf(tree, bare.path)
    if (stats === undefined) return undefined
    if (!stats.isDirectory()) return hidden(replaced(tree, bare))
    if (tree.settings.oneFileSystem && stats.dev !== stack[0]?.dev)
      return standing === 'ahead' ? excludedEntry(named, 'mount-point') : undefined
    if (tree.settings.symlinks === 'follow' && stack.some((frame) => same(frame, stats)))
      return hidden(loop(tree, bare))
    if (place.path.length > DEEPEST_PATH) return hidden(tooDeep(tree, bare))
    const options = namesOptions(tree, place.path, stack, bounds, signal)
    let isEmpty = true
    const sortName: SortName = (name, type) => {
      isEmpty = false
      return options.sortName(name, type)
    }
    const names = await readNames(path, { ...options, sortName })
    if (isEmpty) return standing === 'ahead' ? excludedEntry(named, 'empty-directory') : undefined
    return { path: place.path, ascii: isAscii(place.path), dev: stats.dev, ino: stats.ino, names }
  } catch (error) {
    signal?.throwIfAborted()
    const code = errnoOf(error)
    if (code === undefined) throw error
    return code === 'ENOENT' ? undefined : hidden(systemError(error, 'list', keyOf(path)))
  }
}

/** In a tree whose links are followed: nothing is there, or a link to nothing. */
const deadLink = (tree: Tree, place: Place): ObjectEntry | undefined => {
  const link = reach(tree.root + place.path, (kernel) => lstatSync(kernel, { throwIfNoEntry: false }))
  if (link === undefined) return undefined
  const target = linkTarget(tree, place.path)
  const problem = problemOf(
    tree,
    place,
    'not-found',
    (path) => `${path} is a symbolic link to ${escapeKey(target)}, where nothing is.`,
  )
  return { ...problemEntry(place, problem.toJSON()), kind: 'symlink', linkTarget: target }
}

const loop = (tree: Tree, place: Place): BackupError =>
  problemOf(
    tree,
    place,
    'unsupported',
    (path) =>
      `${path} is a symbolic link that leads back to itself or to a directory it lies in; it is not followed again.`,
  )

const tooDeep = (tree: Tree, place: Place): BackupError =>
  problemOf(
    tree,
    place,
    'unsupported',
    (path) =>
      `${path} lies deeper than paths of ${DEEPEST_PATH} bytes, which is as far as a listing goes; compare it as a tree of its own.`,
  )

const replaced = (tree: Tree, place: Place): BackupError =>
  problemOf(tree, place, 'changed', (path) => `${path} became another kind of file while its directory was listed.`)

const problemOf = (tree: Tree, place: Place, code: ErrorCode, say: (path: string) => string): BackupError => {
  const path = keyOf(tree.root + place.path)
  return localError(code, 'list', path, say(escapeKey(path)))
}

const same = (frame: Frame, stats: Stats): boolean => frame.dev === stats.dev && frame.ino === stats.ino
