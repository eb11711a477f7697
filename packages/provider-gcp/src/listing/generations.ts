import { keyFields } from '@backproof/core/object-store'
import type { ObjectEntry } from '@backproof/core/source'
import { type GcsRef, readRef } from '../entry.js'

/** How many generations of one key are held at most; more of them come in blocks of so many. */
const MOST = 10_000

/**
 * The service lists the generations of a key from the oldest on; here the newest comes first. A key whose newest generation was
 * replaced by none (there is no present one) is deleted: it begins with a delete marker, of the time at which that happened.
 */
export async function* newestFirst(
  pages: AsyncIterable<readonly ObjectEntry[]>,
): AsyncGenerator<readonly ObjectEntry[], void, void> {
  let held: ObjectEntry[] = []
  for await (const page of pages) {
    const out: ObjectEntry[] = []
    for (const entry of page) {
      const last = held.at(-1)
      if (last !== undefined && last.key !== entry.key) {
        out.push(...group(held, true))
        held = []
      } else if (held.length >= MOST) {
        out.push(...group(held, false))
        held = []
      }
      held.push(entry)
    }
    if (out.length > 0) yield out
  }
  if (held.length > 0) yield group(held, true)
}

const group = (held: readonly ObjectEntry[], complete: boolean): readonly ObjectEntry[] => {
  const entries = [...held].sort(byGeneration)
  const [newest] = entries
  if (!complete || newest === undefined || newest.kind !== 'object') return entries
  const live = entries.some(({ ref }) => readRef(ref).replaced === undefined)
  return live ? entries : [markerOf(newest), ...entries]
}

/** Generations grow with time. */
const byGeneration = (a: ObjectEntry, b: ObjectEntry): number => {
  const [one, other] = [BigInt(a.version ?? 0), BigInt(b.version ?? 0)]
  return one === other ? 0 : one > other ? -1 : 1
}

const markerOf = ({ ref }: ObjectEntry): ObjectEntry => {
  const { key, replaced } = readRef(ref)
  const marker: GcsRef = { key }
  return {
    ...keyFields(key),
    ref: marker,
    kind: 'delete-marker',
    ...(replaced !== undefined && { modified: replaced }),
  }
}
