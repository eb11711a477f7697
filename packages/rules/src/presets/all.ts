import { CATALOGUE } from './catalogue.js'
import { type Preset, presetOfRules } from './preset.js'

/** Every rule of the package, the opt-in ones too, with the defaults of the rules. */
export const all = (): Preset =>
  presetOfRules(
    {
      id: 'all',
      title: 'All',
      description: 'Every rule that there is, the opt-in ones too, with the defaults of the rules.',
    },
    CATALOGUE,
  )
