import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The built command: these tests run what users run. */
export const BIN = fileURLToPath(new URL('../../dist/bin.js', import.meta.url))

if (!existsSync(BIN))
  throw new Error('packages/cli/dist/bin.js is missing: run `npm run build` (or `npm test`, which builds first)')

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Options {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Called with the child once it runs. */
  readonly onStart?: (child: ChildProcess) => void
}

/** Runs `backproof` with pipes for all output. */
export const backproof = (args: readonly string[], options: Options = {}): Promise<Outcome> =>
  runProcess(process.execPath, [BIN, ...args], options)

/** Runs a shell command in which `$BACKPROOF` starts the built command. */
export const shell = (command: string, options: Options = {}): Promise<Outcome> =>
  runProcess('bash', ['-c', command], { ...options, env: { BACKPROOF: `${process.execPath} ${BIN}`, ...options.env } })

export const runProcess = (command: string, args: readonly string[], options: Options = {}): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [out, err]: [Buffer[], Buffer[]] = [[], []]
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.on('error', reject)
    child.on('close', (code) =>
      resolve({ code, stdout: Buffer.concat(out).toString('latin1'), stderr: Buffer.concat(err).toString('latin1') }),
    )
    options.onStart?.(child)
  })

/** The last line that is not empty. */
export const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? ''
