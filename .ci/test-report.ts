/**
 * Reads the report of the tests (`--report FILE`, by default `coverage/tests.json`, which is written when CI is set).
 * `--count`: prints `N passed, N failed, N skipped`.
 * `--skips FILE`: fails when a test was skipped that FILE does not list with a reason, or lists without need.
 * `--part`: not all files were run; what is listed for the others is left aside.
 */
import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'

interface Report {
  readonly testResults: readonly {
    readonly name: string
    /** `failed` also when the file could not be run at all, with no assertions. */
    readonly status: string
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

/** A test that may be skipped. `name` is the full name; a `*` at its end stands for any rest. */
interface Skip {
  readonly file: string
  readonly name: string
  readonly reason: string
}

interface Test {
  readonly file: string
  readonly name: string
  readonly status: 'passed' | 'failed' | 'skipped'
}

const root = join(import.meta.dirname, '..')

const readTests = async (path: string): Promise<Test[]> => {
  const report = JSON.parse(await readFile(join(root, path), 'utf8')) as Report
  return report.testResults.flatMap(({ name, status, assertionResults }) => {
    const file = relative(root, name)
    const tests = assertionResults.map((one): Test => ({ file, name: one.fullName, status: statusOf(one.status) }))
    const brokenFile = status === 'failed' && !tests.some((one) => one.status === 'failed')
    return brokenFile ? [...tests, { file, name: '(the file itself)', status: 'failed' as const }] : tests
  })
}

const statusOf = (status: string): Test['status'] => (status === 'passed' || status === 'failed' ? status : 'skipped')

const matches = (skip: Skip, test: Test): boolean =>
  skip.file === test.file &&
  (skip.name.endsWith('*') ? test.name.startsWith(skip.name.slice(0, -1)) : skip.name === test.name)

const checkSkips = (tests: readonly Test[], skips: readonly Skip[]): string[] => {
  const skipped = tests.filter((test) => test.status === 'skipped')
  return [
    ...skips
      .filter((skip) => skip.reason.trim() === '')
      .map((skip) => `no reason is given for: ${skip.file}: ${skip.name}`),
    ...skips
      .filter((skip) => !skipped.some((test) => matches(skip, test)))
      .map((skip) => `listed but not skipped (remove it from the list): ${skip.file}: ${skip.name}`),
    ...skipped
      .filter((test) => !skips.some((skip) => matches(skip, test)))
      .map((test) => `skipped without a listed reason: ${test.file}: ${test.name}`),
  ]
}

const { values } = parseArgs({
  options: {
    report: { type: 'string', default: 'coverage/tests.json' },
    count: { type: 'boolean' },
    skips: { type: 'string' },
    part: { type: 'boolean' },
  },
})
const tests = await readTests(values.report)
if (values.skips !== undefined) {
  const listed = JSON.parse(await readFile(values.skips, 'utf8')) as Skip[]
  const files = new Set(tests.map(({ file }) => file))
  const problems = checkSkips(tests, values.part === true ? listed.filter(({ file }) => files.has(file)) : listed)
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) {
    console.error(
      'A test that needs a tool has to find it here: install it in .ci/run. Anything else needs a reason in .ci/skips.json.',
    )
    process.exitCode = 1
  } else {
    console.log(`${tests.filter((test) => test.status === 'skipped').length} skipped, each for a listed reason`)
  }
}
if (values.count === true) {
  const count = (status: Test['status']): number => tests.filter((test) => test.status === status).length
  console.log(`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`)
}
