import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { CheckFailure, type Context, mustRun } from './context.js'

const LIMIT_BYTES = 25_000
const LIMIT_LINES = 15

/** A script that judges by one rule stays small: in lines, and bundled and minified with all that it needs of core. */
export const oneRuleIsSmall = async ({ root, project }: Context): Promise<string> => {
  const fix = 'A rule imports tokens and its own parts; what it needs of a calendar or a file comes to it as a fact.'
  const script = await readFile(join(root, 'examples/one-rule/one-rule.ts'), 'utf8')
  const lines = script.trimEnd().split('\n').length
  if (lines >= LIMIT_LINES) throw new CheckFailure(`examples/one-rule/one-rule.ts has ${lines} lines`, fix)
  await writeFile(join(project, 'one-rule.ts'), script)
  await bundle(project, 'one-rule.ts', 'one-rule.mjs')
  const { stdout } = await mustRun(process.execPath, ['one-rule.mjs'], project, fix)
  if (!stdout.startsWith('fail only 29 of 30 runs succeeded'))
    throw new CheckFailure(`The bundled script says: ${stdout}`, fix)

  const list = `const rules = await import('@backproof/rules')
console.log(JSON.stringify(Object.entries(rules).map(([name, { meta }]) => [name, meta.id])))\n`
  await writeFile(join(project, 'rules.mjs'), list)
  const rules = JSON.parse((await mustRun(process.execPath, ['rules.mjs'], project, fix)).stdout) as [string, string][]
  if (rules.length === 0) throw new CheckFailure('@backproof/rules exports no rule', fix)
  const sizes: [id: string, bytes: number][] = []
  for (const [name, id] of rules) {
    const text = `import { judge } from '@backproof/core/audit'
import { ${name} } from '@backproof/rules/${id}'
console.log(judge(${name}()))\n`
    await writeFile(join(project, 'rule.mjs'), text)
    sizes.push([id, await bundle(project, 'rule.mjs', 'rule-bundle.mjs')])
  }
  sizes.sort(([, a], [, b]) => b - a)
  const large = sizes.filter(([, bytes]) => bytes >= LIMIT_BYTES)
  if (large.length > 0) {
    const told = large.map(([id, bytes]) => `${id}: ${bytes} bytes`).join(', ')
    throw new CheckFailure(`A bundle of one rule has to stay below ${LIMIT_BYTES} bytes: ${told}`, fix)
  }
  const [largest] = sizes
  return `${lines} lines; ${sizes.length} rules, the largest bundle ${largest![0]} of ${largest![1]} bytes`
}

const bundle = async (project: string, entry: string, out: string): Promise<number> => {
  const { outputFiles } = await build({
    absWorkingDir: project,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    write: false,
    logLevel: 'silent',
  })
  const [file] = outputFiles
  await writeFile(join(project, out), file!.contents)
  return file!.contents.length
}
