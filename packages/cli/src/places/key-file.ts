import { readFileSync, statSync } from 'node:fs'
import { escapeKey } from '@backproof/core/source'
import { usageError } from '../args/usage-error.js'

/** Larger than any key in PEM: what is larger was named by mistake. */
const LARGEST = 64 * 1024

/** The text of a key file. */
export const readKeyFile = (path: string): string => {
  const size = statSync(path).size
  if (size > LARGEST)
    throw usageError(`${escapeKey(path)} has ${size} bytes: it is no key`, 'Name a file with one Ed25519 key in PEM.')
  return readFileSync(path, 'utf8')
}
