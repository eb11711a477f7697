/** Counters of a run's telemetry. */
export interface Meter {
  /** A call to a source. */
  readonly request: (kind: string) => void
  /** A request that a source says it made to its service. */
  readonly operation: (name: string) => void
  readonly retry: () => void
  readonly spilled: (entries: number) => void
  readonly read: (bytes: number) => void
  /** An object was read because asking about it would not have been cheaper. */
  readonly readInstead: () => void
  readonly snapshot: () => MeterSnapshot
}

export interface MeterSnapshot {
  readonly requests: Readonly<Record<string, number>>
  readonly operations: Readonly<Record<string, number>>
  readonly retries: number
  readonly spilledEntries: number
  readonly bytesRead: number
  readonly readInstead: number
}

export const createMeter = (): Meter => {
  const requests: Record<string, number> = {}
  const operations: Record<string, number> = {}
  let retries = 0
  let spilledEntries = 0
  let bytesRead = 0
  let readInstead = 0
  return {
    request: (kind) => {
      requests[kind] = (requests[kind] ?? 0) + 1
    },
    operation: (name) => {
      operations[name] = (operations[name] ?? 0) + 1
    },
    retry: () => {
      retries += 1
    },
    spilled: (entries) => {
      spilledEntries += entries
    },
    read: (bytes) => {
      bytesRead += bytes
    },
    readInstead: () => {
      readInstead += 1
    },
    snapshot: () => ({
      requests: { ...requests },
      operations: { ...operations },
      retries,
      spilledEntries,
      bytesRead,
      readInstead,
    }),
  }
}
