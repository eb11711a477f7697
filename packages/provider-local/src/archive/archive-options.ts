import { type BackupSource, showValue } from '@backproof/core/source'
import { invalidConfig } from '../errors.js'
import { absolutePath, checkNames } from '../options.js'

/** Where an archive is: a file of this machine, or an object of any source. */
export type ArchiveOptions =
  | {
      /** The file; a symbolic link is followed. A relative path is resolved once, against the working directory. */
      readonly path: string
    }
  | {
      /** Stays the caller's: it is not disposed of with the archive. Must be readable by key (`access: 'random'`). */
      readonly source: BackupSource
      /** The key of the archive in that source. */
      readonly key: string
    }

/** {@link ArchiveOptions}, checked, with an absolute path. Throws `invalid-config`. */
export const checkedArchiveOptions = (factory: string, options: ArchiveOptions): ArchiveOptions => {
  checkNames(factory, options, ['path', 'source', 'key'])
  const { path, source, key } = options as Partial<Record<'path' | 'source' | 'key', unknown>>
  if (source === undefined && key === undefined) return { path: absolutePath(factory, path) }
  if (path !== undefined) throw invalidConfig(`${factory}: give either path, or source and key, not both.`)
  if (typeof source !== 'object' || source === null || typeof (source as BackupSource).read !== 'function') {
    throw invalidConfig(
      `${factory}: source is ${showValue(source)}; it must be a source, for example localDirectory().`,
    )
  }
  if (typeof key !== 'string' || key === '') {
    throw invalidConfig(`${factory}: key is ${showValue(key)}; it must be the key of the archive in the source.`)
  }
  return { source: source as BackupSource, key }
}
