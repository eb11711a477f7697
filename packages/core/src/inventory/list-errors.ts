import { BackupError, type ErrorCode } from '../errors.js'
import { escapeKey } from '../source/key.js'

/** What the errors about the files of a list have in common. */
export interface ListFileSubject {
  /** Short name of the provider. */
  readonly provider: string
  /** URI of the source that the files are in. */
  readonly uri: string
}

/** An error about a file of a list: `<file> of <place>: <what>.` */
export const listFileError = (
  code: ErrorCode,
  { provider, uri }: ListFileSubject,
  file: string,
  what: string,
  cause?: unknown,
): BackupError =>
  new BackupError({
    code,
    message: `"${escapeKey(file)}" of ${uri}: ${what}`,
    provider,
    operation: 'list',
    subject: file,
    ...(cause !== undefined && { cause }),
  })
