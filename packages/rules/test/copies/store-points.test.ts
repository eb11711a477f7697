import type { RecoveryPoint } from '@backproof/core/history'
import { describe, expect, it } from 'vitest'
import { MOST_STORES, type PointsByStore, pointsByStore } from '../../src/copies/store-points.js'
import { pointIn } from '../copies-of-shop.js'
import { NOW } from '../restore-test.js'

const options = { acceptUnmarked: false, requireDigest: false }
const context = { now: NOW, options, observedAt: NOW, target: { kind: 'asset', id: 'shop' } }
const fold = (points: readonly RecoveryPoint[]): PointsByStore =>
  points.reduce((state, point) => pointsByStore.step(state, point, context), pointsByStore.init())

describe('recovery points by store', () => {
  it('are the newest of each kind', () => {
    const { stores, unplaced } = fold([
      pointIn('s3', 9, { lockedUntil: NOW + 1, lockMode: 'compliance' }),
      pointIn('s3', 8, { lockedUntil: NOW + 1 }),
      pointIn('s3', 7, { lockedUntil: NOW }),
      pointIn('s3', 6, { complete: null, lockedUntil: NOW + 1, lockMode: 'compliance' }),
      pointIn('s3', 5, { complete: false }),
    ])
    const { usable, unsure, locked, perhapsLocked } = stores.get('s3')!
    expect([usable, locked, unsure, perhapsLocked].map((stop) => stop?.id)).toEqual([
      's3-7h',
      's3-9h',
      's3-6h',
      's3-6h',
    ])
    expect(unplaced).toBe(Number.NEGATIVE_INFINITY)
  })

  it.each([
    ['compliance', NOW + 1, 'locked'],
    ['compliance', NOW, 'open'],
    ['compliance', null, 'perhaps'],
    ['governance', NOW + 1, 'open'],
    ['governance', null, 'open'],
    ['none', null, 'open'],
    ['none', NOW + 1, 'open'],
    [null, NOW + 1, 'perhaps'],
    [null, null, 'perhaps'],
  ] as const)('whose lock is %s until %s are %s', (lockMode, lockedUntil, expected) => {
    const { locked, perhapsLocked } = fold([pointIn('s3', 5, { lockMode, lockedUntil })]).stores.get('s3')!
    const told = locked !== undefined ? 'locked' : perhapsLocked !== undefined ? 'perhaps' : 'open'
    expect(told).toBe(expected)
  })

  it('are held for so many stores, and what is in others is told of', () => {
    const points = Array.from({ length: 10_000 }, (_, i) => pointIn(`store-${i}`, 10_000 - i))
    const { stores, dropped } = fold(points)
    expect(stores.size).toBe(MOST_STORES)
    expect(dropped).toBe(NOW - 3_600_000)
    expect([...stores.keys()].slice(0, 2)).toEqual(['store-0', 'store-1'])
  })

  it('go on for a store that is held, when there is no room for others', () => {
    const points = Array.from({ length: 30 }, (_, i) => pointIn(`store-${i}`, 100 - i))
    const { stores } = fold([...points, pointIn('store-3', 1)])
    expect(stores.get('store-3')?.usable?.id).toBe('store-3-1h')
  })
})
