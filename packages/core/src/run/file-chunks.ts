import type { BigIntStats } from 'node:fs'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { BackupError } from '../errors.js'
import { escapeKey, keyToBytes } from '../source/key.js'
import { errnoToBackupError } from './local-errors.js'

export interface FileChunksOptions {
  /** What to give in place of what is no regular file, for the error. Default `a file`. */
  readonly wanted?: string | undefined
  /** For errors. Default `list`. */
  readonly operation?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** Called with the state of the file once it is open, before the first chunk. */
  readonly onOpen?: ((state: BigIntStats) => void) | undefined
}

const CHUNK = 128 * 1024

/**
 * The bytes of a regular file, in chunks that are valid until the next one. Throws `invalid-config` for what is no
 * regular file, and `changed` when it was modified meanwhile.
 *
 * @param path As keys have it: lone surrogates stand for bytes that are not UTF-8.
 */
export async function* fileChunks(
  path: string,
  { wanted = 'a file', operation = 'list', signal, onOpen }: FileChunksOptions = {},
): AsyncGenerator<Buffer, void, void> {
  signal?.throwIfAborted()
  let handle: FileHandle | undefined
  try {
    // Not to wait for a writer when it is a FIFO; Windows has neither.
    handle = await open(Buffer.from(keyToBytes(path)), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    const before = await handle.stat({ bigint: true })
    if (!before.isFile()) {
      const message = `${escapeKey(path)} is no regular file; give ${wanted}.`
      throw new BackupError({ code: 'invalid-config', message, provider: 'local', subject: path })
    }
    onOpen?.(before)
    const buffer = Buffer.allocUnsafe(CHUNK)
    for (;;) {
      signal?.throwIfAborted()
      const { bytesRead } = await handle.read(buffer, 0, CHUNK, null)
      if (bytesRead === 0) break
      yield buffer.subarray(0, bytesRead)
    }
    if (!isSameState(before, await handle.stat({ bigint: true }))) throw fileChanged(path, operation)
  } catch (error) {
    signal?.throwIfAborted()
    throw errnoToBackupError(error, { operation, subject: path })
  } finally {
    await handle?.close()
  }
}

/** The error for a file that is not what it was when reading began. */
export const fileChanged = (path: string, operation: string): BackupError =>
  new BackupError({
    code: 'changed',
    message: `${escapeKey(path)} was modified while it was read; run again when nothing writes to it.`,
    provider: 'local',
    operation,
    subject: path,
  })

/** Whether two looks at a file saw the same file in the same state. */
export const isSameState = (a: BigIntStats, b: BigIntStats): boolean =>
  a.dev === b.dev && a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs
