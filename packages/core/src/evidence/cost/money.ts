import type { Rates } from './rates.js'

export interface Money {
  /** ISO 4217. */
  readonly currency: string
  readonly amount: number
}

/** Amounts by currency (ISO 4217). Nothing is converted: rates of exchange change, and whose would it be? */
export type Amounts = Readonly<Record<string, number>>

/** A cost as money. `undefined` where the rates are no prices, or nothing is charged. */
export const moneyOf = (cost: number, { currency, known }: Rates): Money | undefined =>
  known && currency !== undefined ? { currency, amount: cost } : undefined

/** The amounts with one more. `undefined` adds nothing. */
export const addMoney = (amounts: Amounts, money: Money | undefined): Amounts =>
  money === undefined
    ? amounts
    : {
        ...amounts,
        [money.currency]: (Object.hasOwn(amounts, money.currency) ? amounts[money.currency]! : 0) + money.amount,
      }

const SYMBOLS: Readonly<Record<string, string>> = { USD: '$', EUR: '€', GBP: '£' }

/** Below this, digits say nothing to people. */
const SMALLEST = 1e-9

/**
 * For people: `$1,234.50`, `CHF 12.30`; below one, two digits that count (`$0.0042`); below a thousand-millionth, `less than
 * $0.000000001`. Nothing is `$0`.
 */
export const formatMoney = ({ currency, amount }: Money): string => {
  const symbol = Object.hasOwn(SYMBOLS, currency) ? SYMBOLS[currency]! : `${currency} `
  if (amount === 0) return `${symbol}0`
  if (amount < SMALLEST) return `less than ${symbol}0.000000001`
  // Two digits from the first that is not 0.
  const digits = amount >= 1 ? 2 : Math.max(2, 1 - Math.floor(Math.log10(amount)))
  const text = amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: digits })
  return `${symbol}${text}`
}
