import { describe, expect, it } from 'vitest'
import { coversStore, signedReviews, storeIds } from '../../src/governance/reviews.js'
import { review, withStores } from '../reviews.js'

describe('what a review covers', () => {
  const covers = (scope: string | undefined, store: string): boolean =>
    coversStore(review('access', 1, { scope }), store)

  it('is everything where it names nothing', () => {
    expect(covers(undefined, 'vault')).toBe(true)
  })

  it.each([
    ['vault', true],
    [' vault ', true],
    ['tape,vault', true],
    ['tape ; vault', true],
    ['v*', true],
    ['*', true],
    ['tape', false],
    ['Vault', false],
    ['vault-2', false],
    ['vaul', false],
    ['all stores', false],
    ['tape vault', false],
    ['', false],
  ])('with the scope %j, the store vault: %s', (scope, expected) => {
    expect(covers(scope, 'vault')).toBe(expected)
  })

  it('is an id with a comma as a whole, and its parts', () => {
    expect([covers('room 3, Berlin', 'room 3, Berlin'), covers('room 3, Berlin', 'Berlin')]).toEqual([true, true])
  })
})

it('reviews of the kind, signed and done, come newest first', () => {
  const { policy } = withStores([
    review('access', 9),
    review('access-log', 1),
    review('access', 3),
    review('access', -1),
    review('access', 2, { by: '' }),
    review('access', 5),
  ])
  expect(signedReviews(policy, 'access', Date.UTC(2026, 10, 1, 12))).toMatchObject(
    [3, 5, 9].map((daysAgo) => ({ at: review('access', daysAgo).at })),
  )
})

it('a store that stands twice is asked about once', () => {
  expect(storeIds(withStores([], ['vault', 'tape', 'vault']).policy)).toEqual(['vault', 'tape'])
})
