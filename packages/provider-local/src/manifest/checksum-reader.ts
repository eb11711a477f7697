import type { Algorithm, Digest } from '@backproof/core/digest'
import { escapeKey, type ObjectEntry } from '@backproof/core/source'
import { placeOf } from '../entry.js'
import { invalidConfig } from '../errors.js'
import { algorithmFromLength, algorithmFromTag, digitsOf } from './checksum-algorithm.js'
import { type ChecksumLine, parseChecksumLine } from './checksum-line.js'
import { relativeName } from './relative-name.js'
import { textLines } from './text-lines.js'

export interface ChecksumSettings {
  /** Absolute. */
  readonly path: string
  /** What the caller or the file's name says. */
  readonly algorithm: Algorithm | undefined
  /** Taken from the front of names, which must have it. With a `/` at its end, one byte a character; empty for none. */
  readonly root: string
}

/**
 * The entries of a checksum file, a page for each 128 KiB of it, in its order. Throws `invalid-config` with the number
 * of the first line that cannot be used, and `changed` when the file changed meanwhile.
 */
export async function* readChecksums(
  settings: ChecksumSettings,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly ObjectEntry[]> {
  const { path } = settings
  const shown = escapeKey(path)
  let number = 0
  for await (const lines of textLines(path, 'checksum file', signal)) {
    const page: ObjectEntry[] = []
    for (const line of lines) {
      number += 1
      const parsed = parseChecksumLine(line)
      if (parsed === undefined) continue
      const where = `Line ${number} of ${shown}`
      if ('malformed' in parsed)
        throw invalidConfig(`${where} is no line of a checksum file: ${parsed.malformed}.`, path)
      page.push(entryOfLine(parsed, settings, where))
    }
    if (page.length > 0) yield page
  }
}

const entryOfLine = (line: ChecksumLine, settings: ChecksumSettings, where: string): ObjectEntry => {
  const algorithm = algorithmOf(line, settings, where)
  const { path, key, keyBytes } = placeOf(relativeName(line.name, settings, where))
  const digest: Digest = { algorithm, value: line.value, provenance: 'recorded' }
  return {
    key,
    ...(keyBytes !== undefined && { keyBytes }),
    ref: { name: path, algorithm, value: line.value },
    kind: 'object',
    digests: [digest],
  }
}

const algorithmOf = ({ tag, value }: ChecksumLine, settings: ChecksumSettings, where: string): Algorithm => {
  const tagged = tag === undefined ? undefined : algorithmFromTag(tag)
  if (tagged !== undefined && settings.algorithm !== undefined && tagged !== settings.algorithm) {
    throw invalidConfig(
      `${where} holds a ${tagged} digest, but the file was taken to hold ${settings.algorithm}.`,
      settings.path,
    )
  }
  const algorithm = tagged ?? settings.algorithm ?? algorithmFromLength(value.length)
  if (algorithm === undefined) {
    throw invalidConfig(
      `${where} has a digest of ${value.length} hexadecimal digits, which several algorithms have; name it by the option algorithm.`,
      settings.path,
    )
  }
  const digits = digitsOf(algorithm)
  if (digits === undefined || digits === value.length) return algorithm
  throw invalidConfig(
    `${where} has ${value.length} hexadecimal digits; a ${algorithm} digest has ${digits}.`,
    settings.path,
  )
}
