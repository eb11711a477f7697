import { opendir, stat } from 'node:fs/promises'
import type { BackupSource, CallOptions, SourceTraits } from '@backproof/core/source'
import { invalidConfig, notDirectory, systemError } from './errors.js'
import { listTree } from './list.js'
import { directorySettings, type LocalDirectoryOptions } from './options.js'
import { fileUri, hostPlatform } from './paths.js'
import { localFileOf, type OpenFiles, readObject } from './read.js'
import { statObject } from './stat.js'
import { kernelPath, openTree, type Tree } from './tree.js'
import { createXattrReader } from './xattrs.js'

/**
 * A directory of this machine as a source: its regular files are the objects. Keys are paths from the root, with `/`
 * on every platform. Nothing but regular files is ever opened; FIFOs, sockets and devices are entries of kind `special`.
 * A directory that cannot be read is an entry with a problem, an empty one is marked `excluded: 'empty-directory'`; other
 * directories are no entries.
 *
 * Throws `invalid-config` at once for wrong options. That the directory exists is seen by `describe` and `list`.
 */
export const localDirectory = (options: LocalDirectoryOptions): BackupSource => {
  const settings = directorySettings(options)
  const tree = openTree(settings)
  const uri = fileUri(settings.path, hostPlatform())
  const xattrs = createXattrReader({ followLinks: settings.symlinks === 'follow' })
  const openFiles: OpenFiles = new Set()
  let disposed = false
  const checkOpen = (): void => {
    if (disposed) throw invalidConfig(`The source ${uri} was disposed of; open it again.`)
  }

  return Object.freeze({
    specVersion: 'v1',
    uri,
    async describe(call) {
      checkOpen()
      return describeTree(tree, call)
    },
    async *list(call) {
      checkOpen()
      for await (const page of listTree(tree, call)) {
        checkOpen()
        yield page
      }
    },
    async stat(ref, call) {
      checkOpen()
      return statObject(tree, xattrs, ref, call)
    },
    async read(ref, call) {
      checkOpen()
      return readObject(tree, openFiles, ref, call)
    },
    localFile(ref) {
      checkOpen()
      return localFileOf(tree, ref)
    },
    async [Symbol.asyncDispose]() {
      disposed = true
      await Promise.all([...openFiles].map((close) => close()))
    },
  } satisfies BackupSource)
}

const describeTree = async ({ root, settings }: Tree, { signal }: CallOptions = {}): Promise<SourceTraits> => {
  signal?.throwIfAborted()
  // Without the slash at its end, a file is told from nothing.
  const path = root === '/' ? root : root.slice(0, -1)
  let place: string
  try {
    const { dev, ino } = await checkDirectory(path, settings.path)
    place = `${dev}:${ino}`
  } catch (error) {
    signal?.throwIfAborted()
    throw systemError(error, 'open', settings.path)
  }
  signal?.throwIfAborted()
  return Object.freeze({
    keyOrder: 'utf8',
    access: 'random',
    pinning: 'etag',
    listingDigests: Object.freeze([]),
    statDigests: Object.freeze([]),
    rangeReads: true,
    versions: false,
    readCost: 'free',
    place,
  })
}

const checkDirectory = async (path: string, shown: string): Promise<{ dev: bigint; ino: bigint }> => {
  const stats = await stat(kernelPath(path), { bigint: true })
  if (!stats.isDirectory()) throw notDirectory(shown, stats.isFile())
  const directory = await opendir(kernelPath(path))
  await directory.close()
  return stats
}
