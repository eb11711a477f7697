import { keyFromBytes, keyToBytes } from '@backproof/core/source'
import type { DirectorySettings } from './options.js'

/**
 * A directory tree. Inside the provider, paths are strings that hold one byte a character (latin1): comparing them
 * compares bytes, names that are not UTF-8 need no special case, and V8 stores them in one byte a character.
 */
export interface Tree {
  readonly settings: DirectorySettings
  /** Absolute path with a `/` at its end, one byte a character. */
  readonly root: string
}

export const openTree = (settings: DirectorySettings): Tree => {
  const path = Buffer.from(keyToBytes(settings.path)).toString('latin1')
  return { settings, root: path.endsWith('/') ? path : `${path}/` }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is asked for
const ASCII = /^[\x00-\x7f]*$/

/** Whether a one-byte-a-character string reads the same as UTF-8. */
export const isAscii = (bytes: string): boolean => ASCII.test(bytes)

/** A one-byte-a-character path as `fs` functions want it: a string would be encoded as UTF-8. */
export const kernelPath = (bytes: string): string | Buffer => (isAscii(bytes) ? bytes : Buffer.from(bytes, 'latin1'))

/** The key of one-byte-a-character text, for entries and messages. */
export const keyOf = (bytes: string): string => (isAscii(bytes) ? bytes : keyFromBytes(Buffer.from(bytes, 'latin1')))
