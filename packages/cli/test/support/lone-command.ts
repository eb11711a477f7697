import { cpSync, mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { BIN, type Options, type Outcome, runProcess } from './cli.js'
import { temporaryDirectory } from './tree.js'

/**
 * The built command, installed with its own dependencies and nothing else: in this repository every provider lies beside it.
 *
 * @returns What runs it.
 */
export const loneCommand = (): ((args: readonly string[], options?: Options) => Promise<Outcome>) => {
  const root = temporaryDirectory()
  const cli = resolve(dirname(BIN), '..')
  const scope = join(root, 'node_modules/@backproof')
  mkdirSync(join(scope, 'cli'), { recursive: true })
  cpSync(join(cli, 'package.json'), join(scope, 'cli/package.json'))
  cpSync(join(cli, 'dist'), join(scope, 'cli/dist'), { recursive: true })
  for (const name of ['core', 'provider-local', 'reporters', 'rules'])
    symlinkSync(resolve(cli, '..', name), join(scope, name))
  return (args, options = {}) => runProcess(process.execPath, [join(scope, 'cli/dist/bin.js'), ...args], options)
}
