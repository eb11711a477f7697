import fc from 'fast-check'
import { expect, it } from 'vitest'
import { pad, shorten, textWidth } from '../../src/text/width.js'

it('knows wide and combining characters', () => {
  expect(textWidth('abc')).toBe(3)
  expect(textWidth('日本')).toBe(4)
  expect(textWidth('e\u0301')).toBe(1)
  expect(textWidth('😀')).toBe(2)
})

it('keeps both ends of what it shortens', () => {
  expect(shorten('a/very/long/path/to/file.txt', 12)).toBe('a/ver…le.txt')
  expect(shorten('short', 12)).toBe('short')
})

it('never gets wider than asked, and keeps the whole when there is room', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 40 }), (text, columns) => {
      const short = shorten(text, columns)
      expect(textWidth(short)).toBeLessThanOrEqual(Math.max(columns, 0))
      if (textWidth(text) <= columns) expect(short).toBe(text)
      expect(textWidth(pad(short, columns))).toBe(columns)
    }),
  )
})
