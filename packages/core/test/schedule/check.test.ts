import { describe, expect, it } from 'vitest'
import { isBackupError } from '../../src/errors.js'
import { checkSchedule, checkWindow, expectedStarts, windowsBetween } from '../../src/schedule/index.js'

const timezone = 'Europe/Berlin'
const start = '2026-01-05T03:00:00'

describe('checkSchedule', () => {
  it.each([
    '30 2 * * 1-5',
    '0 30 2 * * *',
    '@daily',
    '@monthly',
    '0 0 29 2 *',
    '0 0 L * *',
    '0 9 * * MON#1',
    '*/15 8-18 * jan,jul ?',
  ])('takes %s', (cron) => {
    expect(checkSchedule({ cron, timezone })).toBeUndefined()
  })

  it.each([
    'FREQ=WEEKLY;BYDAY=MO,TH',
    'FREQ=MONTHLY;BYDAY=-1FR;COUNT=5',
    'FREQ=DAILY;UNTIL=20270101T000000Z',
    'FREQ=DAILY;UNTIL=20270101T000000',
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29',
  ])('takes %s', (rrule) => {
    expect(checkSchedule({ rrule, start, timezone })).toBeUndefined()
  })

  it.each([
    ['', 'has 0 fields; expected five'],
    ['0 3 * *', 'has 4 fields; expected five'],
    ['0 0 3 * * * 2027', 'has 7 fields; expected five'],
    ['60 3 * * *', 'Invalid value for minute: 60'],
    ['0 24 * * *', 'Invalid value for hour: 24'],
    ['0 3 * * XYZ', 'the day of the week "XYZ" contains illegal characters'],
    ['@reboot', '@reboot is not supported'],
    ['@fortnightly', 'cannot be read'],
    ['0 0 30 2 *', 'never starts anything: there is no such day'],
    ['0 0 31 4,6,9,11 *', 'never starts anything'],
  ])('of the cron expression %j says that it %s', (cron, said) => {
    expect(checkSchedule({ cron, timezone })).toContain(said)
  })

  it.each([
    ['', '"" is no NAME=VALUE'],
    ['INTERVAL=2', 'there is no FREQ'],
    ['FREQ=DALY', 'FREQ is "DALY"; expected one of YEARLY'],
    ['FREQ=DAILY;BYHOUR=25', 'BYHOUR is "25"; expected a whole number from 0 to 23'],
    ['FREQ=DAILY;FOO=1', '"FOO" is not known; expected FREQ'],
    ['FREQ=DAILY;FREQ=WEEKLY', 'FREQ is there twice'],
    ['FREQ=WEEKLY;BYDAY=MO,XX', 'BYDAY is "XX"'],
    ['FREQ=DAILY;INTERVAL=0', 'INTERVAL is "0"'],
    ['FREQ=DAILY;COUNT=1;UNTIL=20300101T000000Z', 'COUNT and UNTIL exclude each other'],
    ['FREQ=DAILY;UNTIL=20301301T000000Z', 'UNTIL is "20301301T000000Z"'],
    ['FREQ=DAILY;UNTIL=20250101T000000Z', 'never starts anything'],
    ['FREQ=DAILY;UNTIL=20250101T000000', 'never starts anything'],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'never starts anything'],
  ])('of the rule %j says that %s', (rrule, said) => {
    expect(checkSchedule({ rrule, start, timezone })).toContain(said)
  })

  it.each(['2026-02-30T03:00:00', '2026-01-05', '2026-01-05T03:00:00Z', '2026-01-05T25:00'])(
    'refuses the start %s',
    (wrong) => {
      expect(checkSchedule({ rrule: 'FREQ=DAILY', start: wrong, timezone })).toContain('is no local time')
    },
  )

  it.each([
    ['Europe/Berlim', 'did you mean Europe/Berlin?'],
    ['Mars/Olympus', 'expected an IANA name'],
    ['+02:00', 'expected an IANA name'],
    ['', 'there is no time zone'],
  ])('of the time zone %j says: %s', (zone, said) => {
    expect(checkSchedule({ cron: '@daily', timezone: zone })).toContain(said)
    expect(checkWindow({ from: '01:00', to: '02:00', timezone: zone })).toContain(said)
  })

  it('is asked before anything is expected: what cannot be read is an error with a code', () => {
    for (const wrong of [
      () => [...expectedStarts({ cron: 'x', timezone }, { from: 0, to: 1 })],
      () => [...expectedStarts({ rrule: 'x', start, timezone }, { from: 0, to: 1 })],
      () => [...expectedStarts({ cron: '@daily', timezone }, { from: Number.NaN, to: 1 })],
      () => [...windowsBetween({ from: '25:00', to: '02:00', timezone }, { from: 0, to: 1 })],
    ]) {
      let error: unknown
      try {
        wrong()
      } catch (thrown) {
        error = thrown
      }
      expect(isBackupError(error) && error.code).toBe('invalid-config')
    }
  })
})

describe('checkWindow', () => {
  it.each([
    [{ from: '25:00', to: '02:00' }, 'the time "25:00" is none; expected HH:MM'],
    [{ from: '22:00', to: '24:00' }, 'the time "24:00" is none'],
    [{ from: '2:00', to: '04:00' }, 'the time "2:00" is none'],
    [{ from: '22:00', to: '02:00', days: [] }, 'has no days and never is'],
    [{ from: '22:00', to: '02:00', days: ['monday' as 'mon'] }, 'the day "monday" is not known; expected mon'],
  ])('of %j says: %s', (window, said) => {
    expect(checkWindow({ ...window, timezone })).toContain(said)
  })

  it('takes a window over midnight, and a whole day', () => {
    expect(checkWindow({ from: '22:00', to: '06:00', timezone, days: ['mon', 'sun'] })).toBeUndefined()
    expect(checkWindow({ from: '06:00', to: '06:00', timezone })).toBeUndefined()
  })
})
