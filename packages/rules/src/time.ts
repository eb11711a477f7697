/** Days in milliseconds. */
export const days = (count: number): number => count * 86_400_000

const DAY = days(1)

/** The last moment of the day of a time, in UTC. */
export const endOfDay = (time: number): number => Math.floor(time / DAY) * DAY + DAY - 1

/** The last moment that a time stands for: a date (midnight in UTC) stands for its whole day, any other for itself. */
export const lastOf = (time: number): number => (time % DAY === 0 ? endOfDay(time) : time)

/** Minutes in milliseconds. */
export const minutes = (count: number): number => count * 60_000

/** For `data` and evidence: ISO 8601, UTC. */
export const isoTime = (time: number): string => new Date(time).toISOString()

/** How far clocks of two systems may be apart. Source: the audit catalogue. */
export const CLOCK_SKEW = 300_000

/** Whether a time lies after the clock of the run, by more than clocks may be apart. */
export const isAhead = (time: number, now: number): boolean => time > now + CLOCK_SKEW

/** A span in days, rounded up to tenths: what is above a limit reads so. */
export const inDays = (span: number): number => Math.ceil(span / 8_640_000) / 10

/** A span in minutes, rounded up to tenths: what is above a limit reads so. */
export const inMinutes = (span: number): number => Math.ceil(span / 6_000) / 10

/** A span in hours, rounded up to tenths: what is above a limit reads so. */
export const inHours = (span: number): number => Math.ceil(span / 360_000) / 10
