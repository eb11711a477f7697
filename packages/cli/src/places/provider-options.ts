import { usageError } from '../args/usage-error.js'

/** An option for the provider of a URI, as `--with` gives it. */
export interface ProviderOption {
  /** Only for URIs of this scheme; absent: for all. */
  readonly scheme?: string | undefined
  readonly name: string
  readonly value: string | number | boolean
  /** The variable that the value came from: then it may be a secret, and is not shown. */
  readonly variable?: string | undefined
}

/**
 * Reads `[SCHEME:]NAME=VALUE`. `true`, `false` and whole numbers are what they look like, `env:NAME` is what stands in that
 * variable, anything else is text.
 */
export const parseProviderOptions = (
  given: readonly string[],
  environment: NodeJS.ProcessEnv,
): readonly ProviderOption[] => given.map((one) => parseOne(one, environment))

const parseOne = (given: string, environment: NodeJS.ProcessEnv): ProviderOption => {
  const [, scheme, name, text] = /^(?:([a-z][a-z0-9+.-]*):)?([a-z][a-z0-9]*)=(.+)$/is.exec(given) ?? []
  if (name === undefined || text === undefined) {
    // What was given may hold a secret: only what stands in front of the sign is shown.
    throw usageError(
      `--with ${JSON.stringify(given.replace(/=.*$/s, '=...'))} is not NAME=VALUE`,
      'For example --with profile=ceph, or --with s3:requesterPays=true for places of one scheme.',
    )
  }
  const of = scheme === undefined ? {} : { scheme: scheme.toLowerCase() }
  const variable = /^env:(\w+)$/.exec(text)?.[1]
  if (variable === undefined) return { ...of, name, value: scalarOf(text) }
  const value = environment[variable]
  if (value !== undefined && value !== '') return { ...of, name, value, variable }
  throw usageError(`--with ${name}=env:${variable}: that variable is not set`, `Set it: export ${variable}=...`)
}

const scalarOf = (text: string): string | number | boolean => {
  if (text === 'true' || text === 'false') return text === 'true'
  return /^(?:0|[1-9]\d{0,14})$/.test(text) ? Number(text) : text
}

/** The options for a list, which have its word in front: those without one are for the place that its files are in. */
export const optionsForList = (list: string, given: readonly ProviderOption[]): readonly ProviderOption[] =>
  given.filter(({ scheme }) => scheme === list)

/** The options for a URI. */
export const optionsFor = (uri: string, given: readonly ProviderOption[]): readonly ProviderOption[] => {
  const scheme = uri.slice(0, uri.indexOf(':')).toLowerCase()
  return given.filter((option) => option.scheme === undefined || option.scheme === scheme)
}
