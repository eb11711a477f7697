import { expect, it } from 'vitest'
import { formatCount, formatDuration, formatMoment, plural } from '../../src/text/numbers.js'

it.each([
  [0, '0.00 s'],
  [412, '0.41 s'],
  [3_140, '3.1 s'],
  [59_700, '1 min 0 s'],
  [200_000, '3 min 20 s'],
  [7_500_000, '2 h 5 min'],
  [7_199_999, '2 h 0 min'],
])('%d ms are %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text)
})

it('counts', () => {
  expect(formatCount(1_234_567)).toBe('1,234,567')
  expect(plural(1, 'object')).toBe('1 object')
  expect(plural(2, 'entry', 'entries')).toBe('2 entries')
})

it('dates', () => {
  expect(formatMoment(Date.UTC(2026, 10, 1, 1, 2, 59))).toBe('2026-11-01 01:02 UTC')
  expect(formatMoment(Number.MAX_SAFE_INTEGER)).toBe('9007199254740991')
})
