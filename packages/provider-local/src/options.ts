import { resolve } from 'node:path'
import { checkOptionNames, showValue } from '@backproof/core/source'
import { invalidConfig, PROVIDER } from './errors.js'

/**
 * What to do with symbolic links below the root (the root itself may be one).
 * - `report`: each is an entry of kind `symlink` with its target; nothing is followed.
 * - `follow`: what they point to is listed in their place. A link that points to nothing or to a directory it lies in
 *   is an entry with a problem. A tree that two links reach is listed twice.
 * - `skip`: each is an entry marked `excluded: 'symlink'`.
 */
export type SymlinkMode = 'report' | 'follow' | 'skip'

export interface LocalDirectoryOptions {
  /** The directory. A relative path is resolved once, against the working directory. */
  readonly path: string
  /** Default `report`. */
  readonly symlinks?: SymlinkMode | undefined
  /** Mount points below the root are entries marked `excluded: 'mount-point'` and are not entered. Default false. */
  readonly oneFileSystem?: boolean | undefined
  /** Where names of huge directories are sorted. Default: `os.tmpdir()`. */
  readonly tempDirectory?: string | undefined
  /** How many names of the directories being walked stay in memory; a directory beyond it is sorted on disk. Default 300,000. */
  readonly listWindow?: number | undefined
}

/** {@link LocalDirectoryOptions} with every default in place. */
export interface DirectorySettings {
  /** Absolute. */
  readonly path: string
  readonly symlinks: SymlinkMode
  readonly oneFileSystem: boolean
  readonly tempDirectory: string | undefined
  readonly listWindow: number
}

const LIST_WINDOW = 300_000
const SYMLINK_MODES: readonly string[] = ['report', 'follow', 'skip'] satisfies SymlinkMode[]

/** Checks options that may come from plain JavaScript or a command line. Throws `invalid-config`. */
export const directorySettings = (options: LocalDirectoryOptions): DirectorySettings => {
  const factory = 'localDirectory'
  checkNames(factory, options, ['path', 'symlinks', 'oneFileSystem', 'tempDirectory', 'listWindow'])
  const { symlinks = 'report', oneFileSystem = false, tempDirectory, listWindow = LIST_WINDOW } = options
  if (!SYMLINK_MODES.includes(symlinks)) {
    throw invalidConfig(
      `${factory}: symlinks is ${showValue(symlinks)}; it must be one of ${SYMLINK_MODES.join(', ')}.`,
    )
  }
  if (typeof oneFileSystem !== 'boolean') {
    throw invalidConfig(`${factory}: oneFileSystem is ${showValue(oneFileSystem)}; it must be true or false.`)
  }
  if (tempDirectory !== undefined && (typeof tempDirectory !== 'string' || tempDirectory === '')) {
    throw invalidConfig(`${factory}: tempDirectory is ${showValue(tempDirectory)}; it must be the path of a directory.`)
  }
  if (!Number.isSafeInteger(listWindow) || listWindow < 1) {
    throw invalidConfig(`${factory}: listWindow is ${showValue(listWindow)}; it must be a whole number from 1.`)
  }
  return { path: absolutePath(factory, options.path), symlinks, oneFileSystem, tempDirectory, listWindow }
}

/** `path` made absolute; refuses what cannot be a path. */
export const absolutePath = (factory: string, path: unknown): string => {
  if (typeof path !== 'string' || path === '') {
    throw invalidConfig(`${factory}: path is ${showValue(path)}; it must be the path of a file or directory.`)
  }
  if (path.includes('\0')) throw invalidConfig(`${factory}: the path holds a NUL character, which no path can have.`)
  if (/^file:/i.test(path)) {
    throw invalidConfig(
      `${factory}: path is the URI ${showValue(path)}; give a plain path, or open it with provider.fromUri().`,
    )
  }
  return resolve(path)
}

/** Refuses names that no option of a factory of this provider has. Throws `invalid-config`. */
export const checkNames = (factory: string, options: unknown, known: readonly string[]): void =>
  checkOptionNames(factory, options, known, PROVIDER)
