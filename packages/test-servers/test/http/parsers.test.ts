import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { namesEtag, unmetCondition } from '../../src/http/conditions.js'
import { parseQuery } from '../../src/http/message.js'
import { parseRange } from '../../src/http/range.js'
import { takePage, walkKeys } from '../../src/http/walk.js'
import { like } from '../../src/http/wildcard.js'

describe('ranges', () => {
  test.each([
    ['bytes=0-0', 10, { start: 0, end: 1 }],
    ['bytes=5-', 10, { start: 5, end: 10 }],
    ['bytes=-3', 10, { start: 7, end: 10 }],
    ['bytes=-30', 10, { start: 0, end: 10 }],
    ['bytes=3-99', 10, { start: 3, end: 10 }],
    ['bytes=10-', 10, 'unsatisfiable'],
    ['bytes=-0', 10, 'unsatisfiable'],
    ['bytes=0-', 0, 'unsatisfiable'],
    ['bytes=5-4', 10, undefined],
    ['bytes=-', 10, undefined],
    ['bytes=0-1,3-4', 10, undefined],
    ['items=0-1', 10, undefined],
    [undefined, 10, undefined],
  ])('%s of %d', (header, size, expected) => expect(parseRange(header, size)).toEqual(expected))
})

describe('conditions', () => {
  const target = { etag: 'abc', lastModified: Date.UTC(2026, 0, 2) }
  const before = 'Thu, 01 Jan 2026 00:00:00 GMT'
  const after = 'Sat, 03 Jan 2026 00:00:00 GMT'

  test.each<[Record<string, string>, string | undefined]>([
    [{}, undefined],
    [{ 'if-match': '"abc"' }, undefined],
    [{ 'if-match': '"x", W/"abc"' }, undefined],
    [{ 'if-match': '"x"' }, 'If-Match'],
    [{ 'if-match': '"abc"', 'if-unmodified-since': before }, undefined],
    [{ 'if-unmodified-since': before }, 'If-Unmodified-Since'],
    [{ 'if-unmodified-since': 'no date' }, undefined],
    [{ 'if-none-match': '*' }, 'If-None-Match'],
    [{ 'if-none-match': '"x"', 'if-modified-since': after }, undefined],
    [{ 'if-modified-since': after }, 'If-Modified-Since'],
    [{ 'if-modified-since': before }, undefined],
  ])('%j: %s', (headers, expected) => expect(unmetCondition(new Map(Object.entries(headers)), target)).toBe(expected))

  test('an ETag is named with quotes or without', () => {
    expect(['abc', '"abc"', 'W/"abc"', '*', 'x,"abc"'].every((header) => namesEtag(header, 'abc'))).toBe(true)
    expect(['', 'ab', '"ab"'].some((header) => namesEtag(header, 'abc'))).toBe(false)
  })
})

test('queries are read as URLSearchParams writes them, in their order', () => {
  const pairs = fc.array(fc.tuple(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string({ unit: 'grapheme' })))
  fc.assert(
    fc.property(pairs, (given) => {
      expect(parseQuery(new URLSearchParams(given).toString())).toEqual(given)
    }),
  )
  expect(parseQuery('a&b=&&c=1=2')).toEqual([
    ['a', ''],
    ['b', ''],
    ['c', '1=2'],
  ])
  expect(() => parseQuery('a=%ff')).toThrow(URIError)
})

test('wildcards stand for characters, all else for itself', () => {
  expect(like('a.*', 'a.b')).toBe(true)
  expect(like('a.*', 'axb')).toBe(false)
  expect(like('a?c', 'abc')).toBe(true)
  expect(like('a?c', 'ac')).toBe(false)
  expect(like('*', 'a\nb')).toBe(true)
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(like(text.replace(/[*?]/g, '?'), text)).toBe(true)
    }),
  )
})

test('pages end where they are full, and say whether there is more', () => {
  const rows = [
    ...walkKeys(['a', 'b/1', 'b/2', 'c'], {
      at: 0,
      sorted: true,
      prefix: '',
      delimiter: '/',
      skipped: undefined,
      visible: (key) => key !== 'c',
    }),
  ]
  expect(rows).toEqual([{ key: 'a' }, { commonPrefix: 'b/' }])
  expect(takePage(rows, 1)).toEqual({ rows: [{ key: 'a' }], truncated: true })
  expect(takePage(rows, 2)).toEqual({ rows, truncated: false })
  expect(takePage(rows, 0)).toEqual({ rows: [], truncated: false })
})
