import { expect, it } from 'vitest'
import { nearest } from '../../src/source/nearest.js'

const known = ['compare', 'verify', 'hash', 'demo', 'one-file-system', 'dataClasses']

it.each([
  ['compar', 'compare'],
  ['comapre', 'compare'],
  ['Verify', 'verify'],
  ['hsah', 'hash'],
  ['one-filesystem', 'one-file-system'],
  ['ver', 'verify'],
  ['dataclases', 'dataClasses'],
])('%s most likely meant %s', (given, meant) => {
  expect(nearest(given, known)).toBe(meant)
})

it.each(['restore', 'x', 'zzzzzz', ''])('%j is close to nothing', (given) => {
  expect(nearest(given, known)).toBeUndefined()
})
