import { BackupError } from '@backproof/core/errors'
import type { Preset } from '../presets/preset.js'
import { FRAMEWORK_PRESETS } from './framework-preset.js'

/**
 * The rules that speak to clauses of a framework, with its numbers where these are stricter than the defaults of rules. A working
 * proposal, which an auditor has to review.
 *
 * @throws BackupError `invalid-config` for a framework that is not known here.
 */
export const frameworkPreset = (id: string): Preset => {
  const made = Object.hasOwn(FRAMEWORK_PRESETS, id) ? FRAMEWORK_PRESETS[id] : undefined
  if (made !== undefined) return made()
  throw new BackupError({
    code: 'invalid-config',
    message: `There is no preset of a framework ${JSON.stringify(id)}. Known: ${Object.keys(FRAMEWORK_PRESETS).join(', ')}.`,
  })
}
