import { openSpillFile, type SpillFile } from './spill-file.js'

/**
 * One row of bytes that is written at its end and read anywhere: in memory until `memory` bytes have come together,
 * then on disk, so that little never touches the disk.
 */
export interface SpillStore {
  /** Bytes written so far. */
  readonly size: () => number
  /** Copies `bytes`. */
  readonly append: (bytes: Uint8Array) => void
  /** Moves what is in memory to disk when it is `memory` bytes or more; says whether it did. */
  readonly settle: () => Promise<boolean>
  /** Reads from `position` until `into` is full or the store ends; gives the number of bytes. */
  readonly read: (into: Uint8Array, position: number) => Promise<number>
  readonly close: () => Promise<void>
}

const SLAB_BYTES = 1024 * 1024

export const createSpillStore = (memory: number, tempDirectory: string | undefined): SpillStore => {
  // Slabs are used again after each move to disk: new ones would wait for the garbage collector.
  const slabs: Buffer[] = []
  let held = 0
  let file: SpillFile | undefined
  const flushed = (): number => file?.size() ?? 0

  const readMemory = (into: Uint8Array, from: number): number => {
    const wanted = Math.min(into.length, held - from)
    let done = 0
    while (done < wanted) {
      const at = from + done
      const start = at % SLAB_BYTES
      const end = Math.min(SLAB_BYTES, start + wanted - done)
      into.set(slabs[Math.floor(at / SLAB_BYTES)]!.subarray(start, end), done)
      done += end - start
    }
    return done
  }

  return {
    size: () => flushed() + held,
    append: (bytes) => {
      let done = 0
      while (done < bytes.length) {
        const slab = Math.floor(held / SLAB_BYTES)
        if (slab === slabs.length) slabs.push(Buffer.allocUnsafeSlow(SLAB_BYTES))
        const start = held % SLAB_BYTES
        const count = Math.min(SLAB_BYTES - start, bytes.length - done)
        slabs[slab]!.set(bytes.subarray(done, done + count), start)
        done += count
        held += count
      }
    },
    settle: async () => {
      if (held < memory) return false
      file ??= await openSpillFile(tempDirectory)
      for (let at = 0; at < held; at += SLAB_BYTES) {
        await file.append(slabs[at / SLAB_BYTES]!.subarray(0, Math.min(SLAB_BYTES, held - at)))
      }
      held = 0
      return true
    },
    read: async (into, position) => {
      const before = flushed()
      if (position >= before) return readMemory(into, position - before)
      const onDisk = Math.min(into.length, before - position)
      const done = await file!.read(into.subarray(0, onDisk), position)
      return done < onDisk ? done : done + readMemory(into.subarray(done), 0)
    },
    close: async () => {
      slabs.length = 0
      held = 0
      await file?.close()
    },
  }
}
