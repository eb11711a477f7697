import { expect, it } from 'vitest'
import { moment } from '../../src/args/moment.js'

it.each([
  ['2026-11-22', '2026-11-22T00:00:00.000Z'],
  ['2026-11-22T20:00Z', '2026-11-22T20:00:00.000Z'],
  ['2026-11-22T20:00:01.5+01:00', '2026-11-22T19:00:01.500Z'],
  ['2026-11-22T20:00-05:30', '2026-11-23T01:30:00.000Z'],
])('--at %s', (given, time) => {
  expect(moment({ at: given }, 'at')?.toISOString()).toBe(time)
})

it.each(['now', '2026-02-30', '2026-11-22T20:00', '2026-11-22 20:00Z', '22.11.2026', '1763841600'])(
  '--at %s is refused',
  (given) => {
    expect(() => moment({ at: given }, 'at')).toThrow(/^--at .* is no moment\nWrite 2026-11-22T20:00Z/)
  },
)
