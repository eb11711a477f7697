import { BackupError } from '../errors.js'
import type { SpillStore } from './spill-store.js'

/** Bytes of a store that hold one sorted run, a line for each item. */
export interface Run {
  readonly start: number
  readonly end: number
}

export interface RunReader<T> {
  readonly store: SpillStore
  readonly decode: (line: string) => T
  readonly compare: (a: T, b: T) => number
  readonly pageSize: number
  readonly signal: AbortSignal | undefined
}

/** A run while it is merged: the item at hand and how to get the next. */
interface Cursor<T> {
  item: T
  /** Position among the runs: equal items come out in the order they came in. */
  readonly rank: number
  /** Takes the next item from the block at hand; false when the block has none. */
  readonly step: () => boolean
  /** Reads the next block and takes its first item; false at the end of the run. */
  readonly refill: () => Promise<boolean>
}

/** For the blocks of all runs of a merge together. */
const BLOCKS_BYTES = 8 * 1024 * 1024
const SMALLEST_BLOCK = 32 * 1024
const LARGEST_BLOCK = 256 * 1024
const NEWLINE = 0x0a

/** Merges sorted runs, stably: of equal items the one of the earlier run comes first. */
export async function* mergeRuns<T>(runs: readonly Run[], reader: RunReader<T>): AsyncGenerator<readonly T[]> {
  const { compare, pageSize, signal } = reader
  const blockBytes = Math.max(SMALLEST_BLOCK, Math.min(LARGEST_BLOCK, Math.floor(BLOCKS_BYTES / runs.length)))
  const heap: Cursor<T>[] = []
  for (const [rank, run] of runs.entries()) {
    const cursor = await openRun(run, rank, blockBytes, reader)
    if (cursor !== undefined) heap.push(cursor)
  }
  const before = (a: Cursor<T>, b: Cursor<T>): boolean => {
    const order = compare(a.item, b.item)
    return order === 0 ? a.rank < b.rank : order < 0
  }
  for (let at = (heap.length >> 1) - 1; at >= 0; at--) sink(heap, at, before)
  let page: T[] = []
  while (heap.length > 0) {
    const top = heap[0]!
    page.push(top.item)
    if (!top.step() && !(await top.refill())) {
      const end = heap.pop()!
      if (heap.length > 0) heap[0] = end
    }
    if (heap.length > 1) sink(heap, 0, before)
    if (page.length < pageSize) continue
    signal?.throwIfAborted()
    yield page
    page = []
  }
  if (page.length > 0) yield page
}

/** Moves the element at `from` down a binary heap to its place. */
const sink = <C>(heap: C[], from: number, before: (a: C, b: C) => boolean): void => {
  const moved = heap[from]!
  let at = from
  for (;;) {
    let child = 2 * at + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1
    if (before(moved, heap[child]!)) break
    heap[at] = heap[child]!
    at = child
  }
  heap[at] = moved
}

/** Lines are decoded one by one from a block of bytes, not block by block: items then die young, and the heap stays flat. */
const openRun = async <T>(
  run: Run,
  rank: number,
  blockBytes: number,
  reader: RunReader<T>,
): Promise<Cursor<T> | undefined> => {
  const { store, decode, signal } = reader
  let block = Buffer.allocUnsafeSlow(Math.min(blockBytes, run.end - run.start))
  let position = run.start
  let at = 0
  let filled = 0
  const step = (): boolean => {
    if (at >= filled) return false
    const newline = block.indexOf(NEWLINE, at)
    if (newline < 0 || newline >= filled) return false
    cursor.item = decode(block.toString('utf8', at, newline))
    at = newline + 1
    return true
  }
  const refill = async (): Promise<boolean> => {
    for (;;) {
      signal?.throwIfAborted()
      const rest = filled - at
      if (position === run.end) {
        if (rest > 0) throw cutShort()
        return false
      }
      if (rest === block.length) block = Buffer.concat([block], rest * 2)
      else block.copyWithin(0, at, filled)
      const wanted = block.subarray(rest, Math.min(block.length, rest + run.end - position))
      if ((await store.read(wanted, position)) < wanted.length) throw cutShort()
      position += wanted.length
      at = 0
      filled = rest + wanted.length
      if (step()) return true
    }
  }
  const cursor = { rank, step, refill } as Cursor<T>
  return (await refill()) ? cursor : undefined
}

const cutShort = (): BackupError =>
  new BackupError({
    code: 'corrupt',
    operation: 'spill',
    message: 'A temporary file of a sort was cut short while it was in use. Run again.',
  })
