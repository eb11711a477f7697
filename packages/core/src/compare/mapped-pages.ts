import { BackupError } from '../errors.js'
import { inRange, inShard } from '../report/coverage.js'
import type { Shard } from '../report/report.js'
import type { KeyRange } from '../source/backup-source.js'
import type { ObjectEntry } from '../source/entry.js'
import { escapeKey } from '../source/key.js'
import type { CompiledFilter } from './filter.js'
import type { SideCount } from './join.js'
import type { KeyMapper } from './mapping.js'
import { hidesSubtree, type JoinEntry, type ListedEntry, type Party } from './row.js'
import { checkedEntry } from './told-entry.js'

export interface MappingOptions {
  readonly mapper: KeyMapper
  readonly filter: CompiledFilter
  readonly range?: KeyRange | undefined
  readonly shard?: Shard | undefined
  readonly count: SideCount
}

/** Whether a mapped key belongs to the part of the keys that a run looks at. */
const partOf = (range: KeyRange | undefined, shard: Shard | undefined): ((key: string) => boolean) =>
  range === undefined && shard === undefined
    ? () => true
    : (key) => (range === undefined || inRange(key, range)) && (shard === undefined || inShard(key, shard))

/** Whether the bytes of a key will be looked at: those of a sequential source are hashed before they are joined. */
export const wantedKeys = ({ mapper, filter, range, shard }: MappingOptions): ((key: string) => boolean) => {
  const inPart = partOf(range, shard)
  return (key) => {
    const result = mapper.map(key)
    return 'key' in result && filter.takes(result.key) && inPart(result.key)
  }
}

/** Entries under their mapped keys, without those that are left out, which are counted. */
export async function* mappedPages(
  party: Party,
  pages: AsyncIterable<readonly ListedEntry[]>,
  options: MappingOptions,
): AsyncGenerator<readonly JoinEntry[]> {
  const { mapper, filter, count, range, shard } = options
  const inPart = partOf(range, shard)
  const exclude = (key: string, why: string): void => {
    if (inPart(key)) count.excluded[why] = (count.excluded[why] ?? 0) + 1
  }
  for await (const page of pages) {
    const out: JoinEntry[] = []
    for (const entry of page) {
      // Only listings of versions hold delete markers, and a deleted object is not there.
      if (entry.kind === 'delete-marker') continue
      const hides = hidesSubtree(entry)
      const result = mapper.map(entry.key)
      if (hides && !(mapper.keepsPrefixes && 'key' in result)) throw hiddenByMapping(party, entry)
      if (!('key' in result)) {
        exclude(entry.key, result.excluded)
        continue
      }
      const { key } = result
      if (entry.excluded !== undefined) exclude(key, entry.excluded)
      else if (hides ? filter.excludesSubtree(key) : !filter.takes(key)) exclude(key, 'filter')
      else if (inPart(key)) {
        if (!hides) {
          count.objects += 1
          count.bytes += entry.size ?? 0
        }
        out.push({ key, entry: checkedEntry(entry) })
      } else if (hides) {
        out.push({ key, entry, silent: true })
      }
    }
    if (out.length > 0) yield out
  }
}

/** A mapping that does not keep prefixes could send what the entry hides anywhere: nothing can be called missing any more. */
const hiddenByMapping = (party: Party, entry: ObjectEntry): BackupError =>
  new BackupError({
    code: entry.problem?.code ?? 'access-denied',
    message: `${escapeKey(entry.key)} of ${party.source.uri} cannot be listed (${entry.problem?.message ?? 'unknown reason'}), and the key mapping hides which keys that concerns. Make it readable, or exclude it at the source.`,
    operation: 'list',
    subject: entry.key,
    retryable: false,
  })
