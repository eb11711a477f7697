/** For reports: ISO 8601, UTC. */
export const isoTime = (time: number): string => new Date(time).toISOString()
