import { BackupError } from '../errors.js'

/**
 * Refuses what is no options object, and names that no option has: a typing error must not be ignored. For factories of
 * providers, whose options may come from plain JavaScript or a command line.
 *
 * @param provider Short name of the provider, for the error.
 * @throws BackupError `invalid-config`.
 */
export const checkOptionNames = (
  factory: string,
  options: unknown,
  known: readonly string[],
  provider?: string,
): void => {
  const refused = (message: string): BackupError => new BackupError({ code: 'invalid-config', message, provider })
  if (typeof options !== 'object' || options === null) {
    throw refused(`${factory} takes one options object, not ${showValue(options)}.`)
  }
  const unknown = Object.keys(options).filter((name) => !known.includes(name))
  if (unknown.length === 0) return
  throw refused(`${factory} has no option ${unknown.map(showValue).join(', ')}; it knows ${known.join(', ')}.`)
}

/** A wrong value for a message: text in quotes, and nothing of what is in an object. */
export const showValue = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(value)
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}
