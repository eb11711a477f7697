import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// Tests import packages by name and get their TypeScript sources; suites that need the built packages
// (workers, the binary, examples) look for dist/ and are run by `npm test`, which builds first.
const conditions = ['backproof-source', 'node', 'import', 'module', 'default']
const report = process.env['TEST_REPORT'] ?? 'coverage/tests.json'

export default defineConfig({
  root: join(import.meta.dirname, '..'),
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'examples/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    reporters: process.env['CI'] ? ['default', ['json', { outputFile: report }]] : ['default'],
  },
})
