import { BackupError } from '@backproof/core/errors'

/**
 * Writes to standard output and resolves when the system has taken it all.
 * @throws BackupError `internal` (exit code 70) when it could not be written: a full disk, a reader that went away.
 */
export const writeStdout = (data: string | Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    const { stdout } = process
    if (!stdout.listeners('error').includes(heard)) stdout.on('error', heard)
    stdout.write(data, (error) => (error ? reject(outputError('standard output', error)) : resolve()))
  })

/** The stream emits what the callback of `write` is told as well; without a listener that would end the process. */
const heard = (): void => undefined

/** Output to `place` failed: exit code 70, whatever the run found. */
export const outputError = (place: string, cause: Error): BackupError => {
  const code = (cause as NodeJS.ErrnoException).code
  return new BackupError({
    code: 'internal',
    message: `${place} could not be written: ${code === 'ENOSPC' ? 'the disk is full' : cause.message}\n${ADVICE}`,
    operation: code === 'EPIPE' ? CLOSED_PIPE : 'output',
    cause,
  })
}

/** `operation` of the error when the reader of a pipe went away (`backproof ... | head`). */
export const CLOSED_PIPE = 'output to a closed pipe'

const ADVICE = 'The outcome was not delivered, so it does not count: make room or choose another place, and run again.'
