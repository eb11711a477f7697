import { spillSort } from '../run/spill-sort.js'
import { compareKeys } from '../source/key.js'
import type { PointContent, PointContents } from './point-contents.js'
import type { PointPart } from './point-parts.js'
import { comparePoints } from './point-parts-merge.js'

/** Both come out of one walk over a listing, and go through one sort. */
export type PointItem = PointContent | PointPart

/** Bytes of a point that repeat. Plain JSON: it is spilled. */
type Repeat = Pick<PointContent, 'asset' | 'created' | 'id'> & { readonly bytes: number }

const isContent = (item: PointItem): item is PointContent => 'content' in item

/** Contents first, equal ones beside each other, those of the oldest point in front; then the parts of points in their order. */
export const compareItems = (a: PointItem, b: PointItem): number => {
  if (!isContent(a)) return isContent(b) ? 1 : comparePoints(a, b)
  if (!isContent(b)) return -1
  if (a.content !== b.content) return a.content < b.content ? -1 : 1
  return a.size - b.size || a.created - b.created || compareKeys(a.asset, b.asset) || compareKeys(a.id, b.id)
}

/** Bytes that one takes in memory, about. */
export const weighItem = ({ id, asset }: { readonly id: string; readonly asset: string }): number =>
  450 + 2 * (id.length + asset.length)

export interface CountOptions {
  /** Asked when the listing has ended. */
  readonly contents: PointContents
  readonly tempDirectory: string | undefined
  readonly signal: AbortSignal
}

/**
 * The parts of sorted items, in which those of each point tell together how many of its bytes repeat: of objects with equal content
 * all but one do, and that one is of the oldest point; of points of the same time, of the one whose asset and id come first. Parts
 * tell nothing where not all contents are known. Holds two sorts, whatever their length.
 */
export async function* countDuplicates(
  sorted: AsyncGenerator<readonly PointItem[]>,
  { contents, tempDirectory, signal }: CountOptions,
): AsyncGenerator<readonly PointPart[]> {
  const tail: { parts?: readonly PointPart[] | undefined } = {}
  /** Takes contents off `sorted` up to the first part of a point. */
  async function* repeats(): AsyncGenerator<readonly Repeat[]> {
    let first: PointContent | undefined
    for (;;) {
      const { done, value } = await sorted.next()
      if (done) return
      const found: Repeat[] = []
      for (const item of value) {
        if (!isContent(item)) break
        const { asset, created, id, size } = item
        if (first?.content === item.content && first.size === size) found.push({ asset, created, id, bytes: size })
        else first = item
      }
      if (contents.known()) yield found
      const rest = value.filter((item): item is PointPart => !isContent(item))
      if (rest.length === 0) continue
      tail.parts = rest
      return
    }
  }
  const repeated = spillSort(repeats(), {
    compare: comparePoints,
    encode: (one) => JSON.stringify(one),
    decode: (line) => JSON.parse(line) as Repeat,
    weigh: weighItem,
    tempDirectory,
    signal,
  })
  try {
    let page: readonly Repeat[] = []
    let at = 0
    const next = async (): Promise<Repeat | undefined> => {
      while (at === page.length) {
        const { done, value } = await repeated.next()
        if (done) return undefined
        page = value
        at = 0
      }
      return page[at]
    }
    // Reads all contents: from here on it is known whether they are.
    let repeat = await next()
    for (let { parts } = tail; parts !== undefined; ) {
      if (contents.known()) {
        for (const part of parts) {
          part.duplicateBytes = 0
          while (repeat !== undefined && comparePoints(repeat, part) === 0) {
            part.duplicateBytes += repeat.bytes
            at += 1
            repeat = at < page.length ? page[at] : await next()
          }
        }
      }
      yield parts
      const { done, value } = await sorted.next()
      parts = done ? undefined : (value as readonly PointPart[])
    }
  } finally {
    await repeated.return(undefined)
    await sorted.return(undefined)
  }
}
