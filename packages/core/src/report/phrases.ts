/** Words and figures for people, in English. */

/** `2,114`. */
export const figure = (value: number): string => value.toLocaleString('en-US')

/** `1 object`, `2,114 objects`; the plural may be given. */
export const counted = (value: number, noun: string, plural = `${noun}s`): string =>
  `${figure(value)} ${value === 1 ? noun : plural}`

/** Exact below 10,000 (`8,192 bytes`), else decimal units with three digits (`31.4 MB`). */
export const byteCount = (bytes: number): string => {
  if (bytes < 10_000) return counted(bytes, 'byte')
  let value = bytes
  let unit = -1
  // 999.95 would be shown as 1000: it belongs to the next unit.
  while (unit < UNITS.length - 1 && (unit < 0 || value >= 999.5)) {
    value /= 1_000
    unit += 1
  }
  const digits = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
  return `${value.toFixed(digits)} ${UNITS[unit]}`
}

const UNITS = ['kB', 'MB', 'GB', 'TB', 'PB', 'EB']

/** `a`, `a and b`, `a, b and c`. */
export const listed = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`

/** `2 mismatch, 1 missing`: names with a count, those of 0 left out. */
export const countsByName = (counts: Readonly<Record<string, number | undefined>>): string =>
  Object.entries(counts)
    .filter(([, value]) => value !== undefined && value > 0)
    .map(([name, value]) => `${figure(value ?? 0)} ${name}`)
    .join(', ')
