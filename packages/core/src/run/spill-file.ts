import { type FileHandle, mkdtemp, open, rmdir, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BackupError, type ErrorCode } from '../errors.js'

/** A temporary file that is written at its end and read anywhere. */
export interface SpillFile {
  /** Bytes written so far. */
  readonly size: () => number
  readonly append: (bytes: Uint8Array) => Promise<void>
  /** Reads from `position` until `into` is full or the file ends; gives the number of bytes. */
  readonly read: (into: Uint8Array, position: number) => Promise<number>
  /** Closes the file, which also removes it. May be called twice. */
  readonly close: () => Promise<void>
}

/**
 * Opens a temporary file (mode 0600, in a directory of its own of mode 0700) and takes its name away at once: the
 * kernel frees the space when the descriptor goes, even after SIGKILL. Where an open file keeps its name (Windows),
 * `close` removes it.
 *
 * Throws `invalid-config` or `access-denied` when `parent` cannot be written to, and `unavailable` when it is full.
 */
export const openSpillFile = async (parent: string = tmpdir()): Promise<SpillFile> => {
  let directory: string | undefined
  let handle: FileHandle
  let name: string
  try {
    directory = await mkdtemp(join(parent, 'backproof-spill-'))
    name = join(directory, 'runs')
    handle = await open(name, 'wx+', 0o600)
  } catch (error) {
    if (directory !== undefined) await rmdir(directory)
    throw spillError(error, parent, 0)
  }
  return spillFile(handle, parent, await unname(name, directory))
}

const spillFile = (handle: FileHandle, parent: string, leftOver: (() => Promise<void>) | undefined): SpillFile => {
  let size = 0
  let closed = false
  return {
    size: () => size,
    append: async (bytes) => {
      let done = 0
      while (done < bytes.length) {
        try {
          const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, size)
          done += bytesWritten
          size += bytesWritten
        } catch (error) {
          throw spillError(error, parent, size + bytes.length - done)
        }
      }
    },
    read: async (into, position) => {
      let done = 0
      while (done < into.length) {
        const { bytesRead } = await handle
          .read(into, done, into.length - done, position + done)
          .catch((error: unknown) => {
            throw spillError(error, parent, size)
          })
        if (bytesRead === 0) break
        done += bytesRead
      }
      return done
    },
    close: async () => {
      if (closed) return
      closed = true
      await handle.close()
      await leftOver?.()
    },
  }
}

/** Removes file and directory; gives what is left to do after closing, where an open file cannot go. */
const unname = async (name: string, directory: string): Promise<(() => Promise<void>) | undefined> => {
  try {
    await unlink(name)
  } catch {
    return async () => {
      await unlink(name)
      await rmdir(directory)
    }
  }
  try {
    await rmdir(directory)
  } catch {
    return () => rmdir(directory)
  }
  return undefined
}

const FULL: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

const spillError = (error: unknown, directory: string, bytes: number): BackupError => {
  const reason = (error as NodeJS.ErrnoException).code
  const common = { provider: 'core', operation: 'spill', subject: directory, cause: error, retryable: false }
  if (FULL.has(reason)) {
    const why = reason === 'ENOSPC' ? 'is full' : reason === 'EDQUOT' ? 'is over its quota' : 'takes no larger file'
    const message = `The temporary directory ${directory} ${why} (${reason}): sorting a listing has needed ${bytes.toLocaleString('en-US')} bytes there so far. Free space, or name a larger place with the option tempDirectory.`
    return new BackupError({ ...common, code: 'unavailable', message })
  }
  const message = `Sorting a listing needs a temporary file in ${directory}, which failed (${reason ?? String(error)}). Name a directory that can be written to with the option tempDirectory.`
  return new BackupError({ ...common, code: CODES[reason ?? ''] ?? 'unavailable', message })
}

const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOENT: 'invalid-config',
  ENOTDIR: 'invalid-config',
  EACCES: 'access-denied',
  EPERM: 'access-denied',
  EROFS: 'access-denied',
}
