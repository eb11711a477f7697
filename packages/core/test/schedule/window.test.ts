import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TimeWindow } from '../../src/audit/policy.js'
import { windowAt, windowsBetween } from '../../src/schedule/index.js'

const at = (text: string): number => Date.parse(text)
const iso = (time: number): string => new Date(time).toISOString().replace(':00.000Z', 'Z')
const occurrence = (window: TimeWindow, time: string): string[] | undefined => {
  const span = windowAt(window, at(time))
  return span === undefined ? undefined : [iso(span.start), iso(span.end)]
}

const night: TimeWindow = { from: '22:00', to: '06:00', timezone: 'Europe/Berlin' }

describe('windowAt', () => {
  it('has the start in it and the end not', () => {
    expect(occurrence(night, '2026-01-10T21:00Z')).toEqual(['2026-01-10T21:00Z', '2026-01-11T05:00Z'])
    expect(occurrence(night, '2026-01-11T04:59:59.999Z')).toEqual(['2026-01-10T21:00Z', '2026-01-11T05:00Z'])
    expect(occurrence(night, '2026-01-11T05:00Z')).toBeUndefined()
    expect(occurrence(night, '2026-01-10T20:59:59.999Z')).toBeUndefined()
  })

  it('goes by the wall clock: a night in which clocks jump is shorter or longer', () => {
    expect(occurrence(night, '2026-03-29T00:00Z')).toEqual(['2026-03-28T21:00Z', '2026-03-29T04:00Z'])
    expect(occurrence(night, '2026-10-25T00:00Z')).toEqual(['2026-10-24T20:00Z', '2026-10-25T05:00Z'])
  })

  it('goes by the days on which it begins', () => {
    const friday: TimeWindow = { ...night, days: ['fri'] }
    expect(occurrence(friday, '2026-01-10T01:00Z')).toEqual(['2026-01-09T21:00Z', '2026-01-10T05:00Z'])
    expect(occurrence(friday, '2026-01-11T01:00Z')).toBeUndefined()
  })

  it.each([
    // Skipped ends are the jump.
    ['Europe/Berlin', '01:00', '02:30', '2026-03-29T00:30Z', ['2026-03-29T00:00Z', '2026-03-29T01:00Z']],
    ['Europe/Berlin', '02:30', '04:00', '2026-03-29T01:30Z', ['2026-03-29T01:00Z', '2026-03-29T02:00Z']],
    // What comes twice is in it twice.
    ['Europe/Berlin', '01:00', '02:30', '2026-10-25T01:15Z', ['2026-10-24T23:00Z', '2026-10-25T01:30Z']],
    ['Europe/Berlin', '02:30', '04:00', '2026-10-25T01:15Z', ['2026-10-25T00:30Z', '2026-10-25T03:00Z']],
    ['America/New_York', '01:15', '03:00', '2026-11-01T06:30Z', ['2026-11-01T05:15Z', '2026-11-01T08:00Z']],
    ['Australia/Lord_Howe', '01:45', '03:00', '2026-04-04T15:00Z', ['2026-04-04T14:45Z', '2026-04-04T16:30Z']],
    ['Asia/Kathmandu', '00:00', '01:00', '2026-01-01T18:30Z', ['2026-01-01T18:15Z', '2026-01-01T19:15Z']],
  ])('in %s from %s to %s at %s', (timezone, from, to, time, expected) => {
    expect(occurrence({ timezone, from, to }, time)).toEqual(expected)
  })

  it('is none where clocks skip all of it', () => {
    const gone: TimeWindow = { from: '02:10', to: '02:50', timezone: 'Europe/Berlin' }
    expect(occurrence(gone, '2026-03-29T01:00Z')).toBeUndefined()
    expect([...windowsBetween(gone, { from: at('2026-03-28T12:00Z'), to: at('2026-03-29T12:00Z') })]).toEqual([])
  })
})

describe('windowsBetween', () => {
  it('gives those that overlap, in order', () => {
    const found = [...windowsBetween(night, { from: at('2026-01-11T04:00Z'), to: at('2026-01-12T21:00:00.001Z') })]
    expect(found.map(({ start }) => iso(start))).toEqual([
      '2026-01-10T21:00Z',
      '2026-01-11T21:00Z',
      '2026-01-12T21:00Z',
    ])
    expect([...windowsBetween(night, { from: at('2026-01-11T05:00Z'), to: at('2026-01-11T21:00Z') })]).toEqual([])
  })

  it('of whole days leaves no moment out', () => {
    for (const from of ['00:00', '02:30']) {
      const day: TimeWindow = { from, to: from, timezone: 'Europe/Berlin' }
      const spans = [...windowsBetween(day, { from: at('2026-01-01T12:00Z'), to: at('2027-01-01T12:00Z') })]
      expect(spans.length).toBe(366)
      expect(spans.slice(1).every(({ start }, i) => start === spans[i]!.end)).toBe(true)
    }
  })

  it('says the same as windowAt, whatever the window and the moment', () => {
    const time = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '15', '30', '45'))
      .map(([h, m]) => `${String(h).padStart(2, '0')}:${m}`)
    const window = fc.record({
      from: time,
      to: time,
      timezone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/St_Johns'),
      days: fc.constantFrom(undefined, ['sun' as const], ['sat' as const, 'sun' as const]),
    })
    const moment = fc
      .tuple(
        fc.constantFrom('2026-03-08T07:00Z', '2026-03-29T01:00Z', '2026-04-04T15:00Z', '2026-10-25T01:00Z'),
        fc.integer({ min: -2880, max: 2880 }),
      )
      .map(([text, minutes]) => at(text) + minutes * 60_000)
    fc.assert(
      fc.property(window, moment, (one, now) => {
        const [first] = windowsBetween(one, { from: now, to: now + 1 })
        expect(windowAt(one, now)).toEqual(first)
        if (first !== undefined) expect(first.start <= now && now < first.end).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})
