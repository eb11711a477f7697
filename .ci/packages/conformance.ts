import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CheckFailure, type Context, mustRun, run } from './context.js'

/** What a memory source is given for an object of the kit. */
const CONTENT_OF = `const contentOf = ({ key, bytes, linkTarget }) => [key, linkTarget === undefined ? (bytes ?? '') : { kind: 'symlink', linkTarget }]`

/** A program that runs the conformance kit on a source of an installed package, in a host of either kind. */
const program = (load: (path: string) => string): string => `
const main = async () => {
  const { memorySource, sourceConformance } = ${load('@backproof/core/testing')}
  ${CONTENT_OF}
  const kit = sourceConformance({
    traits: await memorySource({}).describe(),
    offers: ['dispose'],
    open: async (content) => memorySource(Object.fromEntries(content.map(contentOf))),
  })
  const report = await kit.run()
  const failed = report.results.filter(({ outcome }) => outcome === 'failed').map(({ name, reason }) => ({ name, reason }))
  console.log(JSON.stringify({ ok: report.ok, passed: report.passed, failed }))
}
main()
`

/** Authors of providers run the kit in their own projects, ESM or CommonJS. */
export const kitRuns = async ({ project }: Context): Promise<string> => {
  await writeFile(
    join(project, 'kit.mjs'),
    program((path) => `await import('${path}')`),
  )
  await writeFile(
    join(project, 'kit.cjs'),
    program((path) => `require('${path}')`),
  )
  const fix = 'The conformance kit has to run outside the repository, with nothing but what the packages hold.'
  const counts: number[] = []
  for (const file of ['kit.mjs', 'kit.cjs']) {
    const { stdout } = await mustRun(process.execPath, [file], project, fix)
    const { ok, passed, failed } = JSON.parse(stdout) as { ok: boolean; passed: number; failed: readonly unknown[] }
    if (!ok || passed === 0) throw new CheckFailure(`${file}: ${passed} passed; failed: ${JSON.stringify(failed)}`, fix)
    counts.push(passed)
  }
  return `${counts.join(' and ')} cases pass as ESM and CommonJS`
}

const JEST = 'jest@30.2.0'

/** The kit as jest runs it: on a source that is right, and on one that loses the last byte of every body. */
const jestFile = (source: string): string => `
import { faultySource, memorySource, registerConformance, sourceConformance } from '@backproof/core/testing'
${CONTENT_OF}
const kit = sourceConformance({
  traits: await memorySource({}).describe(),
  offers: ['dispose'],
  open: async (content) => ${source},
})
registerConformance(kit, { describe, it })
`
const MEMORY = 'memorySource(Object.fromEntries(content.map(contentOf)))'
const SHORT = `faultySource(${MEMORY}, content.map(({ key, bytes }) => ({ kind: 'short-body', key, bytes: (bytes?.length ?? 1) - 1 })))`

interface JestOutput {
  readonly testResults: readonly { readonly name: string; readonly assertionResults: readonly { status: string }[] }[]
}

/** The kit registers itself with jest, which loads the packed ES modules, and a broken promise is a failed test there. */
export const kitRunsInJest = async ({ project, temp }: Context): Promise<string> => {
  const fix = 'The kit may only ask a runner for what `TestRunner` names, and must load in a jest that runs ES modules.'
  const host = join(temp, 'jest')
  await cp(project, host, { recursive: true, verbatimSymlinks: true })
  const install = ['install', JEST, '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']
  await mustRun('npm', install, host, `${JEST} has to install next to the packages.`)
  await writeFile(join(host, 'right.test.js'), jestFile(MEMORY))
  await writeFile(join(host, 'wrong.test.js'), jestFile(SHORT))
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js']
  const { stdout, stderr } = await run(process.execPath, [...jest, '--runInBand', '--json'], host)
  const count = (file: string, status: string): number => {
    const { testResults } = JSON.parse(stdout) as JestOutput
    const results = testResults.find(({ name }) => name.endsWith(file))?.assertionResults ?? []
    return results.filter((one) => one.status === status).length
  }
  if (!stdout.startsWith('{')) throw new CheckFailure(`jest gave no result: ${stderr}`, fix)
  const [passed, failed, caught] = [
    count('right.test.js', 'passed'),
    count('right.test.js', 'failed'),
    count('wrong.test.js', 'failed'),
  ]
  if (passed === 0 || failed > 0 || caught === 0)
    throw new CheckFailure(`${passed} passed, ${failed} failed; of a wrong source ${caught} failed: ${stderr}`, fix)
  return `${JEST}: ${passed} cases pass, ${caught} catch a wrong source`
}
