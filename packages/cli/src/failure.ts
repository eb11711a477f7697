import { type BackupError, toBackupError } from '@backproof/core/errors'
import { errnoToBackupError } from '@backproof/core/run'
import { safeText } from '@backproof/reporters/text'
import { exitCodeOfError } from './exit.js'
import { CLOSED_PIPE } from './output/stdout.js'

/** Tells on standard error what was wrong and what to do, and gives the exit code. */
export const failure = (error: unknown): number => {
  const known = asBackupError(error)
  // A reader that went away (`| head`) does not want to hear about it.
  if (known.operation !== CLOSED_PIPE)
    process.stderr.write(`backproof: ${safeText(known.message)}\n${trace(error, known)}`)
  return exitCodeOfError(known.code)
}

/** Errors of the file system that this command met by itself (`demo`, `hash`) have codes of their own. */
const asBackupError = (error: unknown): BackupError => {
  const { syscall, path } = (error ?? {}) as NodeJS.ErrnoException
  return syscall === undefined
    ? toBackupError(error)
    : errnoToBackupError(error, { operation: syscall, subject: path ?? '' })
}

/** The stack of an error that nobody foresaw, for a bug report. */
const trace = (error: unknown, known: BackupError): string =>
  known !== error && known.code === 'internal' && error instanceof Error ? `${safeText(error.stack ?? '')}\n` : ''
