import {
  type AuditRule,
  expectedOption,
  type OptionDescriptor,
  type OptionDescriptors,
  type OptionInputs,
  type RuleFactory,
  readOption,
} from '@backproof/core/audit'
import { nearest } from '@backproof/core/source'
import { findRule } from '../audit/known-rules.js'
import { usageError } from './usage-error.js'

/**
 * Rules as `--rule ID[:option=value,...]` names them. A list is given as its option several times; a flag alone is true.
 * @throws BackupError `invalid-config` for unknown rules and options (the nearest is suggested), wrong values, and a rule twice.
 */
export const chosenRules = (given: readonly string[], known: readonly RuleFactory[]): readonly AuditRule[] => {
  const seen = new Set<string>()
  return given.map((text) => {
    const [id, rest] = splitAt(text, ':')
    const rule = findRule(known, id)
    if (seen.has(id))
      throw usageError(
        `--rule ${id} was given twice`,
        'Give it once. A policy can use a rule several times, each with a name of its own.',
      )
    seen.add(id)
    if (rest === '') throw usageError(`--rule ${text} ends before its options`, `Write ${id}, or ${id}:option=value.`)
    return rule(rest === undefined ? {} : optionsOf(rule, rest))
  })
}

const optionsOf = ({ meta: { id, options } }: RuleFactory, text: string): OptionInputs<OptionDescriptors> => {
  const values = new Map<string, unknown>()
  for (const part of text.split(',')) {
    const [name, value] = splitAt(part, '=')
    const descriptor = descriptorOf(id, options, name)
    if (values.has(name) && descriptor.kind !== 'texts')
      throw usageError(`--rule ${id}: the option ${name} was given twice`, 'Give it once.')
    const read = readText(descriptor, value, values.get(name))
    if (read === undefined)
      throw usageError(
        `--rule ${id}: ${value === undefined ? `the option ${name} has no value` : `the option ${name} is ${JSON.stringify(value)}`}`,
        `It must be ${expectedOption(descriptor)}.`,
      )
    values.set(name, read)
  }
  // Read by its descriptor, each is what the rule takes.
  return Object.fromEntries(values) as OptionInputs<OptionDescriptors>
}

const descriptorOf = (id: string, options: OptionDescriptors, name: string): OptionDescriptor => {
  const descriptor = Object.hasOwn(options, name) ? options[name] : undefined
  if (descriptor !== undefined) return descriptor
  const known = Object.keys(options)
  const near = nearest(name, known)
  const hint = near === undefined ? '' : `Did you mean ${near}? `
  throw usageError(
    `--rule ${id}: there is no option ${JSON.stringify(name)}`,
    `${hint}${known.length === 0 ? 'It has none.' : `Known: ${known.join(', ')}.`}`,
  )
}

/** The value of an option from text; `undefined` where it cannot be one. */
const readText = (descriptor: OptionDescriptor, text: string | undefined, before: unknown): unknown => {
  switch (descriptor.kind) {
    case 'number':
      return /^\d+(?:\.\d+)?$/.test(text ?? '') ? readOption(descriptor, Number(text)) : undefined
    case 'flag':
      return text === undefined || text === 'true' ? true : text === 'false' ? false : undefined
    case 'texts':
      return text === undefined
        ? undefined
        : readOption(descriptor, [...((before as readonly string[] | undefined) ?? []), text])
    default:
      return readOption(descriptor, text)
  }
}

const splitAt = (text: string, separator: string): readonly [string, string | undefined] => {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}
