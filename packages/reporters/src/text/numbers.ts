/** `12,345`. */
export const formatCount = (value: number): string => Math.round(value).toLocaleString('en-US')

/** `1 object`, `2,114 objects`. */
export const plural = (count: number, one: string, many: string = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`

/** `0.41 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export const formatDuration = (milliseconds: number): string => {
  const seconds = milliseconds / 1000
  if (seconds < 9.95) return `${seconds.toFixed(seconds < 0.995 ? 2 : 1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  const minutes = Math.round(whole / 60)
  return `${formatCount(Math.floor(minutes / 60))} h ${minutes % 60} min`
}

/** `2026-11-01 01:00 UTC`, of milliseconds since 1970; what no date can be is shown as the number. */
export const formatMoment = (milliseconds: number): string => {
  const date = new Date(milliseconds)
  return Number.isNaN(date.getTime())
    ? String(milliseconds)
    : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
