// Run by vitest-child.mjs.
import { describe, it } from 'vitest'
import { registerConformance } from '../../../src/testing/index.js'
import { threeKits } from './three-kits.js'

for (const [title, kit] of Object.entries(threeKits())) registerConformance(kit, { describe, it }, title)
