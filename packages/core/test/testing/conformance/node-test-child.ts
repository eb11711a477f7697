// Run as a child process by runners.test.ts: the kit under node:test.
import { describe, it } from 'node:test'
import { registerConformance } from '../../../src/testing/index.js'
import { threeKits } from './three-kits.js'

for (const [title, kit] of Object.entries(threeKits())) registerConformance(kit, { describe, it }, title)
