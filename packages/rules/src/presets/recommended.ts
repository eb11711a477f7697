import { CATALOGUE } from './catalogue.js'
import { membershipOf } from './membership.js'
import { type Preset, presetOfRules } from './preset.js'

/** What every estate should pass, with the defaults of the rules. */
export const recommended = (): Preset =>
  presetOfRules(
    {
      id: 'recommended',
      title: 'Recommended',
      description: 'What every estate should pass, with the defaults of the rules.',
    },
    CATALOGUE.filter(({ meta }) => membershipOf(meta.id) === 'recommended'),
  )
