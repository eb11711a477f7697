import type { BigIntStats } from 'node:fs'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { escapeKey, keyToBytes } from '@backproof/core/source'
import { invalidConfig, localError, systemError } from '../errors.js'

export interface FileChunksOptions {
  readonly signal?: AbortSignal | undefined
  /** Called with the state of the file once it is open, before the first chunk. */
  readonly onOpen?: ((state: BigIntStats) => void) | undefined
}

const CHUNK = 128 * 1024

/**
 * The bytes of a regular file, in chunks that are valid until the next one. Throws `invalid-config` for what is no
 * regular file, and `changed` when it was modified meanwhile.
 */
export async function* fileChunks(
  path: string,
  { signal, onOpen }: FileChunksOptions = {},
): AsyncGenerator<Buffer, void, undefined> {
  signal?.throwIfAborted()
  let handle: FileHandle | undefined
  try {
    // Not to wait for a writer when it is a FIFO; Windows has neither.
    handle = await open(Buffer.from(keyToBytes(path)), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    const before = await handle.stat({ bigint: true })
    if (!before.isFile())
      throw invalidConfig(`${escapeKey(path)} is no regular file; give the file of a manifest.`, path)
    onOpen?.(before)
    const buffer = Buffer.allocUnsafe(CHUNK)
    for (;;) {
      signal?.throwIfAborted()
      const { bytesRead } = await handle.read(buffer, 0, CHUNK, null)
      if (bytesRead === 0) break
      yield buffer.subarray(0, bytesRead)
    }
    if (!sameState(before, await handle.stat({ bigint: true }))) {
      const message = `${escapeKey(path)} was modified while it was read; run again when nothing writes to it.`
      throw localError('changed', 'list', path, message)
    }
  } catch (error) {
    signal?.throwIfAborted()
    throw systemError(error, 'list', path)
  } finally {
    await handle?.close()
  }
}

/** Whether two looks at a file saw the same file in the same state. */
export const sameState = (a: BigIntStats, b: BigIntStats): boolean =>
  a.dev === b.dev && a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs
