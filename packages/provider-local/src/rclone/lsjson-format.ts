import { keyFields } from '@backproof/core/object-store'
import { type FileChunksOptions, fileChunks } from '@backproof/core/run'
import { escapeKey, type ObjectEntry, showValue } from '@backproof/core/source'
import { localError } from '../errors.js'
import { jsonItems } from './json-items.js'
import { algorithmOfRclone, claimedHash } from './rclone-digest.js'
import { nameOfRclonePath } from './rclone-name.js'

/**
 * The objects of `rclone lsjson -R --hash`, in its order. Directories are no objects. Throws `corrupt` with the number of the line
 * that cannot be read, also where the array does not end, as of a listing that failed.
 *
 * Source: `rclone lsjson --help` (rclone 1.60).
 */
export async function* readLsjson(path: string, options: FileChunksOptions): AsyncGenerator<readonly ObjectEntry[]> {
  const shown = escapeKey(path)
  const fault = (line: number, why: string): Error =>
    localError(
      'corrupt',
      'list',
      path,
      `Line ${line} of ${shown} ${why}. Make the list anew with rclone lsjson -R --hash.`,
    )
  for await (const items of jsonItems(fileChunks(path, options), fault)) {
    const page: ObjectEntry[] = []
    for (const { line, value } of items) {
      const entry = entryOfItem(value as Item)
      if (typeof entry === 'string') throw fault(line, entry)
      if (entry !== undefined) page.push(entry)
    }
    if (page.length > 0) yield page
  }
}

/** As it may be. */
interface Item {
  readonly Path?: unknown
  readonly Size?: unknown
  readonly ModTime?: unknown
  readonly IsDir?: unknown
  readonly Hashes?: unknown
  readonly Tier?: unknown
}

/** `undefined` for a directory; why it is none. */
const entryOfItem = ({ Path, Size, ModTime, IsDir, Hashes, Tier }: Item): ObjectEntry | string | undefined => {
  if (IsDir === true) return undefined
  if (typeof Path !== 'string' || Path === '') return `has the Path ${showValue(Path)}, which names no object`
  // -1: the place does not know it, as of documents that are made when they are read.
  if (Size !== undefined && !(Number.isSafeInteger(Size) && (Size as number) >= -1)) {
    return `has the Size ${showValue(Size)}, which is no number of bytes`
  }
  if (Hashes !== undefined && Hashes !== null && (typeof Hashes !== 'object' || Array.isArray(Hashes))) {
    return `has the Hashes ${showValue(Hashes)}, which are none`
  }
  const modified = typeof ModTime === 'string' && ModTime !== '' ? Date.parse(ModTime) : undefined
  if (Number.isNaN(modified)) return `has the ModTime ${showValue(ModTime)}, which is no time`
  const digests = Object.entries(Hashes ?? {}).flatMap(([name, text]) =>
    typeof text === 'string' && text !== '' ? [claimedHash(algorithmOfRclone(name), text)] : [],
  )
  const key = keyFields(nameOfRclonePath(Path))
  return {
    ...key,
    ref: key.key,
    kind: 'object',
    ...(Size !== undefined && Size !== -1 && { size: Size as number }),
    ...(modified !== undefined && { modified }),
    ...(typeof Tier === 'string' && Tier !== '' && { storageClass: Tier }),
    ...(digests.length > 0 && { digests }),
  }
}
