import { BackupError } from '../errors.js'
import { untilAborted } from './abort.js'
import { mergeRuns, type Run, type RunReader } from './spill-merge.js'
import { createSpillStore, type SpillStore } from './spill-store.js'

export interface SpillSortOptions<T> {
  readonly compare: (a: T, b: T) => number
  /** One line of text without a newline and without lone surrogates; `JSON.stringify` gives that. */
  readonly encode: (item: T) => string
  readonly decode: (line: string) => T
  /** Estimated bytes of memory of one item. Default: 200 + 2 for each character of `encode(item)`; a cheaper guess saves encoding twice. */
  readonly weigh?: ((item: T) => number) | undefined
  /** Memory for items before they are spilled, estimated bytes. Default 48 MiB. */
  readonly window?: number | undefined
  /** Items in a page of the result. Default 1,000. */
  readonly pageSize?: number | undefined
  /** Where the spill file goes. Default: `os.tmpdir()`. */
  readonly tempDirectory?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** Called with the number of items each time that items are moved to disk. */
  readonly onSpill?: ((items: number) => void) | undefined
}

const WINDOW = 48 * 1024 * 1024
const PAGE_SIZE = 1_000
/** The part of the window that holds items as objects. The rest holds sorted runs as bytes, a third of the size. */
const BATCH_PART = 1 / 8
/** Runs merged at once. */
const FAN_IN = 256
const BLOCK_CHARACTERS = 64 * 1024

/**
 * Sorts pages of anything with bounded memory, stably. A batch of items is sorted and becomes a run of lines; runs
 * stay in memory up to the window, then go to one temporary file (see `openSpillFile`); all runs are merged at the end.
 * The file is gone on every exit: the end, an early return, an error of `pages`, an abort.
 *
 * Rejects with `signal.reason` on abort, with what `pages` throws, and with `unavailable` (not retryable) when the
 * disk is full.
 */
export async function* spillSort<T>(
  pages: AsyncIterable<readonly T[]>,
  options: SpillSortOptions<T>,
): AsyncGenerator<readonly T[]> {
  const { compare, encode, decode, signal, onSpill } = options
  const weigh = options.weigh ?? ((item: T): number => 200 + 2 * encode(item).length)
  const window = positive('window', options.window ?? WINDOW)
  const pageSize = positive('pageSize', options.pageSize ?? PAGE_SIZE)
  const batchWeight = window * BATCH_PART
  const store = createSpillStore(window - batchWeight, options.tempDirectory)
  const write = createRunWriter(store, encode, signal)
  const reader: RunReader<T> = { store, decode, compare, pageSize, signal }
  try {
    const runs: Run[] = []
    let batch: T[] = []
    let weight = 0
    let unspilled = 0
    for await (const page of untilAborted(pages, signal)) {
      for (const item of page) {
        batch.push(item)
        weight += weigh(item)
        if (weight < batchWeight) continue
        runs.push(await write([batch.sort(compare)]))
        unspilled += batch.length
        batch = []
        weight = 0
        if (!(await store.settle())) continue
        onSpill?.(unspilled)
        unspilled = 0
      }
    }
    batch.sort(compare)
    if (runs.length === 0) {
      for (let at = 0; at < batch.length; at += pageSize) {
        signal?.throwIfAborted()
        yield batch.slice(at, at + pageSize)
      }
      return
    }
    if (batch.length > 0) runs.push(await write([batch]))
    batch = []
    yield* mergeRuns(await fewerRuns(runs, write, reader), reader)
  } finally {
    await store.close()
  }
}

const positive = (name: string, value: number): number => {
  if (value >= 1 && Number.isFinite(value)) return Math.floor(value)
  throw new BackupError({
    code: 'invalid-config',
    message: `The option ${name} is ${value}; it must be a number from 1.`,
  })
}

type RunWriter<T> = (pages: Iterable<readonly T[]> | AsyncIterable<readonly T[]>) => Promise<Run>

const createRunWriter = <T>(
  store: SpillStore,
  encode: (item: T) => string,
  signal: AbortSignal | undefined,
): RunWriter<T> => {
  const encoder = new TextEncoder()
  let scratch = new Uint8Array(0)
  const put = (lines: readonly string[], characters: number): void => {
    signal?.throwIfAborted()
    const text = `${lines.join('\n')}\n`
    if (!text.isWellFormed()) throw unfit('a lone surrogate')
    if (scratch.length < characters * 3) scratch = new Uint8Array(characters * 3)
    store.append(scratch.subarray(0, encoder.encodeInto(text, scratch).written))
  }
  return async (pages) => {
    const start = store.size()
    let lines: string[] = []
    let characters = 0
    for await (const page of pages) {
      for (const item of page) {
        const line = encode(item)
        if (line.includes('\n')) throw unfit('a newline')
        lines.push(line)
        characters += line.length + 1
        if (characters < BLOCK_CHARACTERS) continue
        put(lines, characters)
        lines = []
        characters = 0
      }
    }
    if (characters > 0) put(lines, characters)
    return { start, end: store.size() }
  }
}

const unfit = (what: string): BackupError =>
  new BackupError({
    code: 'internal',
    message: `A line to be spilled holds ${what}: the encoder given to spillSort is wrong.`,
  })

/** Merges neighbouring runs until one merge can take the rest; no more than needed is written again. */
const fewerRuns = async <T>(
  runs: readonly Run[],
  write: RunWriter<T>,
  reader: RunReader<T>,
): Promise<readonly Run[]> => {
  const left = [...runs]
  let at = 0
  while (left.length > FAN_IN) {
    const count = Math.min(FAN_IN, left.length - FAN_IN + 1, left.length - at)
    if (count < 2) {
      at = 0
      continue
    }
    left.splice(at, count, await write(settling(mergeRuns(left.slice(at, at + count), reader), reader.store)))
    at += 1
  }
  return left
}

/** Keeps what is written meanwhile within the store's memory. */
async function* settling<T>(pages: AsyncIterable<T>, store: SpillStore): AsyncGenerator<T> {
  for await (const page of pages) {
    await store.settle()
    yield page
  }
}
