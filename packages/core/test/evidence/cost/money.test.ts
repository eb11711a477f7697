import { formatMoney } from '@backproof/core/evidence'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

describe('formatMoney', () => {
  it.each([
    ['USD', 0, '$0'],
    ['USD', 1e-12, 'less than $0.000000001'],
    ['USD', 1e-9, '$0.000000001'],
    ['USD', 4e-7, '$0.0000004'],
    ['USD', 0.000_423, '$0.00042'],
    ['USD', 0.0042, '$0.0042'],
    ['USD', 0.009_99, '$0.01'],
    ['USD', 0.01, '$0.01'],
    ['USD', 0.014, '$0.014'],
    ['USD', 0.5, '$0.50'],
    ['USD', 0.999, '$1.00'],
    ['USD', 1, '$1.00'],
    ['USD', 1_234.5, '$1,234.50'],
    ['EUR', 12.3, '€12.30'],
    ['GBP', 12.345_6, '£12.35'],
    ['CHF', 12.3, 'CHF 12.30'],
    ['CHF', 0, 'CHF 0'],
    ['JPY', 1e-10, 'less than JPY 0.000000001'],
  ])('writes %s %d as %s', (currency, amount, text) => {
    expect(formatMoney({ currency, amount })).toBe(text)
  })

  it('is never off by more than a twentieth, nor by more than half a hundredth above one', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), (amount) => {
        const shown = Number(formatMoney({ currency: 'USD', amount }).replace(/[$,]/g, ''))
        expect(Math.abs(shown - amount)).toBeLessThanOrEqual(amount < 1 ? amount * 0.051 : 0.005_001)
      }),
    )
  })
})
