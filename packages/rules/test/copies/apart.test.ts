import type { FailureDomains } from '@backproof/core/audit'
import { describe, expect, it } from 'vitest'
import { relationOf } from '../../src/copies/apart.js'
import { relationIn } from '../../src/copies/domains.js'

type Row = readonly [FailureDomains, FailureDomains, 'shared' | 'apart' | 'unknown']

const check = (rows: readonly Row[], relation: (a: FailureDomains, b: FailureDomains) => string): void => {
  for (const [a, b, expected] of rows) {
    expect(relation(a, b), `${JSON.stringify(a)} ${JSON.stringify(b)}`).toBe(expected)
    expect(relation(b, a), `${JSON.stringify(b)} ${JSON.stringify(a)}`).toBe(expected)
  }
}

describe('two places', () => {
  it('are compared by name, without case and space around it', () => {
    const rows: readonly Row[] = [
      [{ account: 'corp' }, { account: ' Corp' }, 'shared'],
      [{ account: 'corp' }, { account: 'corp2' }, 'apart'],
      [{ account: 'corp' }, {}, 'unknown'],
      [{ account: '' }, { account: 'corp' }, 'unknown'],
      [{}, {}, 'unknown'],
    ]
    check(rows, (a, b) => relationOf(a, b, 'account'))
  })

  it('are at one site where both name it, else where their regions tell', () => {
    const rows: readonly Row[] = [
      [{ site: 'hq' }, { site: 'HQ', region: 'other' }, 'shared'],
      [{ site: 'hq', region: 'eu' }, { site: 'dr', region: 'eu' }, 'apart'],
      [{ region: 'eu' }, { region: 'us' }, 'apart'],
      [{ region: 'eu' }, { region: 'eu' }, 'shared'],
      [{ region: 'eu', site: 'hq' }, { region: 'us' }, 'apart'],
      [{ region: 'eu', site: 'hq' }, { region: 'eu' }, 'unknown'],
      [{ site: 'hq' }, { region: 'eu' }, 'unknown'],
      [{ site: 'hq' }, {}, 'unknown'],
    ]
    check(rows, (a, b) => relationOf(a, b, 'site'))
  })

  it('are on two devices where they name them, or lie at two sites, or with two providers', () => {
    const rows: readonly Row[] = [
      [{ device: 'a' }, { device: 'b' }, 'apart'],
      [{ device: 'stretched', region: 'eu' }, { device: 'stretched', region: 'us' }, 'shared'],
      [{ device: 'a', region: 'eu' }, { region: 'us' }, 'apart'],
      [{ provider: 'aws' }, { provider: 'azure' }, 'apart'],
      [{ provider: 'aws', region: 'eu' }, { provider: 'aws', region: 'eu' }, 'unknown'],
      [{ account: '1' }, { account: '2' }, 'unknown'],
    ]
    check(rows, (a, b) => relationOf(a, b, 'device'))
  })

  it('share administrators where they have one in common', () => {
    const rows: readonly Row[] = [
      [{ administrators: ['a', 'b'] }, { administrators: ['c', 'B '] }, 'shared'],
      [{ administrators: ['a'] }, { administrators: ['b'] }, 'apart'],
      [{ administrators: ['a'] }, { administrators: [] }, 'unknown'],
      [{ administrators: ['a'] }, { administrators: [' '] }, 'unknown'],
      [{ administrators: ['a'] }, {}, 'unknown'],
    ]
    check(rows, (a, b) => relationIn(a, b, 'administrators'))
  })
})
