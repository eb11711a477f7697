import type { TimeWindow } from '@backproof/core/audit'
import { windowsBetween } from '@backproof/core/schedule'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jobWindowRespected } from '../src/rules/job-window-respected.js'
import { openUntil, parseWindow, windowsOf } from '../src/time-window.js'

const HOUR = 3_600_000

describe('windows of options', () => {
  it('are times of day, with days and a zone', () => {
    expect(parseWindow('22:00-06:00 Europe/Berlin')).toEqual({ from: '22:00', to: '06:00', timezone: 'Europe/Berlin' })
    expect(parseWindow('mon-wed+sat 09:00-17:30 Etc/GMT+5')).toEqual({
      from: '09:00',
      to: '17:30',
      timezone: 'Etc/GMT+5',
      days: ['mon', 'tue', 'wed', 'sat'],
    })
    expect(parseWindow('fri-mon 00:00-00:00 UTC').days).toEqual(['fri', 'sat', 'sun', 'mon'])
  })

  it('are refused where they are written otherwise', () => {
    for (const text of ['', '22-6 UTC', '24:00-06:00 UTC', '22:00-06:00', 'may 22:00-06:00 UTC', '22:00-06:00 UTC '])
      expect(() => jobWindowRespected({ window: [text] }), text).toThrow('such as 22:00-06:00 Europe/Berlin')
  })

  it('are told where their zone is not known', () => {
    expect(windowsOf(['22:00-06:00 UTC', '22:00-06:00 Europe/Berln'])).toEqual({
      wrong: expect.stringMatching(/^22:00-06:00 Europe\/Berln: .*did you mean Europe\/Berlin/),
    })
  })
})

describe('open windows', () => {
  const times = fc.integer({ min: 0, max: 23 }).map((hour) => `${String(hour).padStart(2, '0')}:00`)
  const windows = fc.array(
    fc.record<TimeWindow>({ from: times, to: times, timezone: fc.constantFrom('UTC', 'Europe/Berlin') }),
    { minLength: 1, maxLength: 3 },
  )

  it('close at the first moment at which none of them is open', () => {
    const from = Date.UTC(2026, 9, 23)
    const hours = fc.integer({ min: 0, max: 72 })
    fc.assert(
      fc.property(windows, hours, fc.integer({ min: 0, max: 24 }), (some, first, length) => {
        const moment = from + first * HOUR
        const until = moment + length * HOUR
        // Everything lies on whole hours.
        const spans = some.flatMap((window) => [...windowsBetween(window, { from: moment, to: until + 96 * HOUR })])
        const isOpen = (at: number): boolean => spans.some(({ start, end }) => start <= at && at < end)
        let closed = moment
        while (isOpen(closed) && closed <= until) closed += HOUR
        const told = openUntil(some, moment, until)
        if (closed === moment) expect(told).toBeUndefined()
        else if (closed <= until) expect(told).toBe(closed)
        else expect(told).toBeGreaterThan(until)
      }),
      { numRuns: 200 },
    )
  })
})
