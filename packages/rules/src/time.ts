/** Days in milliseconds. */
export const days = (count: number): number => count * 86_400_000

/** Minutes in milliseconds. */
export const minutes = (count: number): number => count * 60_000

/** For `data` and evidence: ISO 8601, UTC. */
export const isoTime = (time: number): string => new Date(time).toISOString()
