import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { BackupError } from '../../errors.js'
import { redact } from '../../redact.js'

export interface RulePurityOptions {
  /** URLs of modules whose default export is a `RuleTest`. */
  readonly modules: readonly (string | URL)[]
  /** Arguments for Node, for modules that it cannot load as they are: `['--import', 'tsx']`. Default: none. */
  readonly execArgv?: readonly string[] | undefined
  /** Milliseconds for all of them. Default 120,000. */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** What one rule reached for. */
export interface RulePurity {
  readonly module: string
  readonly rule: string
  /** What it called that is neither its inputs nor its own: `Date.now`, `node:fs.readFileSync`. Sorted; empty is right. */
  readonly trapped: readonly string[]
}

/**
 * Whether rules are pure. One process of its own loads the modules, and asks the rules every case, with frozen inputs, while the
 * network, files, processes, timers, the clock, the environment, randomness and output are traps.
 *
 * @throws BackupError `invalid-config` where a module cannot be loaded, or is no `RuleTest`.
 */
export const rulePurity = async ({
  modules,
  execArgv = [],
  timeoutMs = 120_000,
  signal,
}: RulePurityOptions): Promise<readonly RulePurity[]> => {
  const urls = modules.map(String)
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [...execArgv, CHILD],
      { maxBuffer: MAX_OUTPUT, timeout: timeoutMs, ...(signal !== undefined && { signal }) },
      (error, stdout, stderr) => {
        if (signal?.aborted === true) reject(signal.reason)
        else if (error === null) resolve(JSON.parse(stdout.slice(stdout.lastIndexOf('\n[') + 1)) as RulePurity[])
        else reject(failed(error.killed === true ? `no answer came within ${timeoutMs} ms` : stderr))
      },
    )
    child.stdin?.end(JSON.stringify(urls))
  })
}

/** Beside this file, as source or as built. */
const CHILD = fileURLToPath(new URL(`./purity-child${import.meta.url.slice(-3)}`, import.meta.url))

const MAX_OUTPUT = 64 * 1024 * 1024

const failed = (reason: string): BackupError =>
  new BackupError({
    code: 'invalid-config',
    operation: 'rule-test',
    message: `The modules of rules cannot be asked: ${redact(errorLine(reason))}`,
  })

/** What Node says of an error that nobody caught: the error is below the code where it was thrown. */
const errorLine = (text: string): string =>
  (text.split('\n').find((line) => /^\w*Error\b/.test(line)) ?? text).trim().slice(0, 1_000)
