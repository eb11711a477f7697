import type { Algorithm } from '@backproof/core/digest'
import { keyFields } from '@backproof/core/object-store'
import type { FileChunksOptions } from '@backproof/core/run'
import { escapeKey, keyFromBytes, type ObjectEntry } from '@backproof/core/source'
import { localError } from '../errors.js'
import { algorithmFromLength } from '../manifest/checksum-algorithm.js'
import { parseChecksumLine } from '../manifest/checksum-line.js'
import { textLines } from '../manifest/text-lines.js'
import { claimedHash } from './rclone-digest.js'
import { nameOfRclonePath } from './rclone-name.js'

/**
 * The objects of `rclone hashsum ALGORITHM`, `md5sum` or `sha1sum`, in its order, also with `--base64`. They have no size; an object
 * whose hash the place does not know has no digest either. Throws `corrupt` with the number of the line that cannot be read.
 *
 * Source: `rclone hashsum --help` (rclone 1.60); operations.HashLister of its source.
 */
export async function* readHashsum(
  path: string,
  algorithm: Algorithm | undefined,
  { signal, onOpen }: FileChunksOptions,
): AsyncGenerator<readonly ObjectEntry[]> {
  const shown = escapeKey(path)
  let number = 0
  for await (const lines of textLines(path, 'list of rclone', signal, onOpen)) {
    const page: ObjectEntry[] = []
    for (const line of lines) {
      number += 1
      if (line === '') continue
      const entry = entryOfLine(line, algorithm)
      if (typeof entry !== 'string') page.push(entry)
      else throw localError('corrupt', 'list', path, `Line ${number} of ${shown} ${entry}.`)
    }
    if (page.length > 0) yield page
  }
}

/** rclone pads what is no hash to the width of one: nothing, or a word. */
const WITHOUT_HASH = /^ *(?:UNSUPPORTED|ERROR)? {2}(.+)$/s
const BASE64 = /^([A-Za-z0-9+/_-]+={1,2}) {2}(.+)$/s

/** Why it is none. `line` has one byte a character. */
const entryOfLine = (line: string, told: Algorithm | undefined): ObjectEntry | string => {
  const base64 = BASE64.exec(line)
  if (base64 !== null) return entryWith(base64[2]!, base64[1]!, told ?? algorithmFromLength(hexDigits(base64[1]!)))
  const plain = parseChecksumLine(line)
  if (plain !== undefined && !('malformed' in plain) && plain.tag === undefined) {
    return entryWith(plain.name, plain.value, told ?? algorithmFromLength(plain.value.length))
  }
  const name = WITHOUT_HASH.exec(line)?.[1]
  if (name !== undefined) return entryNamed(name)
  return 'is none of rclone hashsum: expected "<hash>  <path>"'
}

const hexDigits = (base64: string): number => Buffer.from(base64, 'base64').length * 2

const entryWith = (name: string, text: string, algorithm: Algorithm | undefined): ObjectEntry | string =>
  algorithm === undefined
    ? `has a hash that several algorithms could have made, ${text.length} characters long; name it by the option algorithm`
    : { ...entryNamed(name), digests: [claimedHash(algorithm, text)] }

const entryNamed = (name: string): ObjectEntry => {
  const fields = keyFields(nameOfRclonePath(keyFromBytes(Buffer.from(name, 'latin1'))))
  return { ...fields, ref: fields.key, kind: 'object' }
}
