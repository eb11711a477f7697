/** The last `size` items that were pushed. */
export interface Ring<T> {
  push(item: T): void
  /** Oldest first. */
  items(): readonly T[]
  /** How many were ever pushed. */
  readonly pushed: number
}

export const ring = <T>(size: number): Ring<T> => {
  const kept: T[] = []
  let pushed = 0
  return {
    push: (item) => {
      kept[pushed % size] = item
      pushed += 1
    },
    items: () => {
      const oldest = pushed % size
      return pushed <= size ? kept.slice() : [...kept.slice(oldest), ...kept.slice(0, oldest)]
    },
    get pushed() {
      return pushed
    },
  }
}
