import { BackupError } from '../errors.js'
import type { KeyRange } from '../source/backup-source.js'
import { compareKeys, escapeKey, keyToBytes } from '../source/key.js'
import type { Coverage, Shard } from './report.js'

/** Whether `key` lies in the half-open range, in canonical key order. */
export const inRange = (key: string, range: KeyRange): boolean =>
  (range.from === undefined || compareKeys(key, range.from) >= 0) &&
  (range.to === undefined || compareKeys(key, range.to) < 0)

/** Whether `key` belongs to the shard: `keyHash(key) % count === index`. */
export const inShard = (key: string, shard: Shard): boolean => keyHash(key) % shard.count === shard.index

/**
 * The hash by which keys are dealt to shards; it never changes within report schema v1. FNV-1a with 32 bits over the
 * bytes of the key (http://www.isthe.com/chongo/tech/comp/fnv/), then the finalizer of MurmurHash3
 * (`fmix32`, Austin Appleby, public domain), because the low bits of FNV-1a alone deal similar keys unevenly.
 */
export const keyHash = (key: string): number => {
  let hash = FNV_OFFSET
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i)
    if (unit > 0x7f) return finish(fnv(keyToBytes(key)))
    hash = Math.imul(hash ^ unit, FNV_PRIME)
  }
  return finish(hash)
}

const FNV_OFFSET = 0x811c9dc5 | 0
const FNV_PRIME = 0x01000193

const fnv = (bytes: Uint8Array): number => {
  let hash = FNV_OFFSET
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i]!, FNV_PRIME)
  return hash
}

const finish = (hash: number): number => {
  let h = hash
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/**
 * The piece as it stands in results: without members that mean "all" (a shard 0 of 1, open ends). Throws
 * `invalid-config` for an empty range (`from` not before `to`) and for a shard that is not `0 <= index < count`.
 */
export const validateCoverage = (coverage: Coverage): Coverage => {
  const { range, shard } = coverage
  if (range?.from !== undefined && range.to !== undefined && compareKeys(range.from, range.to) >= 0) {
    throw invalid(
      `The key range from "${escapeKey(range.from)}" to "${escapeKey(range.to)}" is empty: "from" must come before "to" in the order of their UTF-8 bytes.`,
    )
  }
  if (range?.to === '')
    throw invalid('The key range ends at the empty key, before every key: leave "to" out for an open end.')
  if (
    shard !== undefined &&
    !(
      Number.isSafeInteger(shard.count) &&
      Number.isSafeInteger(shard.index) &&
      shard.index >= 0 &&
      shard.index < shard.count
    )
  ) {
    throw invalid(
      `There is no shard ${shard.index} of ${shard.count}: the index goes from 0 to one less than the count.`,
    )
  }
  const from = range?.from === '' ? undefined : range?.from
  const to = range?.to
  return {
    ...((from !== undefined || to !== undefined) && {
      range: { ...(from !== undefined && { from }), ...(to !== undefined && { to }) },
    }),
    ...(shard !== undefined && shard.count > 1 && { shard: { index: shard.index, count: shard.count } }),
  }
}

const invalid = (message: string): BackupError => new BackupError({ code: 'invalid-config', message })

/**
 * Whether two pieces can have a key in common. Shards of different counts count as overlapping: whether two hash
 * classes meet among real keys cannot be told from their numbers.
 */
export const overlaps = (a: Coverage, b: Coverage): boolean =>
  rangesMeet(a.range, b.range) && shardsMeet(a.shard, b.shard)

const rangesMeet = (a: KeyRange = {}, b: KeyRange = {}): boolean => startsBefore(a, b) && startsBefore(b, a)

/** Whether `a` starts before `b` ends. */
const startsBefore = (a: KeyRange, b: KeyRange): boolean => b.to === undefined || compareKeys(a.from ?? '', b.to) < 0

const shardsMeet = (a: Shard | undefined, b: Shard | undefined): boolean =>
  a === undefined || b === undefined || a.count !== b.count || a.index === b.index

/** A fixed order of pieces: by start of the range, then its end, then the shard. Open ends first and last. */
export const compareCoverage = (a: Coverage, b: Coverage): number =>
  compareKeys(a.range?.from ?? '', b.range?.from ?? '') ||
  compareEnds(a.range?.to, b.range?.to) ||
  (a.shard?.count ?? 1) - (b.shard?.count ?? 1) ||
  (a.shard?.index ?? 0) - (b.shard?.index ?? 0)

const compareEnds = (a: string | undefined, b: string | undefined): number =>
  a === b ? 0 : a === undefined ? 1 : b === undefined ? -1 : compareKeys(a, b)

/** Whether pieces that do not overlap make up the whole key space: for every stretch of keys, one piece or all shards of one count. */
export const coversEverything = (pieces: readonly Coverage[]): boolean => {
  const starts = [...new Set(['', ...pieces.flatMap(({ range }) => [range?.from ?? '', range?.to ?? ''])])].sort(
    compareKeys,
  )
  return starts.every((start) => {
    // A stretch runs from one boundary to the next, so what holds for its first key holds for all.
    const here = pieces.filter(({ range }) => range === undefined || inRange(start, range))
    if (here.some(({ shard }) => shard === undefined)) return true
    const counts = new Set(here.map(({ shard }) => shard!.count))
    return [...counts].some(
      (count) =>
        new Set(here.filter(({ shard }) => shard!.count === count).map(({ shard }) => shard!.index)).size === count,
    )
  })
}
