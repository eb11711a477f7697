import { type OutputFile, openOutputFile as openFile } from '@backproof/core/run'
import { escapeKey } from '@backproof/core/source'
import { outputError } from './stdout.js'

/**
 * Opens a file for output, which takes the place of an earlier one only when it is complete.
 * @throws BackupError `internal` (exit code 70) when it cannot be written.
 */
export const openOutputFile = (path: string): Promise<OutputFile> =>
  openFile(path, (error) => outputError(escapeKey(path), error))
