import { type Dirent, lstatSync, opendirSync, readdirSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { spillSort } from '@backproof/core/compare'
import { errnoOf } from './errors.js'
import { reach } from './long-path.js'

/**
 * The name that an item of a directory is sorted by, one byte a character: `name`, or `name/` for a directory.
 * `undefined` leaves it out.
 */
export type SortName = (name: string, type: FileType) => string | undefined

/** The part of `Dirent` and `Stats` that sorting needs. */
export type FileType = Pick<Dirent, 'isDirectory' | 'isSymbolicLink'>

export interface ReadNamesOptions {
  readonly sortName: SortName
  /** Names held in memory; a directory with more is sorted on disk. */
  readonly window: number
  readonly tempDirectory: string | undefined
  readonly signal: AbortSignal | undefined
}

/** Sorted names. Those in memory are taken synchronously. */
export interface Names {
  /** How many names this holds in memory. */
  readonly held: number
  /** The next name in memory. */
  next(): string | undefined
  /** Brings more names into memory; false at the end. */
  fill(): Promise<boolean>
  close(): Promise<void>
}

/** Names read between two turns of the event loop. */
const PAGE = 8_192
/** Names fetched by one call of the binding. */
const BUFFER = 1_024

/**
 * The names of a directory in the order of their bytes. `directory` is its path, one byte a character. Memory: at most
 * `window` names. Throws the system's error when the directory cannot be opened or read to its end.
 */
export const readNames = async (directory: string, options: ReadNamesOptions): Promise<Names> => {
  try {
    return await collect(typedNames(directory, options.sortName), options)
  } catch (error) {
    if (!isUntyped(error)) throw error
    return collect(untypedNames(directory, options.sortName), options)
  }
}

/**
 * Whether the file system has no types in its directories. Node then asks for each by a path of its own, which is wrong
 * for a name that is not ASCII (`lstat` fails) and impossible for a directory given in bytes.
 */
const isUntyped = (error: unknown): boolean => {
  if (typeof error !== 'object' || error === null) return false
  const { syscall, code } = error as { readonly syscall?: unknown; readonly code?: unknown }
  return syscall === 'lstat' || code === 'ERR_INVALID_ARG_TYPE'
}

/** Pages of names, with the types that the directory itself tells. */
export function* typedNames(path: string, sortName: SortName): Generator<readonly string[]> {
  const directory = reach(path, (kernel) => opendirSync(kernel, { encoding: 'latin1', bufferSize: BUFFER }))
  try {
    let page: string[] = []
    let seen = 0
    for (let item = directory.readSync(); item !== null; item = directory.readSync()) {
      const name = sortName(item.name, item)
      if (name !== undefined) page.push(name)
      if (++seen % PAGE > 0) continue
      yield page
      page = []
    }
    yield page
  } finally {
    directory.closeSync()
  }
}

/** Pages of names, with types from one `lstat` each. Holds all names in memory: for old file systems only. */
export function* untypedNames(path: string, sortName: SortName): Generator<readonly string[]> {
  const all = reach(path, (kernel) => readdirSync(kernel, { encoding: 'latin1' }))
  const prefix = path.endsWith('/') ? path : `${path}/`
  for (let at = 0; at < all.length; at += PAGE) {
    const page: string[] = []
    for (const name of all.slice(at, at + PAGE)) {
      const type = typeOf(prefix + name)
      const sorted = type === undefined ? undefined : sortName(name, type)
      if (sorted !== undefined) page.push(sorted)
    }
    yield page
  }
}

/** `undefined` when it is gone. What cannot be looked at counts as a file here; listing it tells why. */
const typeOf = (path: string): FileType | undefined => {
  try {
    return reach(path, (kernel) => lstatSync(kernel, { throwIfNoEntry: false }))
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return UNKNOWN
  }
}

const UNKNOWN: FileType = { isDirectory: () => false, isSymbolicLink: () => false }

const collect = async (pages: Generator<readonly string[]>, options: ReadNamesOptions): Promise<Names> => {
  let names: string[] = []
  let first = true
  try {
    for (const page of pages) {
      if (!first) await turn()
      first = false
      options.signal?.throwIfAborted()
      names = names.length === 0 ? [...page] : names.concat(page)
      if (names.length > options.window) return await sortedOnDisk(names, pages, options)
    }
  } finally {
    pages.return(undefined)
  }
  return inMemory(names.sort())
}

const inMemory = (names: readonly string[]): Names => {
  let at = 0
  return {
    held: names.length,
    next: () => names[at++],
    fill: async () => false,
    close: async () => undefined,
  }
}

const sortedOnDisk = async (
  first: readonly string[],
  rest: Generator<readonly string[]>,
  { window, tempDirectory, signal }: ReadNamesOptions,
): Promise<Names> => {
  const sorted = spillSort(allPages(first, rest), {
    compare: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
    encode: (name) => JSON.stringify(name),
    decode: (line) => JSON.parse(line) as string,
    weigh: () => 1,
    window,
    tempDirectory,
    signal,
  })
  let page: readonly string[] = []
  let at = 0
  const fill = async (): Promise<boolean> => {
    const { done, value } = await sorted.next()
    if (done) return false
    page = value
    at = 0
    return true
  }
  // Reads the directory to its end, so that its errors show before the first name does.
  await fill()
  return {
    held: 0,
    next: () => page[at++],
    fill,
    close: async () => {
      await sorted.return(undefined)
    },
  }
}

async function* allPages(
  first: readonly string[],
  rest: Generator<readonly string[]>,
): AsyncGenerator<readonly string[]> {
  yield first
  for (const page of rest) {
    await turn()
    yield page
  }
}
