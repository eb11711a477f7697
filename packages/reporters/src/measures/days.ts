/** Days that measures go back. */
export const DAYS = 400

const DAY = 86_400_000

/** `YYYY-MM-DD` in UTC. */
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10)

/** Whether something is of the last {@link DAYS} days. What lies ahead is not: a clock is wrong. */
export const isShown = (time: number, now: number): boolean => time <= now && time > now - DAYS * DAY
