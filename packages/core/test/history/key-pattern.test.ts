import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyPattern } from '../../src/history/key-pattern.js'

const day = (text: string): number => Date.parse(`${text}Z`)

describe('a pattern of keys', () => {
  it.each<[string, string, object]>([
    [
      '{asset}/{date:YYYY-MM-DD}/**',
      'shop/2026-11-01/db/a.dump',
      { asset: 'shop', wall: day('2026-11-01T00:00'), point: 'shop/2026-11-01/', rest: 'db/a.dump' },
    ],
    [
      'db-{date:YYYYMMDD}T{time:HHmmss}Z.dump.gz',
      'db-20261101T031559Z.dump.gz',
      { wall: day('2026-11-01T03:15:59'), point: 'db-20261101T031559Z.dump.gz' },
    ],
    [
      '{date:YYYYMMDDTHHmmssSSSZ}',
      '20261101T031559007Z',
      { wall: day('2026-11-01T03:15:59.007'), point: '20261101T031559007Z' },
    ],
    [
      '{date:YYYY}/{date:MM}/{date:DD}/{asset}.{id}.tar',
      '2026/11/01/shop.v2.full.tar',
      { asset: 'shop.v2', wall: day('2026-11-01T00:00'), point: '2026/11/01/shop.v2.full.tar' },
    ],
    ['{date:YYYY-MM}/*', '2026-11/x', { wall: day('2026-11-01T00:00'), point: '2026-11/', rest: 'x' }],
    ['{date:YYYY}/{date:YYYY-MM-DD}', '2026/2026-11-01', { wall: day('2026-11-01T00:00'), point: '2026/2026-11-01' }],
    ['*/{date:YYYY-MM-DD}/**/x', 'a/2026-11-01/b/c/x', { wall: day('2026-11-01T00:00'), point: '*/2026-11-01/**/x' }],
    ['{asset}/{id}.bak', 'shop/1.bak', { asset: 'shop', point: 'shop/1.bak' }],
    ['**', 'any/thing\nat all', { point: '', rest: 'any/thing\nat all' }],
    [
      'a.b+c?[d](e)^$|\\-{date:YYYY_MM}',
      'a.b+c?[d](e)^$|\\-2026_11',
      { wall: day('2026-11-01T00:00'), point: 'a.b+c?[d](e)^$|\\-2026_11' },
    ],
    [
      '{date:YYYY-MM-DD}/{asset}/**',
      '2024-02-29/\udc80\udcff/\n',
      { asset: '\udc80\udcff', wall: day('2024-02-29T00:00'), point: '2024-02-29/\udc80\udcff/', rest: '\n' },
    ],
  ])('%s reads %s', (pattern, key, expected) => {
    expect(keyPattern(pattern).match(key)).toEqual(expected)
  })

  it.each([
    ['{asset}/{date:YYYY-MM-DD}/**', 'shop/2026-11-31/a'],
    ['{asset}/{date:YYYY-MM-DD}/**', 'shop/2026-02-29/a'],
    ['{asset}/{date:YYYY-MM-DD}/**', 'shop/2026-13-01/a'],
    ['{asset}/{date:YYYY-MM-DD}/**', 'shop/0026-01-01/a'],
    ['{asset}/{date:YYYY-MM-DD}/**', 'shop/eu/2026-11-01/a'],
    ['{asset}/{date:YYYY-MM-DD}/**', '/2026-11-01/a'],
    ['{asset}/{date:YYYY-MM-DD}/**', 'shop/2026-11-01'],
    ['{date:YYYY-MM-DD}.tar', '2026-11-01xtar'],
    ['{date:YYYY-MM-DD}.tar', '2026-11-01.tar.gz'],
    ['{date:YYYY-MM-DDTHH}', '2026-11-01T24'],
    ['{date:YYYY-MM-DDTHH:mm}', '2026-11-01T23:60'],
    ['{date:YYYY-MM-DDTHH:mm:ss}', '2026-11-01T23:59:60'],
    ['{date:YYYY}/{date:YYYY-MM-DD}', '2025/2026-11-01'],
    ['{asset}/{asset}-{date:YYYY-MM}', 'shop/blog-2026-11'],
    ['{date:YYYY-MM}/*', '2026-11/a/b'],
  ])('%s does not match %s', (pattern, key) => {
    expect(keyPattern(pattern).match(key)).toBeUndefined()
  })

  it('says what it has', () => {
    const traits = (pattern: string): unknown => {
      const { hasAsset, hasDate, isOpen } = keyPattern(pattern)
      return { hasAsset, hasDate, isOpen }
    }
    expect(traits('{asset}/**')).toEqual({ hasAsset: true, hasDate: false, isOpen: true })
    expect(traits('{date:YYYY-MM}-{id}')).toEqual({ hasAsset: false, hasDate: true, isOpen: false })
  })

  it('reads every moment that it could have written', () => {
    const moments = fc.date({
      min: new Date('1000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(moments, (moment) => {
        const iso = moment.toISOString()
        expect(keyPattern('x/{date:YYYY-MM-DDTHH:mm:ss.SSSZ}').match(`x/${iso}`)).toEqual({
          wall: moment.getTime(),
          point: `x/${iso}`,
        })
      }),
      { numRuns: 200 },
    )
  })
})

describe('what is no pattern', () => {
  it.each([
    ['', 'it must be a text, such as {asset}/{date:YYYY-MM-DD}/**'],
    ['{asset/{date:YYYY-MM}', 'a "{" stands alone'],
    ['shop}/**', 'a "}" stands alone'],
    ['{assets}/**', '{assets} is no field; there are {asset}, {id}, {date:FORMAT} and {time:FORMAT}'],
    ['{date}', '{date} is no field'],
    ['{date:}', '{date:} is no field'],
    ['{date:YYYY-MM-dd}', '"dd" of {date:YYYY-MM-dd} is no part of a date; there are YYYY, MM, DD, HH, mm, ss, SSS'],
    ['{date:YY-MM-DD}', '"YY" of {date:YY-MM-DD} is no part of a date'],
    ['{date:YYYYMMDDHHMMSS}', '"SS" of {date:YYYYMMDDHHMMSS} is no part of a date'],
    ['{time:HHmmss}', 'its date has HH, mm, ss, but no YYYY'],
    ['{date:YYYY}', 'its date has YYYY, but no MM; the smallest is a year with its month'],
    ['{date:YYYY-MM}T{time:HH}', 'but no DD'],
    ['{asset}{id}', 'two fields or wildcards follow each other'],
    ['{asset}***', '"***" is no wildcard'],
    ['{asset}**', 'two fields or wildcards follow each other'],
  ])('%s is refused with what is wrong', (pattern, expected) => {
    expect(() => keyPattern(pattern)).toThrow(
      expect.objectContaining({ code: 'invalid-config', message: expect.stringContaining(expected) }) as Error,
    )
  })
})
