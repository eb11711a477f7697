/** Counters of a run's telemetry. */
export interface Meter {
  readonly request: (kind: string) => void
  readonly retry: () => void
  readonly spilled: (entries: number) => void
  readonly read: (bytes: number) => void
  readonly snapshot: () => MeterSnapshot
}

export interface MeterSnapshot {
  readonly requests: Readonly<Record<string, number>>
  readonly retries: number
  readonly spilledEntries: number
  readonly bytesRead: number
}

export const createMeter = (): Meter => {
  const requests: Record<string, number> = {}
  let retries = 0
  let spilledEntries = 0
  let bytesRead = 0
  return {
    request: (kind) => {
      requests[kind] = (requests[kind] ?? 0) + 1
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
    snapshot: () => ({ requests: { ...requests }, retries, spilledEntries, bytesRead }),
  }
}
