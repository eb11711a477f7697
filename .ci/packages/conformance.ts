import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CheckFailure, type Context, mustRun } from './context.js'

/** A program that runs the conformance kit on a source of an installed package, in a host of either kind. */
const program = (load: (path: string) => string): string => `
const main = async () => {
  const { memorySource, sourceConformance } = ${load('@backproof/core/testing')}
  const contentOf = ({ key, bytes, linkTarget }) => [key, linkTarget === undefined ? (bytes ?? '') : { kind: 'symlink', linkTarget }]
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
