import { expect, it } from 'vitest'
import { listed, way } from '../../src/governance/names.js'

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `n${i}`)

it('many names are counted, not told', () => {
  expect(listed(names(5))).toBe('n0, n1, n2, n3, n4')
  expect(listed(names(7))).toBe('n0, n1, n2, n3, n4 and 2 more')
})

it('of a long way its beginning and its end are told', () => {
  expect(way(names(3))).toBe('n0 -> n1 -> n2')
  expect(way(names(10))).toBe(names(10).join(' -> '))
  expect(way(names(100))).toBe('n0 -> n1 -> n2 -> n3 -> n4 -> 90 more -> n95 -> n96 -> n97 -> n98 -> n99')
})
