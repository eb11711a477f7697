import { execFile } from 'node:child_process'
import { join } from 'node:path'

interface ChildResult {
  readonly seen: number
  readonly sum: number
  readonly spilled: number
  readonly seconds: number
  readonly peak: number
  readonly error?: { readonly code: string; readonly message: string; readonly retryable: boolean }
}

export const child = join(import.meta.dirname, 'spill-sort-child.ts')
export const tsx = import.meta.resolve('tsx')

/** Sorts in a process of its own: `spill-sort-child.ts`. */
export const runChild = (file: string, args: readonly string[]): Promise<ChildResult> =>
  new Promise((resolve, reject) => {
    execFile(file, args, (error, stdout, stderr) => {
      // Exit code 1 comes with the error as JSON; anything else is not from the script.
      if (stdout.startsWith('{')) resolve(JSON.parse(stdout) as ChildResult)
      else reject(new Error(`${error?.message}\n${stderr}`))
    })
  })
