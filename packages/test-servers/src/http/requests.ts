/** A request that was answered, or broken by a fault. */
export interface RequestLogEntry {
  readonly operation: string
  /** On Azure the container. */
  readonly bucket: string
  readonly key: string
  /** HTTP status; 0 where the connection was reset before an answer. */
  readonly status: number
}

/** Which requests came. */
export interface RequestCounters {
  /** How many requests of that operation, for example `HeadObject`. */
  count(operation: string): number
  /** All that came, by operation. */
  counts(): Readonly<Record<string, number>>
  /** Sum over all operations. */
  total(): number
  /** In the order in which they were answered. */
  log(): readonly RequestLogEntry[]
  /** Forgets counts and log. */
  reset(): void
}

export interface RequestRecorder extends RequestCounters {
  /** A request came; how many of its operation there are now. */
  arrived(operation: string): number
  answered(entry: RequestLogEntry): void
}

export const createRecorder = (): RequestRecorder => {
  const byOperation = new Map<string, number>()
  const entries: RequestLogEntry[] = []
  return {
    count: (operation) => byOperation.get(operation) ?? 0,
    counts: () => Object.fromEntries(byOperation),
    total: () => [...byOperation.values()].reduce((sum, count) => sum + count, 0),
    log: () => [...entries],
    reset: () => {
      byOperation.clear()
      entries.length = 0
    },
    arrived: (operation) => {
      const count = (byOperation.get(operation) ?? 0) + 1
      byOperation.set(operation, count)
      return count
    },
    answered: (entry) => {
      entries.push(entry)
    },
  }
}
