import type { Algorithm, Digest } from '@backproof/core/digest'
import { escapeKey, type ObjectEntry } from '@backproof/core/source'
import { placeOf } from '../entry.js'
import { invalidConfig } from '../errors.js'
import { algorithmFromLength, algorithmFromTag, digitsOf } from './checksum-algorithm.js'
import { type ChecksumLine, parseChecksumLine } from './checksum-line.js'
import { fileChunks } from './file-chunks.js'
import { relativeName } from './relative-name.js'

export interface ChecksumSettings {
  /** Absolute. */
  readonly path: string
  /** What the caller or the file's name says. */
  readonly algorithm: Algorithm | undefined
  /** Taken from the front of names, which must have it. With a `/` at its end, one byte a character; empty for none. */
  readonly root: string
}

/** Longer than any path with its digest: what has such lines is no checksum file. */
const LONGEST_LINE = 64 * 1024

/**
 * The entries of a checksum file, a page for each 128 KiB of it, in its order. Throws `invalid-config` with the number
 * of the first line that cannot be used, and `changed` when the file changed meanwhile.
 */
export async function* readChecksums(
  settings: ChecksumSettings,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly ObjectEntry[]> {
  const lines = lineReader(settings)
  for await (const chunk of fileChunks(settings.path, { signal })) {
    const page = lines.read(chunk.toString('latin1'))
    if (page.length > 0) yield page
  }
  const last = lines.end()
  if (last !== undefined) yield [last]
}

interface LineReader {
  /** The entries of the lines that end in this text. */
  read(text: string): readonly ObjectEntry[]
  /** The entry of a last line without an end. */
  end(): ObjectEntry | undefined
}

const lineReader = (settings: ChecksumSettings): LineReader => {
  let rest = ''
  let number = 0
  // A name can end in a carriage return: it belongs to the line's end only where the first line ends so too.
  let crlf: boolean | undefined

  const take = (line: string): ObjectEntry | undefined => {
    number += 1
    crlf ??= line.endsWith('\r')
    const where = `Line ${number} of ${escapeKey(settings.path)}`
    const parsed = parseChecksumLine(crlf && line.endsWith('\r') ? line.slice(0, -1) : line)
    if (parsed === undefined) return undefined
    if ('malformed' in parsed)
      throw invalidConfig(`${where} is no line of a checksum file: ${parsed.malformed}.`, settings.path)
    return entryOfLine(parsed, settings, where)
  }

  return {
    read(text) {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > LONGEST_LINE) {
        const message = `Line ${number + lines.length + 1} of ${escapeKey(settings.path)} is longer than ${LONGEST_LINE} bytes: this is no checksum file.`
        throw invalidConfig(message, settings.path)
      }
      const entries: ObjectEntry[] = []
      for (const line of lines) {
        const entry = take(line)
        if (entry !== undefined) entries.push(entry)
      }
      return entries
    },
    end: () => (rest === '' ? undefined : take(rest)),
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
