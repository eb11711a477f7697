import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CheckFailure, type Context, mustRun } from './context.js'

/** Packages whose import is measured. Of providers nearly all is the SDK of their platform, without which nothing of them works. */
const IMPORT_LIMITS_MS = {
  '@backproof/core': 60,
  '@backproof/provider-aws': 350,
  '@backproof/provider-azure': 350,
  '@backproof/provider-gcp': 350,
}
const VERSION_LIMIT_MS = 150

/**
 * What importing a package adds to a process that runs already: the smaller of elapsed and processor time, because
 * on a machine that does other work at the same time, elapsed time measures that work.
 */
export const importTime =
  (name: keyof typeof IMPORT_LIMITS_MS) =>
  async ({ project }: Context): Promise<string> => {
    await writeFile(
      join(project, 'import-time.js'),
      `const before = process.cpuUsage()
const start = performance.now()
await import('${name}')
const elapsed = performance.now() - start
const { user, system } = process.cpuUsage(before)
console.log(Math.min(elapsed, (user + system) / 1000))\n`,
    )
    const fix =
      'Load on first use (`await import(...)`) what is not needed by every run; see docs/decisions/0005-hash-wasm-lazily.md.'
    const measure = async (): Promise<number> =>
      Number((await mustRun(process.execPath, ['import-time.js'], project, fix)).stdout)
    return await within(`Importing ${name}`, IMPORT_LIMITS_MS[name], measure, fix)
  }

/** Start to exit of `backproof --version`, Node included. */
export const versionTime = async ({ project, packed }: Context): Promise<string> => {
  const bin = join(project, 'node_modules/.bin/backproof')
  const fix = 'The command may import only what parsing the arguments needs; the rest on demand.'
  const expected = packed.find((one) => one.name === '@backproof/cli')?.version ?? 'unknown'
  const measure = async (): Promise<number> => {
    const start = performance.now()
    const { stdout } = await mustRun(bin, ['--version'], project, fix)
    const elapsed = performance.now() - start
    if (!stdout.includes(expected)) {
      throw new CheckFailure(
        `\`backproof --version\` printed ${JSON.stringify(stdout)}.`,
        `It has to print ${expected}.`,
      )
    }
    return elapsed
  }
  return await within('`backproof --version`', VERSION_LIMIT_MS, measure, fix)
}

/** The median of eleven; on a busy machine the best of up to three such medians. */
const within = async (what: string, limit: number, measure: () => Promise<number>, fix: string): Promise<string> => {
  await measure()
  const medians: number[] = []
  for (let round = 0; round < 3; round++) {
    const times: number[] = []
    for (let i = 0; i < 11; i++) times.push(await measure())
    medians.push(times.sort((a, b) => a - b)[5] ?? Number.POSITIVE_INFINITY)
    const best = Math.min(...medians)
    if (best < limit) return `${best.toFixed(0)} ms, limit ${limit} ms`
  }
  throw new CheckFailure(
    `${what} took ${medians.map((ms) => ms.toFixed(0)).join(', ')} ms; the limit is ${limit} ms.`,
    fix,
  )
}
