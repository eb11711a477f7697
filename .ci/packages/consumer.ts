import { cp, readdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CheckFailure, type Context, mustRun, type Packed } from './context.js'

/** The code of a worker thread: it is started, not imported. */
const WORKERS: ReadonlySet<string> = new Set(['@backproof/core/hash-worker'])

/** Every import path that the packages publish; of a pattern every file that it stands for. */
const importPaths = (packed: readonly Packed[]): string[] =>
  packed.flatMap(({ name, manifest, files }) =>
    Object.entries(manifest.exports ?? {})
      .filter(([path]) => path !== './package.json')
      .flatMap(([path, conditions]) => (path.includes('*') ? expanded(path, conditions, files) : [path]))
      .map((path) => name + path.slice(1)),
  )

const expanded = (path: string, conditions: unknown, files: readonly string[]): readonly string[] => {
  const [before = '', after = ''] = (conditions as { default: string }).default.slice(2).split('*')
  const found = files.filter((file) => file.startsWith(before) && file.endsWith(after))
  const fix = 'A pattern in "exports" has to stand for files that are packed.'
  if (found.length === 0) throw new CheckFailure(`${path} stands for no file`, fix)
  return found.map((file) => path.replace('*', file.slice(before.length, file.length - after.length)))
}

const STRICT = {
  target: 'es2023',
  lib: ['es2023', 'esnext.disposable'],
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  // The point: our declarations have to be right under the consumer's compiler.
  skipLibCheck: false,
  noEmit: true,
}

/** Compiles a strict consumer that imports every path, as ESM, through `require()`, and for a bundler; and the examples. */
export const consumerCompiles = async ({ root, packed, project }: Context): Promise<string> => {
  const paths = importPaths(packed)
  const lines = paths.map((path, i) => `import * as m${i} from '${path}'`)
  const names = paths.map((_, i) => `m${i}`).join(', ')
  await writeFile(
    join(project, 'consumer.ts'),
    `${lines.join('\n')}\nexport const all: readonly object[] = [${names}]\n`,
  )
  const requires = paths.map((path, i) => `import m${i} = require('${path}')`)
  await writeFile(
    join(project, 'required.cts'),
    `${requires.join('\n')}\nexport const all: readonly object[] = [${names}]\n`,
  )
  const examples = (await readdir(join(root, 'examples'), { recursive: true })).filter((name) =>
    /^(?!.*node_modules).*(?<!\.test)\.ts$/.test(name),
  )
  for (const example of examples) await cp(join(root, 'examples', example), join(project, example))
  // Private: examples that start servers have it from here.
  await symlink(join(root, 'packages/test-servers'), join(project, 'node_modules/@backproof/test-servers'))

  const settings = {
    nodenext: { module: 'nodenext', files: ['consumer.ts', 'required.cts', ...examples] },
    bundler: { module: 'preserve', moduleResolution: 'bundler', files: ['consumer.ts', ...examples] },
  }
  for (const [name, { files, ...options }] of Object.entries(settings)) {
    const config = join(project, `tsconfig.${name}.json`)
    await writeFile(config, JSON.stringify({ compilerOptions: { ...STRICT, ...options }, files }))
    await mustRun(
      join(root, 'node_modules/.bin/tsc'),
      ['-p', config],
      project,
      `A strict consumer (${name}) does not compile: correct the exported types, or "types" in "exports".`,
    )
  }
  return `${paths.length} import paths, ${examples.length} examples`
}

/** A program that prints the names of each path, and what is still open once loading is over. */
const listNames = (paths: readonly string[], load: string): string =>
  `// Importing node:util opens the standard streams from Node 22 on: they are open before, and do not count.
const standard = [process.stdout, process.stderr] && process.getActiveResourcesInfo()
const opened = () => {
  const left = [...standard]
  return process.getActiveResourcesInfo().filter((one) => !left.includes(one) || left.splice(left.indexOf(one), 1).length === 0)
}
const names = async () => {
  const out = {}
  for (const path of ${JSON.stringify(paths)}) {
    out[path] = Object.keys(${load}).filter((name) => name !== '__esModule').sort()
  }
  return out
}
const print = (out) => console.log(JSON.stringify({ out, open: opened() }))
names().then((out) => setTimeout(() => setImmediate(print, out), 20))
`

/** Imports and requires every path: the same names, no warning, nothing left open. */
export const consumerRuns = async ({ packed, project }: Context): Promise<string> => {
  const paths = importPaths(packed).filter((path) => !WORKERS.has(path))
  await writeFile(join(project, 'imported.js'), listNames(paths, 'await import(path)'))
  await writeFile(join(project, 'required.cjs'), listNames(paths, 'require(path)'))
  const fix = 'Importing has to work, warn about nothing and open nothing: look for side effects and top-level await.'
  const results: Record<string, readonly string[]>[] = []
  for (const file of ['imported.js', 'required.cjs']) {
    const { stdout, stderr } = await mustRun(process.execPath, [file], project, fix)
    const { out, open } = JSON.parse(stdout) as { out: Record<string, readonly string[]>; open: readonly string[] }
    if (stderr !== '') throw new CheckFailure(`${file} wrote to stderr: ${stderr}`, fix)
    if (open.length > 0) throw new CheckFailure(`After ${file}, open: ${open.join(', ')}`, fix)
    results.push(out)
  }
  const [imported, required] = results
  if (JSON.stringify(imported) !== JSON.stringify(required)) {
    throw new CheckFailure('`import` and `require()` give different names.', fix)
  }
  return `${Object.values(imported ?? {}).flat().length} names on Node ${process.versions.node}`
}

/** The worker of the installed package starts, and a comparison uses it. */
export const workersStart = async ({ project }: Context): Promise<string> => {
  await writeFile(
    join(project, 'workers.js'),
    `import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { compare } from '@backproof/core'
import { localDirectory } from '@backproof/provider-local'
const a = await mkdtemp(tmpdir() + '/backproof-check-')
const b = await mkdtemp(tmpdir() + '/backproof-check-')
try {
  // Enough that starting workers pays: small runs stay on the main thread.
  for (let i = 0; i < 4; i++) {
    for (const side of [a, b]) await writeFile(side + '/file' + i, Buffer.alloc(16 * 1024 * 1024, i))
  }
  const sides = { source: localDirectory({ path: a }), replicas: [localDirectory({ path: b })] }
  const { result, telemetry } = await compare({ ...sides, workers: 2 }).report()
  console.log(JSON.stringify({ matches: result.totals.outcomes.match, telemetry }))
} finally {
  await rm(a, { recursive: true })
  await rm(b, { recursive: true })
}\n`,
  )
  const fix = 'Look at "./hash-worker" in the exports of core and at the URL by which the worker is created.'
  const { stdout } = await mustRun(process.execPath, ['workers.js'], project, fix)
  const { matches, telemetry } = JSON.parse(stdout) as {
    matches: number
    telemetry: { workers: number; workersReason?: string }
  }
  if (matches !== 4) throw new CheckFailure(`A comparison of four equal files gave ${matches} matches.`, fix)
  if (telemetry.workers === 0) throw new CheckFailure(`No worker was used: ${telemetry.workersReason}`, fix)
  return `${telemetry.workers} worker threads`
}
