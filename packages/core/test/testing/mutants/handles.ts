import { closeSync, openSync } from 'node:fs'
import type { BackupSource } from '../../../src/source/index.js'

const forgotten = new Set<number>()

/** Opens a descriptor. Those that a mutant forgets are closed by {@link closeForgotten}. */
export const openOne = (): number => {
  const fd = openSync('/dev/null', 'r')
  forgotten.add(fd)
  return fd
}

export const closeOne = (fd: number): void => {
  forgotten.delete(fd)
  closeSync(fd)
}

export const closeForgotten = (): void => {
  for (const fd of forgotten) closeOne(fd)
}

/** Disposes of a source, and tells that it did. */
export const disposal = (source: BackupSource): { signal: AbortSignal; dispose: () => Promise<void> } => {
  const controller = new AbortController()
  const dispose = async (): Promise<void> => {
    controller.abort()
    await source[Symbol.asyncDispose]?.()
  }
  return { signal: controller.signal, dispose }
}
