import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { newestSdks } from './newest-sdks.js'

// Tests import packages by name and get their TypeScript sources; suites that need the built packages
// (workers, the binary, examples) look for dist/ and are run by `npm test`, which builds first.
// Not `module`: Node does not know it, and packages of the AWS SDK name a form there that only bundlers can load.
const conditions = ['backproof-source', 'node', 'import', 'default']
const report = process.env['TEST_REPORT'] ?? 'coverage/tests.json'
/** A folder with other versions of the SDKs: `.ci/other-nodes` installs them. */
const sdks = process.env['NEWEST_SDKS']

// Of the projects below, `.ci/other-nodes` runs `together`, `core` and `providers`: all that touches what Node does.

/** Races against other tools: alone, when all others are done. */
const races = ['packages/*/test/**/scale.test.ts']
/** Minutes or gigabytes in one file. */
const large = ['memory', 'hostile-large', 'rgw'].map((name) => `packages/*/test/**/${name}.test.ts`)
/** What says the same under every Node: rules of the code and the docs, proofs of pure functions. */
const same = [
  'packages/*/test/{architecture,docs}.test.ts',
  'packages/core/test/testing/mutants/*.test.ts',
  'packages/core/test/compare/{budget,dated,minority,plan,properties,sample}.test.ts',
  'packages/core/test/{evidence,report,policy,history}/**/*.test.ts',
  'packages/{reporters,rules}/test/**/*.test.ts',
]
/**
 * Tests of providers leave no state behind: the files of a worker share its modules, as importing an SDK costs a second. That
 * saves a sixth of the processor time.
 */
const providers = ['packages/provider-{aws,azure,gcp,local}/test/**/*.test.ts']
/** Tests of core and of rules leave no state behind either. Importing core for each of two hundred files takes a minute of processor time. */
const pure = (folders: string): string => `packages/core/test/{${folders}}/**/*.test.ts`
const core = [
  pure('audit,compare,digest,inventory,object-store,preflight,run,schedule,source,testing,verify'),
  'packages/core/test/errors.test.ts',
]

/**
 * Where other SDKs are tried: S3's own ways, whose SDK is the same; and examples and most commands, which are processes with the
 * usual SDKs: some show that the command runs, on a terminal too.
 */
const sameSdk =
  sdks === undefined
    ? []
    : [
        'packages/provider-aws/test/{faults,inventory,object,platform,preflight}/*.test.ts',
        'packages/cli/test/commands/{archives,audit,audit-errors,audit-guide,code,compare,exit-codes,explain,explain-s3,hostile-names,lists,manifest,plan,report,rules,spending,verify-hash}.test.ts',
        // Joining, lists and verdicts are our own code: they say the same whatever SDK lies below.
        pure('compare,inventory,preflight,verify'),
        'packages/core/test/run/range-listing.test.ts',
        // What lies in archives is our own code too; the zlib below them, the rest of their tests try.
        'packages/provider-local/test/archive/{archive-conformance,tar-oracles,zip-fuzz,zip-oracles}.test.ts',
        // Lists of names and digests are text.
        'packages/provider-local/test/{manifest,rclone}/*.test.ts',
        'examples/**',
      ]
/** Servers that only tests use: what Node and other SDKs do there, the tests of providers find. */
const servers = ['packages/test-servers/test/*/**/*.test.ts']

/**
 * What a Node between the oldest and the newest runs (`TEST_BETWEEN=1`), which run everything: what rests on Node's files,
 * streams, sockets, threads and digests. Formats of lists and archives say the same where the oldest and the newest agree.
 */
const between =
  process.env['TEST_BETWEEN'] === undefined
    ? undefined
    : {
        // Processes: the packed packages are tried on every Node, those of clouds and the command too.
        together: [],
        core: [
          pure('digest,object-store,source'),
          'packages/core/test/run/{create-run,files,local-*,pumped,range-reader,retry,spill-*}.test.ts',
          'packages/core/test/testing/conformance/*.test.ts',
        ],
        providers: [
          'packages/provider-{aws,azure,gcp}/test/{read,source}.test.ts',
          'packages/provider-local/test/*.test.ts',
        ],
      }

/** The large suites first, so that none of them is what the others wait for. */
class LargeFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return [...sorted.filter(isLarge), ...sorted.filter((file) => !isLarge(file))]
  }
}
const isLarge = ({ project }: TestSpecification): boolean => project.name === 'large'

const first = { maxWorkers: 2, sequence: { groupOrder: 0 } }
/** The files of a worker share its modules. */
const sharing = { ...first, isolate: false, unstubEnvs: true }

export default defineConfig({
  root: join(import.meta.dirname, '..'),
  plugins: sdks === undefined ? [] : [newestSdks(sdks)],
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    reporters: process.env['CI'] ? ['default', ['json', { outputFile: report }]] : ['default'],
    sequence: { sequencer: LargeFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: between?.together ?? ['packages/*/test/**/*.test.ts', 'examples/**/*.test.ts'],
          exclude: [...races, ...large, ...same, ...core, ...providers, ...servers, ...sameSdk],
          ...first,
        },
      },
      {
        extends: true,
        test: {
          name: 'providers',
          include: between?.providers ?? providers,
          exclude: [...races, ...large, ...same, ...sameSdk],
          ...sharing,
        },
      },
      {
        extends: true,
        test: {
          name: 'core',
          include: between?.core ?? core,
          exclude: [...races, ...large, ...same, ...sameSdk],
          ...sharing,
        },
      },
      {
        extends: true,
        test: {
          name: 'same',
          include: same,
          exclude: large,
          ...sharing,
        },
      },
      {
        extends: true,
        test: { name: 'servers', include: servers, exclude: large, ...first },
      },
      { extends: true, test: { name: 'large', include: large, ...first } },
      { extends: true, test: { name: 'alone', include: races, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
})
