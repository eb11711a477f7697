import { randomUUID } from 'node:crypto'
import { createWriteStream, realpathSync, statSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'

/** A file that takes the place of an earlier one only when it is complete. */
export interface OutputFile {
  readonly sink: Writable
  /** Puts it in place, once the disk has it. */
  readonly finish: () => Promise<void>
  /** Removes what was written, unless it is in place. */
  readonly discard: () => Promise<void>
}

/**
 * Opens a file for output. What is there and is no ordinary file (a FIFO, /dev/stdout) is written to as it is.
 *
 * @param failed The error to throw where it cannot be written.
 */
export const openOutputFile = async (path: string, failed: (cause: Error) => Error): Promise<OutputFile> => {
  const told = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: Error) => {
      throw failed(error)
    })
  const existing = await told((async () => statSync(path, { throwIfNoEntry: false }))())
  const replaces = existing?.isFile() ?? true
  // A link stays one, and who may read the earlier file may read the new one: nobody else.
  const target = existing === undefined ? path : realpathSync(path)
  const written = replaces ? join(dirname(target), `.${basename(target)}.${randomUUID().slice(0, 8)}.partial`) : path
  const handle = await told(
    open(written, replaces ? 'wx' : 'w', existing === undefined ? 0o666 : existing.mode & 0o777),
  )
  const sink = createWriteStream(written, { fd: handle, autoClose: false })
  let left = replaces
  return {
    sink,
    finish: async () => {
      sink.end()
      await told(finished(sink))
      if (!replaces) return
      await told(handle.sync())
      await told(rename(written, target))
      left = false
    },
    discard: async () => {
      sink.destroy()
      await handle.close()
      if (left) await rm(written, { force: true })
    },
  }
}
