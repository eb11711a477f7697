import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Algorithm, Digest } from '@backproof/core/digest'
import { escapeKey, type ObjectEntry } from '@backproof/core/source'
import { algorithmFromLength, algorithmFromTag, digitsOf } from './checksum-algorithm.js'
import { type ChecksumLine, parseChecksumLine } from './checksum-line.js'
import { placeOf } from './entry.js'
import { invalidConfig, localError, systemError } from './errors.js'

export interface ManifestSettings {
  /** Absolute. */
  readonly path: string
  /** What the caller or the file's name says. */
  readonly algorithm: Algorithm | undefined
  /** Taken from the front of names, which must have it. With a `/` at its end, one byte a character; empty for none. */
  readonly root: string
}

const CHUNK = 128 * 1024
/** Longer than any path with its digest: what has such lines is no checksum file. */
const LONGEST_LINE = 64 * 1024

/**
 * The entries of a checksum file, a page for each 128 KiB of it, in its order. Throws `invalid-config` with the number
 * of the first line that cannot be used, and `changed` when the file changed meanwhile.
 */
export async function* readManifest(
  settings: ManifestSettings,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly ObjectEntry[]> {
  const lines = lineReader(settings)
  for await (const text of fileText(settings.path, signal)) {
    const page = lines.read(text)
    if (page.length > 0) yield page
  }
  const last = lines.end()
  if (last !== undefined) yield [last]
}

/** The text of a regular file, one byte a character, in chunks. */
async function* fileText(path: string, signal: AbortSignal | undefined): AsyncGenerator<string> {
  signal?.throwIfAborted()
  let handle: FileHandle | undefined
  try {
    // Not to wait for a writer when it is a FIFO; Windows has neither.
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    const before = await handle.stat({ bigint: true })
    if (!before.isFile()) throw invalidConfig(`${escapeKey(path)} is no regular file; give a checksum file.`, path)
    const buffer = Buffer.allocUnsafe(CHUNK)
    for (;;) {
      signal?.throwIfAborted()
      const { bytesRead } = await handle.read(buffer, 0, CHUNK, null)
      if (bytesRead === 0) break
      yield buffer.toString('latin1', 0, bytesRead)
    }
    const after = await handle.stat({ bigint: true })
    if (after.size !== before.size || after.mtimeNs !== before.mtimeNs || after.ctimeNs !== before.ctimeNs) {
      const message = `${escapeKey(path)} was modified while it was read; run again when nothing writes to it.`
      throw localError('changed', 'list', path, message)
    }
  } catch (error) {
    signal?.throwIfAborted()
    throw systemError(error, 'list', path)
  } finally {
    await handle?.close()
  }
}

interface LineReader {
  /** The entries of the lines that end in this text. */
  read(text: string): readonly ObjectEntry[]
  /** The entry of a last line without an end. */
  end(): ObjectEntry | undefined
}

const lineReader = (settings: ManifestSettings): LineReader => {
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

const entryOfLine = (line: ChecksumLine, settings: ManifestSettings, where: string): ObjectEntry => {
  const algorithm = algorithmOf(line, settings, where)
  const { path, key, keyBytes } = placeOf(nameOf(line.name, settings, where))
  const digest: Digest = { algorithm, value: line.value, provenance: 'recorded' }
  return {
    key,
    ...(keyBytes !== undefined && { keyBytes }),
    ref: { name: path, algorithm, value: line.value },
    kind: 'object',
    digests: [digest],
  }
}

const algorithmOf = ({ tag, value }: ChecksumLine, settings: ManifestSettings, where: string): Algorithm => {
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

/** The path from the root, without `.` components and doubled separators. */
const nameOf = (written: string, { root, path }: ManifestSettings, where: string): string => {
  const shown = escapeKey(placeOf(written).key)
  let name = written
  if (root !== '') {
    const tidy = `${written.startsWith('/') ? '/' : ''}${tidied(written)}`
    if (!tidy.startsWith(root))
      throw invalidConfig(`${where} names ${shown}, which is not below the root that was given.`, path)
    name = tidy.slice(root.length)
  }
  if (name.startsWith('/')) {
    throw invalidConfig(
      `${where} names the absolute path ${shown}; give the directory it should count from as the option root.`,
      path,
    )
  }
  const tidy = tidied(name)
  if (tidy === '' || tidy.endsWith('/')) throw invalidConfig(`${where} names no file: ${shown}.`, path)
  if (/(?:^|\/)\.\.(?:\/|$)/.test(tidy))
    throw invalidConfig(`${where} names ${shown}, which leads out of the directory.`, path)
  return tidy
}

const tidied = (name: string): string =>
  /(?:^|\/)\.?(?:\/|$)/.test(name)
    ? name
        .split('/')
        .filter((component) => component !== '' && component !== '.')
        .join('/')
    : name
