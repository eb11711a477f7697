/** `10GB`, `1.5 TiB`, `4096`: bytes. Decimal and binary units, in letters of any case; `undefined` for anything else. */
export const parseSize = (text: string): number | undefined => {
  const [, amount, unit] = /^(\d{1,15}(?:\.\d{1,9})?) ?([a-z]*)$/i.exec(text.trim()) ?? []
  const factor = BYTES_IN.get((unit ?? '').toLowerCase())
  return amount === undefined || factor === undefined ? undefined : whole(amount, factor)
}

/** `36h`, `7d`, `1h30m`, `0.5s`: milliseconds. Days, hours, minutes and seconds, in this order; `undefined` for anything else. */
export const parseDuration = (text: string): number | undefined => {
  const given = DURATION.exec(text.trim())
  if (given === null || given[0] === '') return undefined
  return given.slice(1).reduce<number | undefined>((sum, amount, i) => {
    const part = amount === undefined ? 0 : whole(amount, MILLISECONDS_IN[i]!)
    return sum === undefined || part === undefined || !Number.isSafeInteger(sum + part) ? undefined : sum + part
  }, 0)
}

/** `36h`, `7d`, `1h30m`: what {@link parseDuration} reads back to the same; whole days only where nothing is beside them. */
export const durationText = (milliseconds: number): string => {
  if (milliseconds > 0 && milliseconds % MILLISECONDS_IN[0]! === 0) return `${milliseconds / MILLISECONDS_IN[0]!}d`
  const hours = Math.floor(milliseconds / MILLISECONDS_IN[1]!)
  const minutes = Math.floor((milliseconds % MILLISECONDS_IN[1]!) / MILLISECONDS_IN[2]!)
  const seconds = (milliseconds % MILLISECONDS_IN[2]!) / MILLISECONDS_IN[3]!
  const parts = [
    ...(hours > 0 ? [`${hours}h`] : []),
    ...(minutes > 0 ? [`${minutes}m`] : []),
    ...(seconds > 0 ? [`${seconds}s`] : []),
  ]
  return parts.length === 0 ? '0s' : parts.join('')
}

/** For the hints of errors: what sizes and durations look like. */
export const SIZES =
  'Sizes are bytes, or have a unit: kB MB GB TB PB, KiB MiB GiB TiB PiB. For example 500GB or 1.5TiB.'
export const DURATIONS = 'Durations have units: d h m s. For example 7d, 36h or 1h30m.'

/** Thousands and 1024s. A bare `G` is the one to some tools and the other to others: it is refused. */
const BYTES_IN: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['b', 1],
  ['kb', 1e3],
  ['kib', 2 ** 10],
  ['mb', 1e6],
  ['mib', 2 ** 20],
  ['gb', 1e9],
  ['gib', 2 ** 30],
  ['tb', 1e12],
  ['tib', 2 ** 40],
  ['pb', 1e15],
  ['pib', 2 ** 50],
])

const NUMBER = '(\\d{1,12}(?:\\.\\d{1,9})?)'
const DURATION = new RegExp(`^${['d', 'h', 'm', 's'].map((unit) => `(?:${NUMBER}${unit})?`).join('')}$`, 'i')
const MILLISECONDS_IN: readonly number[] = [86_400_000, 3_600_000, 60_000, 1000]

/** Fractions of the smallest unit are rounded; what no double holds exactly is nothing that anybody meant. */
const whole = (amount: string, factor: number): number | undefined => {
  const value = Math.round(Number(amount) * factor)
  return Number.isSafeInteger(value) ? value : undefined
}
