// Run as a child process by runners.test.ts: the kit under vitest; prints vitest's own JSON report.
import { join } from 'node:path'
import { startVitest } from 'vitest/node'

const conditions = ['backproof-source', 'node', 'import', 'module', 'default']
const vitest = await startVitest(
  'test',
  [],
  {
    config: false,
    root: import.meta.dirname,
    include: [join(import.meta.dirname, 'cases-child.ts')],
    watch: false,
    reporters: [['json', { outputFile: process.argv[2] }]],
  },
  { resolve: { conditions }, ssr: { resolve: { conditions } } },
)
await vitest.close()
