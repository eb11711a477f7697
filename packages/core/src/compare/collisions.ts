import { comparable } from '../evidence/digest-worth.js'
import type { ObjectEntry } from '../source/entry.js'
import type { JoinEntry } from './row.js'

const MOST_COLLIDING = 10

interface Held {
  item: JoinEntry
  colliding: string[] | undefined
}

/** Joins neighbours of the same mapped key into one entry that names them all (at most the first ten). */
export async function* gatherCollisions(
  pages: AsyncIterable<readonly JoinEntry[]>,
  isList: boolean,
): AsyncGenerator<readonly JoinEntry[]> {
  let held: Held | undefined
  for await (const page of pages) {
    const out: JoinEntry[] = []
    for (const item of page) {
      if (held !== undefined && held.item.key === item.key) {
        gather(held, item, isList)
      } else {
        if (held !== undefined) out.push(released(held))
        held = { item, colliding: undefined }
      }
    }
    if (out.length > 0) yield out
  }
  if (held !== undefined) yield [released(held)]
}

const gather = (held: Held, item: JoinEntry, isList: boolean): void => {
  const merged = isList && held.colliding === undefined ? mergeLines(held.item.entry, item.entry) : undefined
  if (merged !== undefined) {
    held.item = { ...held.item, entry: merged }
    return
  }
  held.colliding ??= [held.item.entry.key]
  if (held.colliding.length < MOST_COLLIDING) held.colliding.push(item.entry.key)
}

/** A list without bytes may name one object in several lines, one for each digest; `undefined` when they contradict each other. */
const mergeLines = (a: ObjectEntry, b: ObjectEntry): ObjectEntry | undefined => {
  if (a.key !== b.key || a.kind !== b.kind || a.size !== b.size || a.version !== b.version) return undefined
  const digests = [...(a.digests ?? [])]
  for (const digest of b.digests ?? []) {
    const same = digests.find((known) => known.algorithm === digest.algorithm)
    if (same === undefined) digests.push(digest)
    else if (!comparable(same, digest) || same.value !== digest.value) return undefined
  }
  return { ...a, digests }
}

const released = (held: Held): JoinEntry =>
  held.colliding === undefined ? held.item : { ...held.item, colliding: held.colliding }
