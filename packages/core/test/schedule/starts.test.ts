import { Cron } from 'croner'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Schedule } from '../../src/audit/policy.js'
import { expectedStarts, largestGap } from '../../src/schedule/index.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR

const at = (text: string): number => Date.parse(text)
const starts = (schedule: Schedule, from: string, to: string): string[] =>
  [...expectedStarts(schedule, { from: at(from), to: at(to) })].map((time) =>
    new Date(time).toISOString().replace(':00.000Z', 'Z'),
  )
const cron = (expression: string, timezone: string): Schedule => ({ cron: expression, timezone })
const rrule = (rule: string, start: string, timezone: string): Schedule => ({ rrule: rule, start, timezone })

describe('cron', () => {
  it('fires in the time zone of the schedule, in winter and in summer', () => {
    const nightly = cron('0 3 * * *', 'Europe/Berlin')
    expect(starts(nightly, '2026-01-10T00:00Z', '2026-01-12T00:00Z')).toEqual([
      '2026-01-10T02:00Z',
      '2026-01-11T02:00Z',
    ])
    expect(starts(nightly, '2026-07-10T00:00Z', '2026-07-12T00:00Z')).toEqual([
      '2026-07-10T01:00Z',
      '2026-07-11T01:00Z',
    ])
  })

  it('has a range whose start is in it and whose end is not', () => {
    const daily = cron('@daily', 'UTC')
    expect(starts(daily, '2026-01-10T00:00Z', '2026-01-12T00:00Z')).toEqual(['2026-01-10T00:00Z', '2026-01-11T00:00Z'])
    expect(starts(daily, '2026-01-10T00:00:00.001Z', '2026-01-12T00:00:00.001Z')).toEqual([
      '2026-01-11T00:00Z',
      '2026-01-12T00:00Z',
    ])
    expect(starts(daily, '2026-01-10T00:00Z', '2026-01-10T00:00Z')).toEqual([])
  })

  it('knows zones that are not whole hours from UTC, seconds, and leap days', () => {
    expect(starts(cron('15 1 * * 1', 'Asia/Kathmandu'), '2026-01-04T00:00Z', '2026-01-12T00:00Z')).toEqual([
      '2026-01-04T19:30Z',
      '2026-01-11T19:30Z',
    ])
    expect([...expectedStarts(cron('30 0 0 * * *', 'UTC'), { from: 0, to: DAY })]).toEqual([30_000])
    expect(starts(cron('0 0 29 2 *', 'UTC'), '2026-01-01T00:00Z', '2033-01-01T00:00Z')).toEqual([
      '2028-02-29T00:00Z',
      '2032-02-29T00:00Z',
    ])
    expect(starts(cron('0 0 29 2 *', 'UTC'), '2096-03-01T00:00Z', '2105-01-01T00:00Z')).toEqual(['2104-02-29T00:00Z'])
  })

  it.each([
    // 2026-03-29 02:00 -> 03:00 is at 01:00 UTC.
    [
      'Europe/Berlin',
      '30 2 * * *',
      '2026-03-28T12:00Z',
      '2026-03-30T12:00Z',
      ['2026-03-29T01:00Z', '2026-03-30T00:30Z'],
    ],
    // 2026-03-08 02:00 -> 03:00 is at 07:00 UTC.
    [
      'America/New_York',
      '30 2 * * *',
      '2026-03-07T12:00Z',
      '2026-03-09T12:00Z',
      ['2026-03-08T07:00Z', '2026-03-09T06:30Z'],
    ],
    // 2026-10-04 02:00 -> 02:30 is at 15:30 UTC the day before.
    [
      'Australia/Lord_Howe',
      '15 2 * * *',
      '2026-10-02T16:00Z',
      '2026-10-04T16:00Z',
      ['2026-10-03T15:30Z', '2026-10-04T15:15Z'],
    ],
    // The whole 30 December 2011 was left out.
    [
      'Pacific/Apia',
      '0 5 * * *',
      '2011-12-29T00:00Z',
      '2012-01-01T00:00Z',
      ['2011-12-29T15:00Z', '2011-12-30T10:00Z', '2011-12-30T15:00Z', '2011-12-31T15:00Z'],
    ],
  ])('in %s moves a start that is skipped to when the clocks have jumped', (zone, expression, from, to, expected) => {
    expect(starts(cron(expression, zone), from, to)).toEqual(expected)
  })

  it('starts once where several starts are skipped, and where the moment of the jump is a start itself', () => {
    const from = '2026-03-28T12:00Z'
    const to = '2026-03-29T12:00Z'
    expect(starts(cron('10,20,50 2 * * *', 'Europe/Berlin'), from, to)).toEqual(['2026-03-29T01:00Z'])
    expect(starts(cron('0 2,3 * * *', 'Europe/Berlin'), from, to)).toEqual(['2026-03-29T01:00Z'])
  })

  it.each([
    // 2026-10-25 03:00 -> 02:00 is at 01:00 UTC.
    [
      'Europe/Berlin',
      '30 2 * * *',
      '2026-10-24T12:00Z',
      '2026-10-26T12:00Z',
      ['2026-10-25T00:30Z', '2026-10-26T01:30Z'],
    ],
    // 2026-11-01 02:00 -> 01:00 is at 06:00 UTC.
    [
      'America/New_York',
      '30 1 * * *',
      '2026-10-31T12:00Z',
      '2026-11-02T12:00Z',
      ['2026-11-01T05:30Z', '2026-11-02T06:30Z'],
    ],
    // 2026-04-05 02:00 -> 01:30 is at 15:00 UTC the day before.
    [
      'Australia/Lord_Howe',
      '45 1 * * *',
      '2026-04-03T16:00Z',
      '2026-04-05T16:00Z',
      ['2026-04-04T14:45Z', '2026-04-05T15:15Z'],
    ],
  ])('in %s starts once in what comes twice', (zone, expression, from, to, expected) => {
    expect(starts(cron(expression, zone), from, to)).toEqual(expected)
  })

  it('that runs every so often does so whatever clocks do', () => {
    const hourly = cron('0 * * * *', 'Europe/Berlin')
    for (const day of ['2026-03-29', '2026-10-25']) {
      const found = [...expectedStarts(hourly, { from: at(`${day}T00:00Z`), to: at(`${day}T00:00Z`) + DAY })]
      expect(found).toEqual(Array.from({ length: 24 }, (_, i) => at(`${day}T00:00Z`) + i * HOUR))
    }
    // Every 20 minutes, 02:20 and 02:40 do not exist: nothing is made up for them.
    const often = cron('*/20 * * * *', 'Europe/Berlin')
    expect(starts(often, '2026-03-29T00:30Z', '2026-03-29T01:30Z')).toEqual([
      '2026-03-29T00:40Z',
      '2026-03-29T01:00Z',
      '2026-03-29T01:20Z',
    ])
  })

  it('is the same where the range begins at or right after a jump', () => {
    const nightly = cron('30 2 * * *', 'Europe/Berlin')
    expect(starts(nightly, '2026-03-29T01:00Z', '2026-03-29T12:00Z')).toEqual(['2026-03-29T01:00Z'])
    expect(starts(nightly, '2026-03-29T01:00:01Z', '2026-03-29T12:00Z')).toEqual([])
    expect(starts(nightly, '2026-10-25T00:31Z', '2026-10-25T12:00Z')).toEqual([])
    expect(starts(nightly, '2026-03-28T12:00Z', '2026-03-29T01:00Z')).toEqual([])
  })

  it('is lazy: the first start of thousands of years costs nothing', () => {
    const minutely = expectedStarts(cron('* * * * *', 'Europe/Berlin'), { from: 0, to: Number.POSITIVE_INFINITY })
    expect(minutely.next().value).toBe(0)
  })
})

