import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// Tests import packages by name and get their TypeScript sources; suites that need the built packages
// (workers, the binary, examples) look for dist/ and are run by `npm test`, which builds first.
// Not `module`: Node does not know it, and packages of the AWS SDK name a form there that only bundlers can load.
const conditions = ['backproof-source', 'node', 'import', 'default']
const report = process.env['TEST_REPORT'] ?? 'coverage/tests.json'

/** Suites that measure time and memory, or fill the disk with gigabytes: one after the other, when all others are done. */
const alone = ['packages/*/test/**/scale.test.ts', 'packages/*/test/**/hostile-large.test.ts']

export default defineConfig({
  root: join(import.meta.dirname, '..'),
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    reporters: process.env['CI'] ? ['default', ['json', { outputFile: report }]] : ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['packages/*/test/**/*.test.ts', 'examples/**/*.test.ts'],
          exclude: alone,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      { extends: true, test: { name: 'alone', include: alone, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
})
