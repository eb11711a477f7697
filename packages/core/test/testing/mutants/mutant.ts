import type { BackupSource, ListOptions, ObjectBody, ObjectEntry, SourceTraits } from '../../../src/source/index.js'
import type { ConformanceHarness, MemorySource, MemorySourceOptions } from '../../../src/testing/index.js'

/** A source that is wrong in one way, and the cases that say so. */
export interface Mutant {
  readonly name: string
  /** Exactly these cases fail. */
  readonly caught: readonly string[]
  readonly make: (memory: MemorySource) => BackupSource
  readonly options?: MemorySourceOptions | undefined
  readonly traits?: Partial<SourceTraits> | undefined
  readonly harness?: Partial<ConformanceHarness> | undefined
}

/** The wrong source: the memory source with some members replaced. */
export const but = (memory: BackupSource, members: Partial<BackupSource>): BackupSource => ({ ...memory, ...members })

/** The source with every entry changed, wherever it is told. */
export const withEntries = (memory: BackupSource, change: <E extends ObjectEntry>(entry: E) => E): BackupSource =>
  but(memory, {
    list: (options) => pages(memory, options, (page) => [page.map(change)]),
    stat: async (ref, options) => change(await memory.stat(ref, options)),
    read: async (ref, options) => {
      const opened = await memory.read(ref, options)
      return { ...opened, info: change(opened.info) }
    },
  })

/** The source with every page of its listings changed into pages. */
export const withPages = (memory: BackupSource, change: PageChange): BackupSource =>
  but(memory, { list: (options) => pages(memory, options, change) })

type PageChange = (page: readonly ObjectEntry[], index: number) => readonly (readonly ObjectEntry[])[]

async function* pages(
  memory: BackupSource,
  options: ListOptions | undefined,
  change: PageChange,
): AsyncGenerator<readonly ObjectEntry[]> {
  let index = 0
  for await (const page of memory.list(options)) yield* change(page, index++)
}

/** The source with every body changed. */
export const withBodies = (
  memory: BackupSource,
  change: (opened: ObjectBody, signal: AbortSignal | undefined) => AsyncIterable<Uint8Array>,
): BackupSource =>
  but(memory, {
    read: async (ref, options) => {
      const opened = await memory.read(ref, options)
      return { ...opened, body: change(opened, options?.signal) }
    },
  })
