import { parseArgs } from 'node:util'
import { nearest } from '@backproof/core/source'
import type { CommandSpec, OptionSpec } from './spec.js'
import { usageError } from './usage-error.js'

/** The values of the options that were given, by long name. */
export type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>

export interface Parsed {
  readonly values: Values
  readonly positionals: readonly string[]
}

/** Understood by every command. */
export const HELP_OPTION: OptionSpec = { name: 'help', type: 'boolean', short: 'h', help: 'Show this help.' }

/**
 * Parses the arguments after the command's name.
 * @throws BackupError `invalid-config` for an unknown option (the nearest known one is suggested), a missing value, or
 *   a single option given twice: the last one winning would be a silent choice.
 */
export const parse = (spec: CommandSpec, args: readonly string[]): Parsed => {
  const specs = [...spec.options, HELP_OPTION]
  const options = Object.fromEntries(
    specs.map((option) => [
      option.name,
      {
        type: option.type,
        ...(option.short !== undefined && { short: option.short }),
        ...(option.multiple === true && { multiple: true }),
      },
    ]),
  )
  const loose = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true })
  const seen = new Set<string>()
  for (const token of loose.tokens) {
    if (token.kind !== 'option') continue
    const known = specs.find((option) => option.name === token.name)
    if (known === undefined) throw unknownOption(spec, token.rawName, token.name, specs)
    if (known.type === 'string' && seen.has(known.name) && known.multiple !== true)
      throw usageError(`--${known.name} was given twice`, 'Give it once.')
    seen.add(known.name)
  }
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, strict: true, allowPositionals: true })
    return { values, positionals }
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0]! : String(error)
    throw usageError(
      reason.replace(/\.$/, ''),
      `Values that begin with a dash are written --name=VALUE. ${seeHelp(spec)}`,
    )
  }
}

export const seeHelp = (spec: CommandSpec): string => `See \`backproof help ${spec.name}\`.`

const unknownOption = (spec: CommandSpec, raw: string, name: string, specs: readonly OptionSpec[]): Error => {
  const near = nearest(
    name,
    specs.map((option) => option.name),
  )
  const hint = near === undefined ? '' : `Did you mean --${near}? `
  const reports = name === 'report' ? 'Reports are of runs that prove something: compare, verify, audit, demo. ' : ''
  return usageError(`unknown option ${raw}`, `${reports || hint}${seeHelp(spec)}`)
}
