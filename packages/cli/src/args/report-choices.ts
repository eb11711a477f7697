import { resolve } from 'node:path'
import { escapeKey, nearest } from '@backproof/core/source'
import { FORMATS, type ReportFormat } from '@backproof/reporters/formats'
import type { Values } from './parse.js'
import type { OptionSpec } from './spec.js'
import { usageError } from './usage-error.js'
import { flag, text, texts } from './values.js'

/** One `--report`. */
export interface ReportChoice {
  readonly format: ReportFormat
  /** A path as it was given; `-` is standard output. */
  readonly path: string
}

export const REPORT_OPTION: OptionSpec = {
  name: 'report',
  type: 'string',
  multiple: true,
  value: 'FORMAT=FILE',
  help: `Writes the report to FILE too, or instead of the text to standard output (-). An earlier report of the format is replaced; a file of something else is refused. Repeatable. ${FORMATS.map(({ format, about }) => `${format}: ${about}`).join('; ')}.`,
}

/** @throws BackupError `invalid-config` for formats that nobody knows, and where two would be written to one place. */
export const reportChoices = (values: Values): readonly ReportChoice[] => {
  const choices = texts(values, 'report').map(choiceOf)
  const rows = text(values, 'ndjson')
  const places = new Set(rows === undefined ? [] : [resolve(rows)])
  for (const { path } of choices)
    if (places.size === places.add(path === '-' ? path : resolve(path)).size)
      throw usageError(
        `two reports would go to ${path === '-' ? 'standard output' : escapeKey(path)}`,
        'Give each a file of its own.',
      )
  if (choices.some(({ path }) => path === '-')) {
    const other = ['json', 'show'].find((name) => flag(values, name) || values[name] === 'all')
    if (other !== undefined)
      throw usageError(
        `--report FORMAT=- and --${other} exclude each other`,
        'Both would go to standard output: give the report a file.',
      )
  }
  if (choices.length > 0 && values['explain'] !== undefined)
    throw usageError('--report and --explain exclude each other', 'A report is about all objects, not about one key.')
  return choices
}

const choiceOf = (given: string): ReportChoice => {
  const [, name = given, path = ''] = /^([^=]*)=(.*)$/s.exec(given) ?? []
  const format = FORMATS.find((one) => one.format === name)
  if (format === undefined) {
    const known = FORMATS.map((one) => one.format)
    const near = nearest(name, known)
    const hint = near === undefined ? '' : `Did you mean ${near}? `
    throw usageError(
      `--report does not know the format ${JSON.stringify(name)}`,
      `${hint}Formats: ${known.join(', ')}.`,
    )
  }
  if (path === '')
    throw usageError(
      `--report ${name} names no file`,
      `For example --report ${name}=report, or --report ${name}=- for standard output.`,
    )
  return { format, path }
}
