import { type BackupError, isBackupError } from '@backproof/core/errors'
import { escapeKey } from '@backproof/core/source'
import { localError } from '../errors.js'

/** Damage found in an archive. `what` says what and where. */
export const corruptArchive = (archive: string, what: string): BackupError =>
  localError(
    'corrupt',
    'scan',
    archive,
    `The archive ${escapeKey(archive)} is cut or damaged: ${what}. What came before this is no complete list; restore the archive from another copy.`,
  )

/** Something that an archive may hold and this reader does not read. */
export const unsupportedArchive = (archive: string, what: string): BackupError =>
  localError('unsupported', 'scan', archive, `The archive ${escapeKey(archive)} cannot be read: ${what}.`)

/** The error of a decompressor: bytes that are not what a compressor writes. Errors of the place pass through. */
export const decompressionError = (archive: string, error: unknown): unknown => {
  if (isBackupError(error) || !(error instanceof Error)) return error
  const code = (error as { readonly code?: unknown }).code
  // Codes of zlib are Z_...; whatever else comes this way is a fault of ours and stays visible as such.
  return typeof code === 'string' && code.startsWith('Z_')
    ? corruptArchive(archive, `its compressed data cannot be read (${error.message})`)
    : error
}
