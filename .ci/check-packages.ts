/**
 * Checks the packages as their users get them: packed, installed together outside the repository, compiled against,
 * imported, required and run. `npm run check:packages` builds first. `--skip NAME` leaves a check out.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { cloudProviderWorks } from './packages/cloud-providers.js'
import { kitRuns, kitRunsInJest } from './packages/conformance.js'
import { consumerCompiles, consumerRuns, workersStart } from './packages/consumer.js'
import { contents } from './packages/contents.js'
import { CheckFailure, type Context } from './packages/context.js'
import { oneRuleIsSmall } from './packages/one-rule.js'
import { installAll, packAll } from './packages/pack.js'
import { publishedShape } from './packages/published-shape.js'
import { importTime, versionTime } from './packages/start-times.js'
import { twoCopies } from './packages/two-copies.js'

const CHECKS: Readonly<Record<string, (context: Context) => Promise<string>>> = {
  'what is in the tarballs': contents,
  'publint and types resolve': publishedShape,
  'a strict consumer compiles': consumerCompiles,
  'import and require()': consumerRuns,
  'worker threads': workersStart,
  'two copies of core': twoCopies,
  'conformance kit': kitRuns,
  'conformance kit in jest': kitRunsInJest,
  'provider of S3': cloudProviderWorks('s3'),
  'provider of Azure Blob Storage': cloudProviderWorks('azblob'),
  'provider of Google Cloud Storage': cloudProviderWorks('gs'),
  'one rule in a bundle': oneRuleIsSmall,
  'time to import core': importTime('@backproof/core'),
  'time to import provider-aws': importTime('@backproof/provider-aws'),
  'time to import provider-azure': importTime('@backproof/provider-azure'),
  'time to import provider-gcp': importTime('@backproof/provider-gcp'),
  'time of backproof --version': versionTime,
}

const { skip } = parseArgs({ options: { skip: { type: 'string', multiple: true, default: [] } } }).values
for (const name of skip) if (CHECKS[name] === undefined) throw new Error(`--skip ${name}: there is no such check`)
const root = join(import.meta.dirname, '..')
const temp = await mkdtemp(join(tmpdir(), 'backproof-packages-'))
let failed = 0

const report = (name: string, error: unknown): void => {
  failed += 1
  console.error(`FAILED  ${name}`)
  if (!(error instanceof CheckFailure)) throw error
  console.error(indent(error.message))
  console.error(indent(`To fix: ${error.fix}`))
}
const indent = (text: string): string => text.replaceAll(/^/gm, '        ')

try {
  const packed = await packAll(root, temp)
  const project = await installAll(packed, temp, root)
  console.log(`ok      pack and install: ${packed.map((one) => `${one.name}@${one.version}`).join(', ')}`)
  for (const [name, check] of Object.entries(CHECKS)) {
    if (skip.includes(name)) continue
    await check({ root, temp, packed, project }).then(
      (detail) => console.log(`ok      ${name}: ${detail}`),
      (error: unknown) => report(name, error),
    )
  }
} catch (error) {
  report('pack and install', error)
} finally {
  await rm(temp, { recursive: true, force: true })
}
process.exitCode = failed === 0 ? 0 : 1
