import { COLUMNS, table, wrap } from '@backproof/reporters/text'
import { HELP_OPTION } from '../args/parse.js'
import { EXIT_CODES } from '../args/run-spec.js'
import type { CommandSpec, OptionSpec } from '../args/spec.js'
import { COMMANDS } from '../commands.js'

/** What `backproof help` shows. */
export const overview =
  (): string => `Backproof proves backups: that every object is there and that every byte is the byte that was backed up.

Usage: backproof COMMAND [OPTIONS] ...

${table(COMMANDS.map(({ name, summary }) => [name, summary]))}
${table([
  ['help COMMAND', 'Options and examples of a command.'],
  ['--version', 'The version.'],
])}
First steps:
  backproof demo
  backproof compare /srv/data /mnt/backup/data

${exitCodes()}`

/** What `backproof help COMMAND` shows. */
export const commandHelp = (spec: CommandSpec): string => `${spec.summary}

${spec.usage.map((line, i) => `${i === 0 ? 'Usage: ' : '       '}backproof ${line}`).join('\n')}

${spec.about.map((paragraph) => wrap(paragraph, COLUMNS).join('\n')).join('\n\n')}

Options:
${table([...spec.options, HELP_OPTION].map((option) => [optionName(option), option.help]))}
Examples:
${spec.examples.map(({ command, meaning }) => `  # ${meaning}\n  backproof ${command}`).join('\n')}

${exitCodes()}`

const exitCodes = (): string => `Exit codes:\n${table(EXIT_CODES.map(([code, meaning]) => [String(code), meaning]))}`

const optionName = ({ name, short, value }: OptionSpec): string =>
  `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`
