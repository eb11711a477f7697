import { nearest } from '@backproof/core/source'
import type { Values } from './parse.js'
import { usageError } from './usage-error.js'

export const flag = (values: Values, name: string): boolean => values[name] === true

/** The text of an option; `undefined` when it was not given. Empty text is refused. */
export const text = (values: Values, name: string): string | undefined => {
  const value = values[name]
  if (typeof value !== 'string') return undefined
  if (value === '') throw usageError(`--${name} is empty`, `Give it a value, or leave --${name} out.`)
  return value
}

/** Every value of a repeatable option. */
export const texts = (values: Values, name: string): readonly string[] => {
  const value = values[name]
  const given = Array.isArray(value) ? value.map(String) : []
  if (given.includes('')) throw usageError(`--${name} is empty`, `Give it a value, or leave --${name} out.`)
  return given
}

/** One of `allowed`. */
export const choice = <T extends string>(values: Values, name: string, allowed: readonly T[]): T | undefined => {
  const value = text(values, name)
  return value === undefined ? undefined : oneOf(value, name, allowed)
}

/** A comma-separated list of `allowed`. */
export const choices = <T extends string>(
  values: Values,
  name: string,
  allowed: readonly T[],
): readonly T[] | undefined =>
  text(values, name)
    ?.split(',')
    .map((part) => oneOf(part.trim(), name, allowed))

/** A whole number of at least `minimum`. */
export const integer = (values: Values, name: string, minimum: number): number | undefined => {
  const value = text(values, name)
  if (value === undefined) return undefined
  const number = Number(value)
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(number) || number < minimum)
    throw usageError(
      `--${name} ${value} is not a whole number of at least ${minimum}`,
      `For example --${name} ${minimum + 4}.`,
    )
  return number
}

const oneOf = <T extends string>(value: string, name: string, allowed: readonly T[]): T => {
  const found = allowed.find((one) => one === value)
  if (found !== undefined) return found
  const near = nearest(value, allowed)
  const hint = near === undefined ? '' : `Did you mean ${near}? `
  throw usageError(`--${name} does not know ${JSON.stringify(value)}`, `${hint}Known: ${allowed.join(', ')}.`)
}
