import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CheckFailure, type Context, mustRun } from './context.js'

/**
 * Two copies of core in one process: the provider gets a nested one of its own, the host uses the other. Happens when a
 * third-party provider pins another version.
 */
export const twoCopies = async ({ project, temp }: Context): Promise<string> => {
  const host = join(temp, 'two-copies')
  await cp(project, host, { recursive: true, verbatimSymlinks: true })
  const modules = join(host, 'node_modules/@backproof')
  await cp(join(modules, 'core'), join(modules, 'provider-local/node_modules/@backproof/core'), { recursive: true })
  await writeFile(join(host, 'host.js'), HOST)
  const fix =
    'Core must keep no module state and use no `instanceof` on its own classes: brands go through `Symbol.for`, data is plain.'
  const { stdout } = await mustRun(process.execPath, ['host.js'], host, fix)
  const seen = JSON.parse(stdout) as Record<string, unknown>
  const expected: Record<string, unknown> = {
    copies: 2,
    outcomes: ['gone missing', 'new extra', 'rotten mismatch'],
    matches: 1,
    recognised: true,
    sameClass: false,
    code: 'not-found',
  }
  for (const [name, value] of Object.entries(expected)) {
    if (JSON.stringify(seen[name]) !== JSON.stringify(value)) {
      throw new CheckFailure(
        `With two copies of core, "${name}" was ${JSON.stringify(seen[name])}, expected ${JSON.stringify(value)}.`,
        fix,
      )
    }
  }
  return 'a source of one copy compared by the other; errors recognised across'
}

const HOST = `import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { BackupError, compare, isBackupError } from '@backproof/core'
import { localDirectory } from '@backproof/provider-local'

const require = createRequire(import.meta.url)
const here = require.resolve('@backproof/core')
const theirs = createRequire(require.resolve('@backproof/provider-local')).resolve('@backproof/core')

const a = await mkdtemp(tmpdir() + '/backproof-check-')
const b = await mkdtemp(tmpdir() + '/backproof-check-')
try {
  for (const [path, text] of [['/same', 'x'], ['/rotten', 'abc'], ['/gone', 'g']]) await writeFile(a + path, text)
  for (const [path, text] of [['/same', 'x'], ['/rotten', 'abd'], ['/new', 'n']]) await writeFile(b + path, text)
  const { result } = await compare({
    source: localDirectory({ path: a }),
    replicas: [localDirectory({ path: b })],
  }).report()
  const missing = localDirectory({ path: a + '/no-such-directory' })
  const error = await missing.describe().then(() => undefined, (reason) => reason)
  console.log(JSON.stringify({
    copies: new Set([here, theirs]).size,
    outcomes: result.findings.map((one) => one.key + ' ' + one.outcome),
    matches: result.totals.outcomes.match,
    recognised: isBackupError(error),
    sameClass: error instanceof BackupError,
    code: error?.code,
  }))
} finally {
  await rm(a, { recursive: true })
  await rm(b, { recursive: true })
}
`
