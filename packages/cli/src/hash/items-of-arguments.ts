import { statSync } from 'node:fs'
import { BackupError } from '@backproof/core/errors'
import { errnoToBackupError } from '@backproof/core/run'
import { escapeKey } from '@backproof/core/source'
import { shellQuote } from '../places/shell-quote.js'
import type { HashItem } from './hash-items.js'

const PAGE = 64

/** Pages of the files that were named; links are followed, as in `sha256sum`. */
export function* itemsOfArguments(paths: readonly string[]): Generator<readonly HashItem[]> {
  for (let i = 0; i < paths.length; i += PAGE) yield paths.slice(i, i + PAGE).map(itemOf)
}

const itemOf = (path: string): HashItem => {
  try {
    const stats = statSync(path)
    if (!stats.isFile()) return { name: path, error: notAFile(path, stats.isDirectory()).toJSON() }
    const { size, mtimeMs, ctimeMs, ino, dev } = stats
    return { name: path, file: { path, followLinks: true, pin: { size, mtimeMs, ctimeMs, ino, dev } } }
  } catch (error) {
    return { name: path, error: errnoToBackupError(error, { operation: 'hash', subject: path }).toJSON() }
  }
}

const notAFile = (path: string, isDirectory: boolean): BackupError =>
  new BackupError({
    code: 'invalid-config',
    message: isDirectory
      ? `${escapeKey(path)} is a directory\nFor the files in it: backproof hash -r ${shellQuote(path)}`
      : `${escapeKey(path)} is no ordinary file\nOnly files with a size can be hashed.`,
  })
