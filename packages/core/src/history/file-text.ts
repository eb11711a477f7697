import { isUtf8 } from 'node:buffer'
import type { BigIntStats } from 'node:fs'
import { basename, dirname } from 'node:path'
import { BackupError } from '../errors.js'
import { gunzipped } from '../inventory/gunzip.js'
import { fileChunks } from '../run/file-chunks.js'
import { escapeKey } from '../source/key.js'

/** Neighbouring lines without their ends; `first`: number of the first, from 1. */
export interface LinePage {
  readonly first: number
  readonly lines: readonly string[]
  /** The last of them has no newline behind it: it may have been cut. */
  readonly openEnd: boolean
}

export interface FileTextOptions {
  readonly signal: AbortSignal
  readonly onOpen?: ((state: BigIntStats) => void) | undefined
}

/** Rows are hundreds of bytes; what has longer lines is no such file, and would not fit into memory. */
const LONGEST_LINE = 8 * 1024 * 1024
const NEWLINE = 0x0a

/**
 * The bytes of a file, decompressed where it begins as gzip does: no text begins so.
 *
 * @throws BackupError as `fileChunks`; `corrupt` for damaged gzip, `unsupported` for zstd.
 */
export async function* fileBytes(
  path: string,
  { signal, onOpen }: FileTextOptions,
): AsyncGenerator<Uint8Array, void, void> {
  const chunks = fileChunks(path, { signal, onOpen, operation: 'read', wanted: 'a file of JSON lines' })
  try {
    const { done, value } = await chunks.next()
    if (done === true) return
    const all = startingWith(value, chunks)
    if (value[0] === 0x1f && value[1] === 0x8b) {
      yield* gunzipped(all, { provider: 'local', uri: dirname(path) }, basename(path))
      return
    }
    if (value.length >= 4 && value.readUInt32LE(0) === 0xfd2fb528) {
      throw lineError(
        'unsupported',
        path,
        'is compressed with zstd, which is not read here; decompress it, or use gzip',
      )
    }
    yield* all
  } finally {
    await chunks.return()
  }
}

async function* startingWith(
  first: Uint8Array,
  rest: AsyncGenerator<Uint8Array, void, void>,
): AsyncGenerator<Uint8Array, void, void> {
  yield first
  yield* rest
}

/**
 * The lines of a file of UTF-8, in pages; ends of lines are LF or CRLF, a byte order mark is dropped.
 *
 * @throws BackupError as {@link fileBytes}; `corrupt` for what is not UTF-8, `invalid-config` for a line that is too long.
 */
export async function* fileLines(path: string, options: FileTextOptions): AsyncGenerator<LinePage> {
  let first = 1
  let rest: Buffer = Buffer.alloc(0)
  const pageOf = (bytes: Buffer, openEnd: boolean): LinePage => {
    if (!isUtf8(bytes)) throw lineError('corrupt', path, `is not UTF-8${within(first, bytes)}`)
    const lines = bytes.toString('utf8').split('\n')
    if (first === 1 && lines[0]!.startsWith('\ufeff')) lines[0] = lines[0]!.slice(1)
    const page = { first, lines, openEnd }
    first += lines.length
    return page
  }
  for await (const chunk of fileBytes(path, options)) {
    const end = chunk.lastIndexOf(NEWLINE)
    if (end === -1) {
      rest = Buffer.concat([rest, chunk])
    } else {
      const whole = rest.length === 0 ? asBuffer(chunk).subarray(0, end) : Buffer.concat([rest, chunk.subarray(0, end)])
      // A chunk is valid until the next one: what is kept is copied.
      rest = Buffer.from(chunk.subarray(end + 1))
      yield pageOf(whole, false)
    }
    if (rest.length > LONGEST_LINE) {
      throw lineError(
        'invalid-config',
        path,
        `has a line of more than ${LONGEST_LINE} bytes, line ${first}: it is no file of JSON lines`,
      )
    }
  }
  if (rest.length > 0) yield pageOf(rest, true)
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Which line is not UTF-8. */
const within = (first: number, bytes: Buffer): string => {
  let line = first
  for (let start = 0; start <= bytes.length; line++) {
    const end = bytes.indexOf(NEWLINE, start)
    if (!isUtf8(bytes.subarray(start, end === -1 ? bytes.length : end))) break
    if (end === -1) break
    start = end + 1
  }
  return ` in line ${line}`
}

/** An error about a file: `runs.jsonl <what>.` */
export const lineError = (
  code: 'corrupt' | 'invalid-config' | 'unsupported',
  path: string,
  what: string,
): BackupError =>
  new BackupError({ code, message: `${escapeKey(path)} ${what}.`, provider: 'local', operation: 'read', subject: path })
