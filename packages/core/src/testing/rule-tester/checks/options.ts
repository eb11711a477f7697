import type { OptionDescriptor } from '../../../audit/option.js'
import { readOption } from '../../../audit/option-values.js'
import { isBackupError } from '../../../errors.js'
import { showValue } from '../../../source/option-check.js'
import type { Bench, CheckDefinition } from '../bench.js'
import { broken } from '../broken.js'

export const optionChecks: readonly CheckDefinition[] = [
  {
    name: 'options-described',
    title: 'each option says what it is and where its default comes from, and allows its default',
    run: ({ meta }) => {
      for (const [name, descriptor] of Object.entries(meta.options)) {
        const { description, source, default: value } = descriptor
        if (description.trim() === '') throw broken(`The option ${name} has no description.`)
        if (source.trim() === '') throw broken(`The option ${name} does not say where its default comes from.`)
        if (value === undefined) {
          if (!('otherwise' in descriptor) || (descriptor.otherwise ?? '').trim() === '')
            throw broken(`The option ${name} has no default, and does not say what holds otherwise.`)
        } else if (readOption(descriptor, value) === undefined)
          throw broken(`The option ${name} does not allow its own default, ${showValue(value)}.`)
      }
    },
  },
  {
    name: 'options-refused',
    title: 'unknown options and values that are not allowed are refused',
    run: (bench) => {
      refuses(bench, 'no-such-option', 1)
      for (const [name, descriptor] of Object.entries(bench.meta.options))
        for (const value of wrongValues(descriptor)) refuses(bench, name, value)
    },
  },
]

const refuses = ({ factory, meta }: Bench, name: string, value: unknown): void => {
  try {
    factory({ [name]: value } as never)
  } catch (error) {
    if (isBackupError(error) && error.code === 'invalid-config') return
    throw broken(`${meta.id} refuses ${name} ${showValue(value)} with ${String(error)}, not with invalid-config.`)
  }
  throw broken(`${meta.id} takes ${showValue(value)} for the option ${name}.`)
}

const wrongValues = (descriptor: OptionDescriptor): readonly unknown[] => {
  switch (descriptor.kind) {
    case 'number':
    case 'duration': {
      const { min, max, step } = descriptor
      return [min - step, max + step, Number.NaN, null, 'nonsense']
    }
    case 'choice':
      return [`no-${descriptor.choices.join('-or-')}`, 1, null]
    case 'flag':
      return ['yes', 1, null]
    case 'texts':
      return ['text', [1], null]
  }
}
