/** Ranks with sizes, of which the greatest rank leaves first. */
export interface BottomHeap {
  readonly count: () => number
  /** Sum of the sizes in here. */
  readonly total: () => number
  readonly push: (rank: number, size: number) => void
  /** Takes out the entry of the greatest rank, and gives that rank. The heap must not be empty. */
  readonly popGreatest: () => number
  /** The rank at `index` of all ranks sorted upwards. Ends the use of the heap. */
  readonly rankAt: (index: number) => number
}

/** A binary heap in two arrays of numbers, 16 bytes an entry; room grows by doubling. */
export const createBottomHeap = (): BottomHeap => {
  let ranks = new Float64Array(64)
  let sizes = new Float64Array(64)
  let count = 0
  let total = 0

  const grow = (): void => {
    const [oldRanks, oldSizes] = [ranks, sizes]
    ranks = new Float64Array(count * 2)
    sizes = new Float64Array(count * 2)
    ranks.set(oldRanks)
    sizes.set(oldSizes)
  }
  const put = (at: number, rank: number, size: number): void => {
    ranks[at] = rank
    sizes[at] = size
  }
  return {
    count: () => count,
    total: () => total,
    push: (rank, size) => {
      if (count === ranks.length) grow()
      let at = count
      count += 1
      total += size
      while (at > 0) {
        const above = (at - 1) >> 1
        if (ranks[above]! >= rank) break
        put(at, ranks[above]!, sizes[above]!)
        at = above
      }
      put(at, rank, size)
    },
    popGreatest: () => {
      const greatest = ranks[0]!
      total -= sizes[0]!
      count -= 1
      const [rank, size] = [ranks[count]!, sizes[count]!]
      let at = 0
      for (;;) {
        let below = 2 * at + 1
        if (below >= count) break
        if (below + 1 < count && ranks[below + 1]! > ranks[below]!) below += 1
        if (ranks[below]! <= rank) break
        put(at, ranks[below]!, sizes[below]!)
        at = below
      }
      put(at, rank, size)
      return greatest
    },
    rankAt: (index) => ranks.subarray(0, count).sort()[index]!,
  }
}
