import type { AlertRoute } from '@backproof/core/audit'
import { describe, expect, it } from 'vitest'
import { alertCover, alertNeeds, isTested } from '../src/alert-routes.js'
import { plan } from './job-run.js'
import { DAY, MINUTE, NOW, shop } from './restore-test.js'

const clock = { now: NOW, maxAge: 90 * DAY }
const contacts = [
  { id: 'ops', name: 'Operations', channels: ['mailto:ops@example.com', 'tel:+4930123456'] },
  { id: 'nobody', name: 'Nobody', channels: [] },
]

const route = (parts: Partial<AlertRoute>): AlertRoute => ({
  id: 'r',
  on: ['failed'],
  to: ['ops'],
  tested: NOW,
  ...parts,
})

const coverOf = (...alerts: readonly Partial<AlertRoute>[]) => {
  const { routes, channels, tested } = alertCover(
    { alerts: alerts.map(route), contacts },
    'shop',
    { on: 'failed', plan: 'nightly' },
    clock,
  )
  return [routes.length, channels, tested]
}

describe('what has to be alerted', () => {
  it('is each failure, and what did not run where there is a schedule', () => {
    const daily = plan('nightly', { schedules: [{ cron: '0 3 * * *', timezone: 'UTC' }] })
    expect(alertNeeds(shop({ plans: [daily, plan('by-hand')] }))).toEqual([
      { on: 'failed', plan: 'nightly' },
      { on: 'missed', plan: 'nightly' },
      { on: 'failed', plan: 'by-hand' },
    ])
  })

  it('is both for an asset without plans, or without a policy', () => {
    const both = [{ on: 'failed' }, { on: 'missed' }]
    expect(alertNeeds(shop())).toEqual(both)
    expect(alertNeeds(undefined)).toEqual(both)
  })
})

describe('routes of alerts', () => {
  it.each<readonly [string, Partial<AlertRoute>, readonly number[]]>([
    ['cover all assets and plans where they name none', {}, [1, 2, 2]],
    ['cover assets by pattern', { assets: ['mail', 'sh*p'] }, [1, 2, 2]],
    ['do not cover other assets', { assets: ['shop-*'] }, [0, 0, 0]],
    ['cover plans by pattern', { plans: ['night*'] }, [1, 2, 2]],
    ['do not cover other plans', { plans: ['weekly'] }, [0, 0, 0]],
    ['do not cover what they are not for', { on: ['missed'] }, [0, 0, 0]],
    ['reach addresses', { to: ['https://hooks.example/x', 'ops'] }, [1, 3, 3]],
    ['reach nobody by a name that is no contact', { to: ['oops', 'nobody', 'mailto:'] }, [1, 0, 0]],
    ['count as tested for some time', { tested: NOW - 91 * DAY }, [1, 2, 0]],
  ])('%s', (_, parts, expected) => {
    expect(coverOf(parts)).toEqual(expected)
  })

  it('reach a channel once, however many lead there', () => {
    expect(
      coverOf({}, { id: 'again', to: ['tel:+4930123456'] }, { id: 'old', to: ['tel:+1'], tested: undefined }),
    ).toEqual([3, 3, 2])
  })

  it('were tested when the test is over', () => {
    expect(isTested(route({ tested: NOW + 4 * MINUTE }), NOW, DAY)).toBe(true)
    expect(isTested(route({ tested: NOW + 6 * MINUTE }), NOW, DAY)).toBe(false)
  })
})
