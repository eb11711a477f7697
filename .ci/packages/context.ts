import { spawn } from 'node:child_process'

/** A packed package, as its users get it. */
export interface Packed {
  readonly name: string
  readonly version: string
  /** Its folder in the repository. */
  readonly folder: string
  readonly tarball: string
  /** Paths inside the tarball, without the leading `package/`. */
  readonly files: readonly string[]
  readonly manifest: Manifest
}

export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean | undefined
  readonly license?: string | undefined
  readonly exports?: Readonly<Record<string, unknown>> | undefined
  readonly bin?: Readonly<Record<string, string>> | undefined
  readonly dependencies?: Readonly<Record<string, string>> | undefined
}

export interface Context {
  readonly root: string
  /** A fresh directory outside the repository, removed at the end. */
  readonly temp: string
  readonly packed: readonly Packed[]
  /** A project in `temp` into which all tarballs were installed. */
  readonly project: string
}

/** What is wrong with the packages, and what to do about it. */
export class CheckFailure extends Error {
  readonly fix: string
  constructor(problem: string, fix: string) {
    super(problem)
    this.fix = fix
  }
}

export interface Output {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command to its end and never throws for its exit code. */
export const run = async (command: string, args: readonly string[], cwd: string): Promise<Output> =>
  await new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      resolve({ code: code ?? 1, stdout, stderr: signal === null ? stderr : `${stderr}\nended by ${signal}` })
    })
  })

/** Runs a command that has to succeed; `fix` tells what to do when it does not. */
export const mustRun = async (command: string, args: readonly string[], cwd: string, fix: string): Promise<Output> => {
  const output = await run(command, args, cwd)
  if (output.code === 0) return output
  const text = `${output.stdout}\n${output.stderr}`.trim()
  throw new CheckFailure(`\`${[command, ...args].join(' ')}\` ended with ${output.code}:\n${text}`, fix)
}

// `npm run` puts the workspace's own settings into the environment; an install elsewhere must not see them.
const KEPT = new Set(['npm_config_registry', 'npm_config_cache', 'npm_config_userconfig', 'npm_config_globalconfig'])

const cleanEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => KEPT.has(name) || !/^(npm_|NODE_OPTIONS$|NODE_V8_COVERAGE$)/.test(name),
    ),
  )
