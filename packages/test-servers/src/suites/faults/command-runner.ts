import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CommandChange, PlatformCommand } from './platform.js'
import type { Vault } from './vault.js'

/** The built command: what users run. */
const BIN = fileURLToPath(new URL('../../../../cli/dist/bin.js', import.meta.url))

/** The command beside a directory that is a right copy of the vault. */
export interface Command extends AsyncDisposable {
  readonly copy: string
  /** Where `--ndjson` writes. */
  readonly rows: string
  /** Runs it to its end; all that it says is taken down. */
  run(args: readonly string[], options?: CommandOptions): Promise<Exit>
}

export interface CommandOptions extends CommandChange {
  onStart?(child: ChildProcess): void
}

export interface Exit {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** After the last signal, or after its start. */
  readonly ms: number
}

export const openCommand = async (vault: Vault, { env, args: always }: PlatformCommand): Promise<Command> => {
  if (!existsSync(BIN)) throw new Error('packages/cli/dist/bin.js is missing: run `npm run build` first')
  const folder = await mkdtemp(join(tmpdir(), 'backproof-faults-'))
  const copy = join(folder, 'copy')
  const rows = join(folder, 'rows.ndjson')
  for (const [key, bytes] of vault.files) {
    await mkdir(dirname(join(copy, key)), { recursive: true })
    await writeFile(join(copy, key), bytes)
  }

  const run: Command['run'] = async (args, options = {}) => {
    const child = spawn(process.execPath, [BIN, ...args, ...(options.args ?? always)], {
      env: { ...process.env, ...env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let start = performance.now()
    const kill = child.kill.bind(child)
    child.kill = (signal) => {
      start = performance.now()
      return kill(signal)
    }
    const texts = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].on('data', (chunk: Buffer) => {
        texts[name] += chunk.toString()
      })
    }
    options.onStart?.(child)
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
    const where = `backproof ${args[0]}`
    vault.outputs.add(where, texts.stdout)
    vault.outputs.add(where, texts.stderr)
    if (args.includes('--ndjson')) vault.outputs.add(where, await readFile(rows, 'utf8'))
    return { code, ...texts, ms: performance.now() - start }
  }
  return { copy, rows, run, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}
