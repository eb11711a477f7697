import { BackupError } from '../errors.js'
import { DURATIONS, parseDuration } from '../run/quantity.js'
import { checkOptionNames, showValue } from '../source/option-check.js'
import type { OptionDescriptor, OptionDescriptors } from './option.js'

/**
 * The options of a rule with defaults: numbers in their unit, time spans in milliseconds.
 *
 * @throws BackupError `invalid-config` for unknown options, and values that the descriptor does not allow.
 */
export const resolveOptions = (
  rule: string,
  descriptors: OptionDescriptors,
  given: unknown = {},
): Readonly<Record<string, unknown>> => {
  checkOptionNames(rule, given, Object.keys(descriptors))
  const values = given as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    Object.entries(descriptors).map(([name, descriptor]) => {
      const value = values[name]
      if (value === undefined) return [name, descriptor.default]
      const read = readOption(descriptor, value)
      if (read !== undefined) return [name, read]
      const message = `${rule}: the option ${name} is ${showValue(value)}; it must be ${expectedOption(descriptor)}.`
      throw new BackupError({ code: 'invalid-config', message })
    }),
  )
}

/** The value as a rule gets it; `undefined` where the descriptor does not allow it. */
export const readOption = (descriptor: OptionDescriptor, value: unknown): unknown => {
  switch (descriptor.kind) {
    case 'number':
      return inRange(descriptor, value) && isStep(value, descriptor.step) ? value : undefined
    case 'duration': {
      const span = typeof value === 'string' ? parseDuration(value) : value
      return inRange(descriptor, span) ? span : undefined
    }
    case 'choice':
      return descriptor.choices.includes(value as string) ? value : undefined
    case 'flag':
      return typeof value === 'boolean' ? value : undefined
    case 'texts':
      return Array.isArray(value) && value.every((text) => isText(text, descriptor.pattern)) ? value : undefined
  }
}

/** What an option takes, in words that end a sentence. */
export const expectedOption = (descriptor: OptionDescriptor): string => {
  switch (descriptor.kind) {
    case 'number':
      return `a ${descriptor.step === 1 ? 'whole ' : ''}number of ${descriptor.unit} from ${descriptor.min} to ${descriptor.max}`
    case 'duration':
      return `a time span such as 36h or 7d, or milliseconds. ${DURATIONS.replace(/\.$/, '')}`
    case 'choice':
      return `one of ${descriptor.choices.join(', ')}`
    case 'flag':
      return 'true or false'
    case 'texts':
      return `a list of texts${descriptor.form === undefined ? '' : ` ${descriptor.form}`}`
  }
}

/** JSON Schema (2020-12) of the options, for editors and the policy file. */
export const optionsSchema = (descriptors: OptionDescriptors): Readonly<Record<string, unknown>> => ({
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(
    Object.entries(descriptors).map(([name, descriptor]) => [
      name,
      {
        description: descriptor.description,
        ...(descriptor.default !== undefined && { default: descriptor.default }),
        ...optionSchema(descriptor),
      },
    ]),
  ),
})

const optionSchema = (descriptor: OptionDescriptor): Readonly<Record<string, unknown>> => {
  switch (descriptor.kind) {
    case 'number': {
      const { min, max, step } = descriptor
      return { type: step === 1 ? 'integer' : 'number', minimum: min, maximum: max }
    }
    case 'duration': {
      const { min, max } = descriptor
      return {
        anyOf: [
          { type: 'string', pattern: '^([0-9.]+[dD])?([0-9.]+[hH])?([0-9.]+[mM])?([0-9.]+[sS])?$', minLength: 2 },
          { type: 'number', minimum: min, maximum: max },
        ],
      }
    }
    case 'choice':
      return { enum: descriptor.choices }
    case 'flag':
      return { type: 'boolean' }
    case 'texts':
      return {
        type: 'array',
        items: { type: 'string', ...(descriptor.pattern !== undefined && { pattern: descriptor.pattern }) },
      }
  }
}

const inRange = ({ min, max }: { readonly min: number; readonly max: number }, value: unknown): value is number =>
  typeof value === 'number' && value >= min && value <= max

const isText = (value: unknown, pattern: string | undefined): boolean =>
  typeof value === 'string' && (pattern === undefined || new RegExp(pattern, 'u').test(value))

/** Whole numbers where the step is 1; else any number: 99.95 is no multiple of 0.1 in binary, and is meant. */
const isStep = (value: number, step: number): boolean => step !== 1 || Number.isInteger(value)
