/** Whether it is a time that a date can have, in milliseconds since 1970. */
export const isTime = (time: unknown): time is number => typeof time === 'number' && Math.abs(time) <= 8.64e15

/** For reports: ISO 8601, UTC. */
export const isoTime = (time: number): string => new Date(time).toISOString()
