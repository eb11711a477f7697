import type { BackupSource, KeyRange, ListOptions } from '../../source/backup-source.js'
import type { ObjectEntry } from '../../source/entry.js'
import { compareKeys } from '../../source/key.js'
import { broken } from './check.js'
import { manyObjects } from './content.js'
import type { ConformanceHarness } from './types.js'

/** What one way of listing gave: pages, or the error that it ended with. */
export type Listed = { readonly pages: readonly (readonly ObjectEntry[])[] } | { readonly error: unknown }

/** The large listing, in several ways. Made once: for a cloud, a place of thousands of objects is dear. */
export interface Listings {
  /** In canonical order. */
  readonly keys: readonly string[]
  readonly whole: Listed
  /** Only of sources in canonical order. */
  readonly after: ReadonlyMap<string, Listed>
  readonly ranges: readonly { readonly range: KeyRange; readonly listed: Listed }[]
  /** Two listings, a page of each by turns. */
  readonly byTurns: readonly Listed[]
}

export const recordListings = async (
  harness: ConformanceHarness,
  open: (content: ReturnType<typeof manyObjects>) => Promise<BackupSource>,
): Promise<Listings> => {
  const content = manyObjects(harness)
  const keys = content.map(({ key }) => key).sort(compareKeys)
  // More than is there must not become an endless listing: twice as many show every fault.
  const limit = keys.length * 2 + 10
  const source = await open(content)
  const at = (share: number): string => keys[Math.floor((keys.length - 1) * share)]!
  const whole = await record(source, {}, limit)
  const after = new Map<string, Listed>()
  if (harness.traits.keyOrder === 'utf8') {
    // Also keys that are not there: before all, between two, after all.
    for (const key of [at(0), at(0.4), at(0.8), at(1), '!', `${at(0.5)}!`, '~']) {
      after.set(key, await record(source, { after: key }, limit))
    }
  }
  const ranges: Listings['ranges'][number][] = []
  for (const range of [
    { from: at(0.3), to: at(0.6) },
    { from: at(0.9) },
    { to: at(0.1) },
    { from: at(0.5), to: at(0.5) },
  ]) {
    ranges.push({ range, listed: await record(source, { range }, limit) })
  }
  return { keys, whole, after, ranges, byTurns: await recordByTurns(source, limit) }
}

const record = async (source: BackupSource, options: ListOptions, limit: number): Promise<Listed> => {
  const pages: (readonly ObjectEntry[])[] = []
  let left = limit
  try {
    for await (const page of source.list(options)) {
      pages.push(page)
      left -= Math.max(1, page.length)
      if (left < 0) throw broken(`The listing goes on after ${limit} entries; there are not half as many.`)
    }
    return { pages }
  } catch (error) {
    return { error }
  }
}

const recordByTurns = async (source: BackupSource, limit: number): Promise<Listed[]> => {
  const iterators = [source.list(), source.list()].map((pages) => pages[Symbol.asyncIterator]())
  const found: (readonly ObjectEntry[])[][] = [[], []]
  try {
    for (let open = true, turn = 0; open && turn <= limit; turn++) {
      open = false
      for (const [i, iterator] of iterators.entries()) {
        const { done, value } = await iterator.next()
        if (done === true) continue
        open = true
        found[i]!.push(value)
      }
    }
    return found.map((pages) => ({ pages }))
  } catch (error) {
    return [{ error }]
  } finally {
    for (const iterator of iterators) await iterator.return?.()
  }
}

export const pagesOf = (listed: Listed): readonly (readonly ObjectEntry[])[] => {
  if ('error' in listed) throw listed.error
  return listed.pages
}
