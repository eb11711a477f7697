import { compareKeys } from '../source/key.js'
import { decodeJoinEntry, encodeJoinEntry, weighJoinEntry } from './join-entry-codec.js'
import type { JoinEntry, ListedEntry } from './row.js'
import { spillSort } from './spill-sort.js'

export interface LinkOptions {
  readonly signal: AbortSignal
  readonly tempDirectory?: string | undefined
}

/**
 * Gives entries that are hard links to other entries of the same listing (`linkTo`) what was read of those, in bounded
 * memory: every entry is sorted under the key whose bytes it has, links after the entry itself.
 */
export async function* resolveLinks(
  pages: AsyncIterable<readonly ListedEntry[]>,
  options: LinkOptions,
): AsyncGenerator<readonly ListedEntry[]> {
  const sorted = spillSort(underTargets(pages), {
    compare: byTarget,
    encode: encodeJoinEntry,
    decode: decodeJoinEntry,
    weigh: weighJoinEntry,
    signal: options.signal,
    ...(options.tempDirectory !== undefined && { tempDirectory: options.tempDirectory }),
  })
  let target: ListedEntry | undefined
  for await (const page of sorted) {
    const out: ListedEntry[] = []
    for (const { entry } of page) {
      if (entry.linkTo === undefined) {
        target = entry
        out.push(entry)
      } else {
        out.push(target?.key === entry.linkTo ? linked(entry, target) : dangling(entry))
      }
    }
    yield out
  }
}

async function* underTargets(pages: AsyncIterable<readonly ListedEntry[]>): AsyncGenerator<readonly JoinEntry[]> {
  for await (const page of pages) yield page.map((entry) => ({ key: entry.linkTo ?? entry.key, entry }))
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
