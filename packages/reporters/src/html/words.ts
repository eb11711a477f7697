/** Shares and times for people. */

/** A share, 0 to 1, in percent with one digit, rounded down: 99.96 % is not 100 %. */
export const percent = (share: number): string => `${Math.floor(share * 1_000 + 1e-9) / 10} %`

/** `2026-11-22 22:30:00 UTC` of ISO 8601; what is no time stays as it is. */
export const moment = (iso: string): string =>
  iso.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/, '$1 $2 UTC')
