import { type BigIntStats, close, read as readInto } from 'node:fs'
import { promisify } from 'node:util'
import { checkUnchanged, openPinned, pathText, pinnedFailure, statPinned, wrongLength } from '@backproof/core/run'
import {
  type ByteRange,
  escapeKey,
  type JsonValue,
  type LocalFile,
  type ObjectBody,
  type ObjectEntry,
  type ReadOptions,
} from '@backproof/core/source'
import { type LocalRef, pinOfRef, placeOf, readRef } from './entry.js'
import { invalidConfig, localError } from './errors.js'
import { isLongPath, reach } from './long-path.js'
import { currentEntry } from './stat.js'
import { isAscii, keyOf, type Tree } from './tree.js'

/** Two buffers of this size are read into by turns: within 3 % of the fastest there is, and far from one file in memory. */
const CHUNK = 1024 * 1024

const readFile = promisify(readInto)
const closeFile = promisify(close)

/** Open files of one source, so that disposing of it closes the bodies that nobody finished. */
export type OpenFiles = Set<() => Promise<void>>

/**
 * The file of a ref; `undefined` when its entry was no regular file, or when its path is longer than the kernel takes:
 * then only `read` reaches it. Does not touch the disk.
 */
export const localFileOf = (tree: Tree, ref: JsonValue): LocalFile | undefined => {
  const local = readRef(ref)
  const pin = pinOfRef(local)
  return pin === undefined || isLongPath(tree.root + local.path) ? undefined : fileOf(tree, { ...local, ...pin })
}

/** Opens the file of a ref, if it still is what was listed. Nothing but a regular file is ever opened. */
export const readObject = async (
  tree: Tree,
  openFiles: OpenFiles,
  ref: JsonValue,
  { range, signal }: ReadOptions = {},
): Promise<ObjectBody> => {
  signal?.throwIfAborted()
  const local = pinned(tree, readRef(ref))
  const file = fileOf(tree, local)
  const wanted = range === undefined ? undefined : checkedRange(range, local.size, pathText(file.path))
  const fd = reachFile(tree, local.path, file)
  let before: BigIntStats
  try {
    before = statPinned(fd, file)
  } catch (error) {
    await closeFile(fd)
    throw pinnedFailure(error, file)
  }
  const { key, keyBytes } = placeOf(local.path)
  const info: ObjectEntry = {
    key,
    ...(keyBytes !== undefined && { keyBytes }),
    ref: local,
    kind: 'object',
    size: local.size,
    modified: local.mtimeMs,
  }
  const body = bodyOf({ fd, file, before, range: wanted, signal, openFiles })
  return wanted === undefined ? { info, body } : { info, range: wanted, body }
}

/** The open descriptor of a file at a path of any length. */
const reachFile = (tree: Tree, path: string, file: LocalFile): number => {
  try {
    return reach(tree.root + path, (kernel) => openPinned(file, kernel))
  } catch (error) {
    throw pinnedFailure(error, file)
  }
}

type PinnedRef = Required<LocalRef>

/** A ref of an entry that could not be looked at when it was listed takes the state of now. */
const pinned = (tree: Tree, ref: LocalRef): PinnedRef => {
  const pin = pinOfRef(ref)
  if (pin !== undefined) return { ...ref, ...pin }
  const entry = currentEntry(tree, ref.path, 'read')
  const now = readRef(entry.ref)
  const pinOfNow = pinOfRef(now)
  if (pinOfNow !== undefined) return { ...now, ...pinOfNow }
  const subject = keyOf(tree.root + ref.path)
  const what = entry.kind === 'symlink' ? 'a symbolic link that is not followed' : 'a FIFO, a socket or a device'
  throw localError('unsupported', 'read', subject, `cannot read ${escapeKey(subject)}: it is ${what}.`)
}

const fileOf = (tree: Tree, { path, ...pin }: PinnedRef): LocalFile => {
  const absolute = tree.root + path
  const bytes = isAscii(absolute) ? undefined : Buffer.from(absolute, 'latin1')
  const key = keyOf(absolute)
  return {
    path: bytes === undefined || key.isWellFormed() ? key : bytes,
    ...(tree.settings.symlinks === 'follow' && { followLinks: true }),
    pin,
  }
}

const checkedRange = ({ start, end }: ByteRange, size: number, subject: string): ByteRange => {
  if (Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end && end <= size)
    return { start, end }
  throw invalidConfig(
    `The range ${start} to ${end} does not lie within the ${size} bytes of ${escapeKey(subject)}.`,
    subject,
  )
}

interface OpenBody {
  readonly fd: number
  readonly file: LocalFile
  readonly before: BigIntStats
  readonly range: ByteRange | undefined
  readonly signal: AbortSignal | undefined
  readonly openFiles: OpenFiles
}

/** The bytes of an open file, once, with one chunk read ahead. Not a generator: one that never started cannot be closed. */
const bodyOf = ({ fd, file, before, range, signal, openFiles }: OpenBody): AsyncIterableIterator<Uint8Array> => {
  const size = Number(before.size)
  const end = range?.end ?? size
  // A read of one byte more than the file should have shows whether it has more.
  const limit = end === size ? size + 1 : end
  const buffers: (Buffer | undefined)[] = []
  let slot = 0
  let position = range?.start ?? 0
  let ahead: Promise<Uint8Array> | undefined
  let closing: Promise<void> | undefined
  /** The reader has got all bytes, an error, or has left. */
  let over = false

  const shut = (): Promise<void> => {
    closing ??= (async (): Promise<void> => {
      openFiles.delete(shut)
      // The kernel may still be filling a buffer: the number of the descriptor must not be given to another file yet.
      await ahead?.catch(ignore)
      await closeFile(fd)
    })()
    return closing
  }
  openFiles.add(shut)

  const fetch = async (): Promise<Uint8Array> => {
    const length = Math.min(CHUNK, limit - position)
    if (length === 0) return EMPTY
    const buffer = buffers[slot] ?? Buffer.allocUnsafeSlow(length)
    buffers[slot] = buffer
    slot = 1 - slot
    const { bytesRead } = await readFile(fd, buffer, 0, Math.min(length, buffer.length), position)
    position += bytesRead
    return buffer.subarray(0, bytesRead)
  }

  const checkOpen = (): void => {
    if (closing === undefined) return
    const subject = pathText(file.path)
    throw invalidConfig(
      `The source of ${escapeKey(subject)} was disposed of before the file was read to its end.`,
      subject,
    )
  }

  const advance = async (): Promise<IteratorResult<Uint8Array>> => {
    signal?.throwIfAborted()
    checkOpen()
    ahead ??= fetch()
    const chunk = await ahead
    ahead = undefined
    signal?.throwIfAborted()
    // The descriptor may be another file's by now.
    checkOpen()
    const isEnd = chunk.length === 0
    if (isEnd || position > end) {
      checkUnchanged(fd, file, before)
      if (position !== end) throw wrongLength(file, end, position)
      return DONE
    }
    ahead = fetch()
    ahead.catch(ignore)
    return { done: false, value: chunk }
  }

  return {
    next: async () => {
      if (over) return DONE
      try {
        const result = await advance()
        if (result.done === true) {
          over = true
          await shut()
        }
        return result
      } catch (error) {
        over = true
        await shut()
        signal?.throwIfAborted()
        throw pinnedFailure(error, file)
      }
    },
    return: async () => {
      over = true
      await shut()
      return DONE
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

const EMPTY = new Uint8Array(0)
const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined }

/** For a promise whose failure is told elsewhere: to the next `next()`, or to nobody when the reader has left. */
const ignore = (): void => undefined
