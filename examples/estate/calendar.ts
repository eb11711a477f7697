export const MINUTE = 60_000
export const HOUR: number = 60 * MINUTE
export const DAY: number = 24 * HOUR

/** When the estate is audited: a Sunday morning, one week after the clocks of Hamburg were set back. */
export const NOW: number = Date.UTC(2026, 10, 1, 6)

/** The first day of its history. */
export const BEGIN: number = Date.UTC(2025, 10, 1)

/** `2026-10-31`, in UTC. */
export const dateOf = (time: number): string => new Date(time).toISOString().slice(0, 10)

/** Midnight of a date, in UTC. */
export const dayOf = (date: string): number => Date.parse(`${date}T00:00:00Z`)

/** A moment as policies write it. */
export const momentOf = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`

export const isSunday = (time: number): boolean => new Date(time).getUTCDay() === 0

/** A job that starts at a time of day on the wall clock of a place: every day, or on Sundays. */
export interface Clock {
  readonly timezone: string
  readonly hour: number
  readonly minute: number
  readonly sundays?: boolean
}

/** When a job started in the year of the history, ascending. */
export const startsOf = ({ timezone, hour, minute, sundays = false }: Clock): readonly number[] => {
  const offsets = offsetsOf(timezone)
  const starts: number[] = []
  for (let day = BEGIN - DAY; day <= NOW; day += DAY) {
    const start = atWallClock(day + hour * HOUR + minute * MINUTE, offsets)
    if (start >= BEGIN && start < NOW && (!sundays || isSunday(day))) starts.push(start)
  }
  return starts
}

/** How far the clocks of a zone are ahead of UTC at some moment. */
type Offsets = (time: number) => number

const offsetsOf = (timeZone: string): Offsets => {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
  return (time) => {
    const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(format.format(time)) ?? []
    return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * HOUR + Number(minutes ?? 0) * MINUTE)
  }
}

/**
 * The moment at which clocks show what UTC shows at `shown`. Shown twice, when clocks are set back, it is the first time; never shown,
 * when they are set forward, it is the moment at which they jump: so does cron.
 */
const atWallClock = (shown: number, offsets: Offsets): number => {
  const around = [offsets(shown - DAY), offsets(shown + DAY)]
  const moments = around.map((offset) => shown - offset).filter((time) => time + offsets(time) === shown)
  if (moments.length > 0) return Math.min(...moments)
  let jump = shown - Math.max(...around)
  while (offsets(jump) === offsets(shown - DAY)) jump += MINUTE
  return jump
}
