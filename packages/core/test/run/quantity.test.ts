import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { durationText, parseDuration, parseSize } from '../../src/run/quantity.js'

describe('sizes', () => {
  it.each([
    ['0', 0],
    ['4096', 4096],
    ['4096B', 4096],
    ['1kB', 1000],
    ['1 KiB', 1024],
    ['10gb', 10_000_000_000],
    ['1.5TiB', 1.5 * 1024 ** 4],
    ['1.1 GB', 1_100_000_000],
    ['2PB', 2e15],
  ])('%s', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes)
  })

  it.each(['', 'GB', '10G', '1,5GB', '-1', '1e9', '10 G B', '1..5GB', '10GBit', '9008PB', '99999PiB', '٣GB'])(
    'no size: %j',
    (text) => {
      expect(parseSize(text)).toBeUndefined()
    },
  )

  const units = ['kB', 'MB', 'GB', 'TB', 'KiB', 'MiB', 'GiB', 'TiB']
  it('are as many bytes as the unit says, however it is written', () => {
    fc.assert(
      fc.property(
        fc.nat(8000),
        fc.constantFrom(...units),
        fc.boolean(),
        fc.constantFrom('', ' '),
        (n, unit, low, gap) => {
          const power = 'kmgt'.indexOf(unit[0]!.toLowerCase()) + 1
          const written = `${n}${gap}${low ? unit.toLowerCase() : unit}`
          expect(parseSize(written)).toBe(n * (unit.includes('i') ? 1024 : 1000) ** power)
        },
      ),
    )
  })

  it('are whole bytes from 0 that no double has rounded, or nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9.]{1,12} ?[kKmMgGtTpPiIbB]{0,3}$/)), (text) => {
        const bytes = parseSize(text)
        expect(bytes === undefined || (Number.isSafeInteger(bytes) && bytes >= 0)).toBe(true)
        if (bytes !== undefined) expect(text).toMatch(/\d/)
      }),
    )
  })
})

describe('durations', () => {
  it.each([
    ['90s', 90_000],
    ['15m', 900_000],
    ['36h', 129_600_000],
    ['7d', 604_800_000],
    ['1h30m', 5_400_000],
    ['1d2h3m4s', 93_784_000],
    ['0.5S', 500],
    ['0s', 0],
  ])('%s', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds)
  })

  it.each(['', '5', 'h', '1w', '30m1h', '1h1h', '-1h', '1 h', '999999999999d', '1.h'])('no duration: %j', (text) => {
    expect(parseDuration(text)).toBeUndefined()
  })

  it.each([
    [0, '0s'],
    [1_500, '1.5s'],
    [604_800_000, '7d'],
    [129_600_000, '36h'],
    [5_400_000, '1h30m'],
  ])('%d is written %s', (milliseconds, text) => {
    expect(durationText(milliseconds)).toBe(text)
  })

  it('are read back as they were written', () => {
    fc.assert(
      fc.property(fc.nat(4e12), (milliseconds) => {
        expect(parseDuration(durationText(milliseconds))).toBe(milliseconds)
      }),
    )
  })

  it('are the sum of their parts', () => {
    const part = fc.option(fc.nat(999), { nil: undefined })
    fc.assert(
      fc.property(fc.tuple(part, part, part, part), (parts) => {
        const text = parts.map((value, i) => (value === undefined ? '' : `${value}${'dhms'[i]}`)).join('')
        const sum = parts.reduce<number>((all, value, i) => all + (value ?? 0) * [86_400, 3_600, 60, 1][i]! * 1000, 0)
        expect(parseDuration(text)).toBe(text === '' ? undefined : sum)
      }),
    )
  })
})
