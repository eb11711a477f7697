import type { Meter } from '../run/meter.js'
import { spillSort } from '../run/spill-sort.js'
import { compareKeys } from '../source/key.js'
import { compareJoinEntries, decodeJoinEntry, encodeJoinEntry, weighJoinEntry } from './join-entry-codec.js'
import type { JoinEntry, ListedEntry } from './row.js'

export interface LinkOptions {
  readonly signal: AbortSignal
  readonly meter: Meter
  readonly tempDirectory?: string | undefined
}

/**
 * Entries in any order, in canonical key order, and those that are hard links to other entries of the same listing
 * (`linkTo`) with what was read of these. In bounded memory: every entry is sorted under the key whose bytes it has, links
 * after the entry itself; where there were links, the result is sorted once more.
 */
export async function* resolveLinks(
  pages: AsyncIterable<readonly ListedEntry[]>,
  options: LinkOptions,
): AsyncGenerator<readonly ListedEntry[]> {
  let links = 0
  const sort = (
    items: AsyncIterable<readonly JoinEntry[]>,
    compare: typeof byTarget,
  ): AsyncGenerator<readonly JoinEntry[]> =>
    spillSort(items, {
      compare,
      encode: encodeJoinEntry,
      decode: decodeJoinEntry,
      weigh: weighJoinEntry,
      window: WINDOW,
      signal: options.signal,
      onSpill: options.meter.spilled,
      ...(options.tempDirectory !== undefined && { tempDirectory: options.tempDirectory }),
    })
  const resolved = withTargets(
    sort(
      underTargets(pages, () => (links += 1)),
      byTarget,
    ),
  )
  try {
    // The sort has read everything before its first page: by then it is known whether there are links.
    const first = await resolved.next()
    if (first.done) return
    const all = startingWith(first.value, resolved)
    for await (const page of links === 0 ? all : sort(all, compareJoinEntries)) yield page.map(({ entry }) => entry)
  } finally {
    await resolved.return(undefined)
  }
}

/** Less than one sort alone would take: two of them, and the workers that read the other side, share the memory of a run. */
const WINDOW = 8 * 1024 * 1024

async function* startingWith<T>(first: T, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  yield first
  yield* rest
}

async function* withTargets(pages: AsyncIterable<readonly JoinEntry[]>): AsyncGenerator<readonly JoinEntry[]> {
  let target: ListedEntry | undefined
  for await (const page of pages) {
    yield page.map(({ entry }) => {
      if (entry.linkTo === undefined) target = entry
      const known = target?.key === entry.linkTo ? target : undefined
      const found = entry.linkTo === undefined ? entry : known === undefined ? dangling(entry) : linked(entry, known)
      return { key: entry.key, entry: found }
    })
  }
}

async function* underTargets(
  pages: AsyncIterable<readonly ListedEntry[]>,
  onLink: () => void,
): AsyncGenerator<readonly JoinEntry[]> {
  for await (const page of pages) {
    for (const { linkTo } of page) if (linkTo !== undefined) onLink()
    yield page.map((entry) => ({ key: entry.linkTo ?? entry.key, entry }))
  }
}

const byTarget = (a: JoinEntry, b: JoinEntry): number =>
  compareKeys(a.key, b.key) ||
  Number(a.entry.linkTo !== undefined) - Number(b.entry.linkTo !== undefined) ||
  compareKeys(a.entry.key, b.entry.key)

/** Nothing more was read for the link: its bytes are those of its target. */
const linked = (entry: ListedEntry, target: ListedEntry): ListedEntry => ({
  ...entry,
  kind: target.kind,
  ...(target.size !== undefined && { size: target.size }),
  ...(target.linkTarget !== undefined && { linkTarget: target.linkTarget }),
  ...(target.problem !== undefined && { problem: target.problem }),
  ...(target.scanned !== undefined && { scanned: { ...target.scanned, bytes: 0 } }),
})

const dangling = (entry: ListedEntry): ListedEntry => ({
  ...entry,
  problem: {
    code: 'corrupt',
    message: `It is a hard link to an entry that is not there: ${entry.linkTo}`,
    operation: 'scan',
    subject: entry.key,
  },
})
