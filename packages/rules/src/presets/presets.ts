import { all } from './all.js'
import type { Preset } from './preset.js'
import { recommended } from './recommended.js'
import { strict } from './strict.js'

/** The presets that are no framework's, by their ids. */
export const PRESETS: Readonly<Record<string, () => Preset>> = { recommended, strict, all }
