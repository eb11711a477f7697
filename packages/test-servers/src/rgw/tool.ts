import { execFile } from 'node:child_process'
import { BackupError } from '@backproof/core/errors'

/** Runs one of Ceph's commands against one cluster. */
export type Tool = (
  command: 'ceph' | 'rados' | 'radosgw-admin' | 'ceph-mon' | 'ceph-osd' | 'monmaptool',
  args: readonly string[],
) => Promise<Buffer>

// Far above what any of these calls takes on a busy machine: only a hanging cluster gets there.
const TIMEOUT_MS = 60_000
const OUTPUT_BYTES = 256 * 1024 * 1024

/**
 * Commands that read `config`; what they wrote to standard output is the result.
 * Errors: `not-found` where Ceph says so, else `unavailable`, with what the command wrote to standard error.
 */
export const createTool = (config: string, signal?: AbortSignal): Tool => {
  return (command, args) =>
    new Promise((resolve, reject) => {
      const options = {
        encoding: 'buffer',
        env: { ...process.env, CEPH_CONF: config, TZ: 'UTC' },
        maxBuffer: OUTPUT_BYTES,
        timeout: TIMEOUT_MS,
        killSignal: 'SIGKILL',
        ...(signal && { signal }),
      } as const
      execFile(command, args, options, (error, stdout, stderr) => {
        if (error === null) return resolve(stdout)
        if (signal?.aborted === true) return reject(signal.reason)
        const said = stderr.toString().trim().slice(-2000)
        reject(
          new BackupError({
            code: /\(2\) No such file or directory/.test(said) ? 'not-found' : 'unavailable',
            message: `${command} ${args.slice(0, 3).join(' ')} failed: ${said === '' ? 'it said nothing' : said}`,
            operation: command,
            cause: error,
          }),
        )
      })
    })
}
