import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib'
import type { BackupError } from '@backproof/core/errors'
import { escapeKey } from '@backproof/core/source'
import { localError } from '../errors.js'
import { pump } from './pump.js'
import type { ZipRecord } from './zip-directory.js'
import type { ZipWindow } from './zip-window.js'

/** What is needed to read the bytes of an entry. */
export interface ZipContent {
  readonly file: ZipWindow
  readonly archive: string
  readonly record: ZipRecord
  readonly key: string
  /** Position of its first packed byte. */
  readonly start: number
  readonly checkOpen: () => void
}

export const STORED = 0
export const DEFLATED = 8

/** Entries up to these sizes are unpacked in one call: a stream for each would cost more than all the rest. */
const SMALL_PACKED = 64 * 1024
const SMALL = 512 * 1024
const MOST = 1 << 20

/** The bytes of an entry. Throws `corrupt` at their end unless they have the length and the CRC-32 of the directory. */
export async function* zipBody(content: ZipContent): AsyncGenerator<Uint8Array> {
  const { record } = content
  let crc = 0
  let length = 0
  for await (const chunk of unpacked(content)) {
    content.checkOpen()
    length += chunk.length
    if (length > record.size) break
    crc = crc32(chunk, crc)
    yield chunk
  }
  if (length !== record.size)
    throw damagedEntry(
      content,
      `it unpacks to ${length > record.size ? 'more' : 'less'} than the ${record.size} bytes of its size`,
    )
  if (crc !== record.crc32) throw damagedEntry(content, 'its bytes do not have the CRC-32 that the archive states')
}

export const damagedEntry = ({ archive, key }: Pick<ZipContent, 'archive' | 'key'>, what: string): BackupError =>
  localError(
    'corrupt',
    'scan',
    key,
    `${escapeKey(key)} in the archive ${escapeKey(archive)} is damaged: ${what}; restore the archive from another copy.`,
  )

const unpacked = (content: ZipContent): AsyncIterable<Uint8Array> => {
  if (content.record.method === STORED) return packedPieces(content)
  return content.record.packed <= SMALL_PACKED && content.record.size <= SMALL
    ? inflatedAtOnce(content)
    : inflated(content)
}

async function* packedPieces({ file, record, start }: ZipContent): AsyncGenerator<Uint8Array> {
  for (let at = start; at < start + record.packed; ) {
    const bytes = await file.piece(at, Math.min(MOST, start + record.packed - at))
    at += bytes.length
    yield bytes
  }
}

async function* inflatedAtOnce(content: ZipContent): AsyncGenerator<Uint8Array> {
  const { file, record, start } = content
  const packed = await file.read(start, record.packed)
  let result: { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } }
  try {
    // One buffer of the right size, where zlib would take 16 KiB for each of very many small entries.
    const options = { maxOutputLength: record.size + 1, chunkSize: Math.max(64, record.size + 1), info: true }
    // The types do not know what `info` makes of the result.
    result = inflateRawSync(packed, options) as unknown as typeof result
  } catch (error) {
    throw asDamage(content, error)
  }
  if (result.engine.bytesWritten !== record.packed) throw tooMuch(content)
  yield result.buffer
}

async function* inflated(content: ZipContent): AsyncGenerator<Uint8Array> {
  const inflate = createInflateRaw({ chunkSize: 128 * 1024 })
  try {
    yield* pump(packedPieces(content), inflate, content.archive)
  } catch (error) {
    throw asDamage(content, error)
  }
  if (inflate.bytesWritten !== content.record.packed) throw tooMuch(content)
}

const tooMuch = (content: ZipContent): BackupError =>
  damagedEntry(content, 'its packed data ends before the length that the archive states')

const asDamage = (content: ZipContent, error: unknown): unknown => {
  const code = (error as { readonly code?: unknown } | undefined)?.code
  const isDamage = typeof code === 'string' && (code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE')
  return isDamage ? damagedEntry(content, `its packed data cannot be read (${(error as Error).message})`) : error
}