describe('RFC 5545', () => {
  it('fires on its days, at the time of its start, in the time zone', () => {
    const rule = rrule('FREQ=WEEKLY;BYDAY=MO,TH', '2026-01-05T03:00:00', 'Europe/Berlin')
    expect(starts(rule, '2026-03-22T00:00Z', '2026-04-03T00:00Z')).toEqual([
      '2026-03-23T02:00Z',
      '2026-03-26T02:00Z',
      '2026-03-30T01:00Z',
      '2026-04-02T01:00Z',
    ])
  })

  it('has no start before its first, nor after COUNT or UNTIL', () => {
    const from = '2025-01-01T00:00Z'
    const to = '2030-01-01T00:00Z'
    expect(starts(rrule('FREQ=DAILY;COUNT=2', '2026-01-05T03:00', 'UTC'), from, to)).toEqual([
      '2026-01-05T03:00Z',
      '2026-01-06T03:00Z',
    ])
    // 03:00 in New York is 08:00 in UTC.
    const until = (text: string): string[] =>
      starts(rrule(`FREQ=DAILY;UNTIL=${text}`, '2026-01-05T03:00:00', 'America/New_York'), from, to)
    expect(until('20260106T080000Z')).toEqual(['2026-01-05T08:00Z', '2026-01-06T08:00Z'])
    expect(until('20260106T075959Z')).toEqual(['2026-01-05T08:00Z'])
    expect(until('20260106T030000')).toEqual(['2026-01-05T08:00Z', '2026-01-06T08:00Z'])
  })

  it('leaves out what clocks skip, as RFC 5545 says, and starts once in what comes twice', () => {
    const rule = rrule('FREQ=DAILY', '2026-01-01T02:30:00', 'Europe/Berlin')
    expect(starts(rule, '2026-03-28T12:00Z', '2026-03-30T12:00Z')).toEqual(['2026-03-30T00:30Z'])
    expect(starts(rule, '2026-10-24T12:00Z', '2026-10-26T12:00Z')).toEqual(['2026-10-25T00:30Z', '2026-10-26T01:30Z'])
  })

  it('knows the last of a month, and leap days', () => {
    expect(
      starts(rrule('FREQ=MONTHLY;BYDAY=-1FR', '2026-01-01T22:00:00', 'UTC'), '2026-01-01T00:00Z', '2026-04-01T00:00Z'),
    ).toEqual(['2026-01-30T22:00Z', '2026-02-27T22:00Z', '2026-03-27T22:00Z'])
    const leap = rrule('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29', '2024-01-01T00:00:00', 'UTC')
    expect(starts(leap, '2024-01-01T00:00Z', '2033-01-01T00:00Z')).toEqual([
      '2024-02-29T00:00Z',
      '2028-02-29T00:00Z',
      '2032-02-29T00:00Z',
    ])
  })

  it('can go by minutes, for as long as somebody asks', () => {
    const rule = rrule('FREQ=MINUTELY;INTERVAL=5', '2020-01-01T00:00:00', 'UTC')
    const found = [...expectedStarts(rule, { from: at('2026-01-01T00:00Z'), to: at('2026-03-01T00:00Z') })]
    expect(found).toEqual(Array.from({ length: 59 * 288 }, (_, i) => at('2026-01-01T00:00Z') + i * 300_000))
  })
})

