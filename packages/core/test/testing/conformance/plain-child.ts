// Run as a child process by runners.test.ts: the kit under no test runner.
import type { ConformanceReport } from '../../../src/testing/index.js'
import { threeKits } from './three-kits.js'

const reports: Record<string, ConformanceReport> = {}
for (const [title, kit] of Object.entries(threeKits())) reports[title] = await kit.run()
console.log(JSON.stringify(reports))
