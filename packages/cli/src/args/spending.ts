import type { Budget } from '@backproof/core/compare'
import { DURATIONS, parseDuration, parseSize, SIZES } from '@backproof/core/run'
import { nearest } from '@backproof/core/source'
import type { Values } from './parse.js'
import { usageError } from './usage-error.js'
import { text } from './values.js'

const LIMITS = ['bytes', 'requests', 'money', 'seconds'] as const
type Limit = (typeof LIMITS)[number]

/** What `--budget bytes=10GB,requests=100000,money=5,seconds=1h` permits; each limit at most once. */
export const budget = (values: Values): Budget | undefined => {
  const given = text(values, 'budget')
  if (given === undefined) return undefined
  const limits = given.split(',').map(limitOf)
  const names = limits.map(([name]) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw usageError(`--budget limits ${twice} twice`, 'Name each limit once.')
  return Object.fromEntries(limits)
}

/** Bytes that `--read-ceiling` permits to be read, or `none` for no limit. */
export const readCeiling = (values: Values): number | 'none' | undefined => {
  const given = text(values, 'read-ceiling')
  if (given === undefined || given === 'none') return given
  const bytes = parseSize(given)
  if (bytes === undefined) throw usageError(`--read-ceiling ${JSON.stringify(given)} is no size`, `${SIZES} Or none.`)
  return bytes
}

const limitOf = (one: string): readonly [Limit, number] => {
  const [, name = '', amount = ''] = /^\s*([a-z]+)\s*=\s*(.*?)\s*$/is.exec(one) ?? []
  const limit = LIMITS.find((known) => known === name)
  if (limit === undefined) throw unknownLimit(one, name)
  const value = AMOUNTS[limit](amount)
  if (value === undefined) throw usageError(`--budget ${limit}=${amount}: ${WANTED[limit][0]}`, WANTED[limit][1])
  return [limit, value]
}

const AMOUNTS: Readonly<Record<Limit, (amount: string) => number | undefined>> = {
  bytes: parseSize,
  requests: (amount) => (/^\d{1,15}$/.test(amount) ? Number(amount) : undefined),
  money: (amount) => (/^\d{1,12}(?:\.\d{1,9})?$/.test(amount) ? Number(amount) : undefined),
  // A bare number is what the name says.
  seconds: (amount) => {
    const milliseconds = parseDuration(/^[\d.]+$/.test(amount) ? `${amount}s` : amount)
    return milliseconds === undefined ? undefined : milliseconds / 1000
  },
}

const WANTED: Readonly<Record<Limit, readonly [string, string]>> = {
  bytes: ['that is no size', SIZES],
  requests: ['that is no whole number', 'For example requests=100000.'],
  money: ['that is no amount', 'Write a number, in the currency of the prices: money=5 or money=0.25.'],
  seconds: ['that is no duration', `${DURATIONS} A number without a unit is seconds.`],
}

const unknownLimit = (one: string, name: string): Error => {
  const near = name === '' ? undefined : nearest(name, LIMITS)
  const hint = near === undefined ? '' : `Did you mean ${near}? `
  return usageError(
    `--budget ${JSON.stringify(one)} is no limit`,
    `${hint}Known: ${LIMITS.join(', ')}. For example --budget bytes=10GB,requests=100000,money=5,seconds=1h.`,
  )
}
