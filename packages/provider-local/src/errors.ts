import { BackupError, type ErrorCode } from '@backproof/core/errors'
import { errnoToBackupError } from '@backproof/core/run'
import { escapeKey } from '@backproof/core/source'

/** The provider's name in errors. */
export const PROVIDER = 'local'

/** What the caller gave cannot work. `message` says what was wrong and what to change. */
export const invalidConfig = (message: string, subject?: string): BackupError =>
  new BackupError({ code: 'invalid-config', message, provider: PROVIDER, subject })

/** The root is there, but is no directory. */
export const notDirectory = (path: string, isFile: boolean): BackupError =>
  invalidConfig(
    `${escapeKey(path)} is ${isFile ? 'a file, not a directory' : 'not a directory'}; give the directory it lies in, or a checksum file to checksumManifest().`,
    path,
  )

/** An error of this provider that no failed system call stands behind. */
export const localError = (code: ErrorCode, operation: string, subject: string, message: string): BackupError =>
  new BackupError({ code, message, provider: PROVIDER, operation, subject })

/** The `BackupError` of a failed system call. `subject` is the path, in the form of a key. */
export const systemError = (error: unknown, operation: string, subject: string): BackupError =>
  errnoToBackupError(error, { operation, subject, provider: PROVIDER })

/** The errno name of a failed system call, for example `ENOENT`; `undefined` for any other error. */
export const errnoOf = (error: unknown): string | undefined => {
  if (typeof error !== 'object' || error === null || !('errno' in error)) return undefined
  const { code } = error as { readonly code?: unknown }
  return typeof code === 'string' ? code : undefined
}