describe('the largest gap', () => {
  const range = { from: at('2026-01-05T00:00Z'), to: at('2026-02-02T00:00Z') }

  it('of a schedule of weekdays is a weekend', () => {
    expect(largestGap([cron('0 3 * * 1-5', 'UTC')], range)).toBe(3 * DAY)
  })

  it('is that of all schedules together', () => {
    expect(largestGap([cron('0 3 * * 1-5', 'UTC'), cron('0 15 * * 6', 'UTC')], range)).toBe(1.5 * DAY)
    expect(largestGap([cron('0 3 * * *', 'UTC'), cron('0 3 * * *', 'UTC')], range)).toBe(DAY)
  })

  it('is not known without two starts', () => {
    expect(largestGap([], range)).toBeUndefined()
    expect(largestGap([cron('0 3 20 1 *', 'UTC')], range)).toBeUndefined()
  })
})

describe('whatever the schedule', () => {
  const zones = [
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'America/St_Johns',
    'Africa/Casablanca',
  ]
  const cronText = fc
    .record({
      minute: fc.constantFrom('0', '15,45', '*/10', '59'),
      hour: fc.constantFrom('*', '2', '1-3', '*/6', '0', '23'),
      day: fc.constantFrom('*', '1', '29', '15-20', 'L'),
      weekday: fc.constantFrom('*', '0', '1-5', '5#2'),
    })
    .map(({ minute, hour, day, weekday }) => `${minute} ${hour} ${day} * ${weekday}`)
  const schedule = fc.oneof(
    fc.record({ cron: cronText, timezone: fc.constantFrom(...zones) }),
    fc.record({
      rrule: fc.constantFrom(
        'FREQ=DAILY',
        'FREQ=HOURLY;INTERVAL=5',
        'FREQ=WEEKLY;BYDAY=SU;BYHOUR=1,2,3',
        'FREQ=MONTHLY;BYMONTHDAY=-1',
      ),
      start: fc.constantFrom('2025-12-31T02:30:00', '2020-02-29T01:45:00'),
      timezone: fc.constantFrom(...zones),
    }),
  )
  // Around every change of 2026, where it gets difficult.
  const moment = fc
    .tuple(
      fc.constantFrom(
        '2026-03-08T07:00Z',
        '2026-03-29T01:00Z',
        '2026-04-04T15:00Z',
        '2026-10-03T15:30Z',
        '2026-10-25T01:00Z',
        '2026-11-01T06:00Z',
      ),
      fc.integer({ min: -3 * 1440, max: 3 * 1440 }),
    )
    .map(([text, minutes]) => at(text) + minutes * 60_000)

  it('starts ascend, lie within the range, and a range that is split gives the whole', () => {
    fc.assert(
      fc.property(schedule, fc.array(moment, { minLength: 2, maxLength: 5 }), (one, moments) => {
        const ends = [...new Set(moments)].sort((a, b) => a - b)
        const from = ends[0]!
        const to = ends.at(-1)!
        const whole = [...expectedStarts(one, { from, to })]
        expect(whole.every((time, i) => time >= from && time < to && (i === 0 || time > whole[i - 1]!))).toBe(true)
        const parts = ends.slice(1).flatMap((end, i) => [...expectedStarts(one, { from: ends[i]!, to: end })])
        expect(parts).toEqual(whole)
      }),
      { numRuns: 150 },
    )
  })

  it('starts of cron are those that croner finds with the zone, one after the other', () => {
    fc.assert(
      fc.property(cronText, fc.constantFrom(...zones), moment, (expression, timezone, from) => {
        const to = from + 3 * DAY
        const oracle = new Cron(expression, { timezone, fixedTimeRule: 'no-wildcard' })
        const expected: number[] = []
        for (
          let next = oracle.nextRun(new Date(from - 1));
          next !== null && next.getTime() < to;
          next = oracle.nextRun(next)
        )
          expected.push(next.getTime())
        expect([...expectedStarts(cron(expression, timezone), { from, to })]).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })

  it('does not look at the clock', () => {
    const Real = Date
    const asked: string[] = []
    class Trapped extends Real {
      constructor(...given: number[]) {
        if (given.length === 0) asked.push('new Date()')
        super(...(given as [number]))
      }
      static override now(): number {
        asked.push('Date.now()')
        return Real.now()
      }
    }
    globalThis.Date = Trapped as DateConstructor
    try {
      const range = { from: 1_767_225_600_000, to: 1_798_761_600_000 }
      for (const timezone of zones)
        for (const one of [
          cron('30 2 * * *', timezone),
          rrule('FREQ=WEEKLY;BYDAY=MO', '2026-01-05T03:00:00', timezone),
        ])
          for (const _ of expectedStarts(one, range)) void _
    } finally {
      globalThis.Date = Real
    }
    expect(asked).toEqual([])
  })
})
