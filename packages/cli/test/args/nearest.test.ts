import { expect, it } from 'vitest'
import { nearest } from '../../src/args/nearest.js'

const known = ['compare', 'verify', 'hash', 'demo', 'one-file-system']

it.each([
  ['compar', 'compare'],
  ['comapre', 'compare'],
  ['Verify', 'verify'],
  ['hsah', 'hash'],
  ['one-filesystem', 'one-file-system'],
  ['ver', 'verify'],
])('%s most likely meant %s', (given, meant) => {
  expect(nearest(given, known)).toBe(meant)
})

it.each(['restore', 'x', 'zzzzzz', ''])('%j is close to nothing', (given) => {
  expect(nearest(given, known)).toBeUndefined()
})
