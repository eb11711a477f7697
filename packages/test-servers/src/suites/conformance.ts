import { isDeepStrictEqual } from 'node:util'
import type { BackupSource, SourceTraits } from '@backproof/core/source'
import {
  type ConformanceHarness,
  type ConformanceObject,
  conformanceCaseNames,
  registerConformance,
  sourceConformance,
  type TestRunner,
} from '@backproof/core/testing'

/** A bucket, or a prefix of one, as the conformance kit looks at it. */
export interface ConformancePlace {
  /** As titles name it: `a prefix of a versioned bucket of ...`. */
  readonly title: string
  /** Before every key. */
  readonly prefix: string
  readonly traits: SourceTraits
  readonly manyObjects: number
  /** What must be in no message. */
  readonly secrets: readonly string[]
  /** Cases that cannot be asked here, by the beginning of their names, besides those of no object store; with the reason. */
  readonly skipped: Readonly<Record<string, string>>
  /** Why there can be no such name, prefix included; `undefined` for one that there can be. */
  refuses(name: string): string | undefined
  /** A bucket of its own. */
  create(): Promise<ConformanceBucket>
}

export interface ConformanceBucket {
  /** A source of it, of its own. */
  open(): BackupSource
  put(name: string, bytes: Uint8Array): Promise<unknown>
  /** Deletes it in such a way that nothing of it can be read any more. */
  remove(name: string): void | Promise<void>
  close(): Promise<void>
}

/** What no object store can be asked; everything else must not be skipped. */
const OF_NO_STORE = [
  'scan-',
  'abort-scan',
  'release-scan',
  'dispose-during-scan',
  'local-file',
  'read-impossible',
  'list-links',
  'key-bytes',
]

/** How many objects are stored at once. */
const AT_ONCE = 32

/** Registers the cases of the conformance kit for a place. */
export const storeConformance = (place: ConformancePlace, runner: TestRunner): void =>
  registerConformance(sourceConformance(harnessOf(place)), runner, place.title)

const harnessOf = (place: ConformancePlace): ConformanceHarness => {
  const { prefix, skipped } = place
  let bucket: ConformanceBucket | undefined
  // Thousands of objects, which several cases only list, are put once: their bucket goes with the server.
  let kept: { readonly content: readonly ConformanceObject[]; readonly bucket: ConformanceBucket } | undefined
  const opened = (): ConformanceBucket => {
    if (bucket === undefined) throw new Error('No bucket is open.')
    return bucket
  }
  /** The open bucket, to be changed: what it was kept for is no longer true. */
  const changed = (): ConformanceBucket => {
    const open = opened()
    if (kept?.bucket === open) kept = undefined
    return open
  }
  // Where a prefix stands before it, the longest key is too long.
  const more = [...OF_NO_STORE, ...Object.keys(skipped), ...(prefix === '' ? [] : ['key-long-path'])]
  const isSkipped = new RegExp(`^(?:${more.join('|')})`)
  return {
    traits: place.traits,
    manyObjects: place.manyObjects,
    offers: ['dispose', 'preflight'],
    required: conformanceCaseNames.filter((name) => !isSkipped.test(name)),
    secrets: place.secrets,
    open: async (content) => {
      if (kept !== undefined && isDeepStrictEqual(kept.content, content)) {
        bucket = kept.bucket
        return bucket.open()
      }
      const created = await place.create()
      bucket = created
      await inBatches(content, AT_ONCE, ({ key, bytes }) => created.put(prefix + key, bytes))
      if (content.length >= place.manyObjects) kept ??= { content, bucket: created }
      return created.open()
    },
    replace: async (key, bytes) => {
      await changed().put(prefix + key, bytes)
    },
    remove: async (key) => {
      await changed().remove(prefix + key)
    },
    close: async () => {
      const closing = bucket
      bucket = undefined
      if (closing !== kept?.bucket) await closing?.close()
    },
    canHold: ({ key, linkTarget }) => {
      if (linkTarget !== undefined) return 'a bucket has no links'
      if (!key.isWellFormed()) return 'names of object stores are UTF-8'
      return place.refuses(prefix + key) ?? true
    },
  }
}

/** Does something with all items, some at once. */
export const inBatches = async <T>(
  items: readonly T[],
  size: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> => {
  for (let at = 0; at < items.length; at += size) await Promise.all(items.slice(at, at + size).map(work))
}
