import { BackupError } from '../errors.js'
import { abortable } from '../run/abort.js'
import type { BackupSource, ObjectBody } from '../source/backup-source.js'
import type { ObjectEntry } from '../source/entry.js'
import { escapeKey } from '../source/key.js'
import { leave } from './attempt.js'

/** An object, and how many of its first bytes came. */
export interface Opened {
  readonly key: string
  readonly bytes: number
}

/** Opens an object and waits for its first bytes. `undefined`: it has none, and nobody promised any. */
export const openObject = async (
  source: BackupSource,
  entry: ObjectEntry,
  signal: AbortSignal,
): Promise<Opened | undefined> => {
  const body = await abortable(source.read(entry.ref, { signal }), signal)
  return firstBytes(source, body, entry.size, signal)
}

/** Entries of a sequential source that are looked through for one with bytes. */
const SCANNED = 1_000

/** What the beginning of a sequential source holds. */
export interface Scanned {
  /** The first object with bytes; absent when none is near the beginning. */
  readonly opened?: Opened | undefined
  /** Whether the source ended before any entry. */
  readonly empty: boolean
}

export const openScanned = async (source: BackupSource, signal: AbortSignal): Promise<Scanned> => {
  if (source.scan === undefined)
    throw new BackupError({
      code: 'contract',
      message: `${source.uri} says that it is read from front to end, but has no scan().`,
    })
  const entries = source.scan({ signal })[Symbol.asyncIterator]()
  try {
    for (let seen = 0; seen < SCANNED; seen++) {
      const { done, value } = await abortable(entries.next(), signal)
      if (done) return { empty: seen === 0 }
      const { kind, size, linkTo } = value.info
      if (kind !== 'object' || size === 0 || linkTo !== undefined) continue
      const opened = await firstBytes(source, value, size, signal)
      if (opened !== undefined) return { opened, empty: false }
    }
    return { empty: false }
  } finally {
    await leave(entries, signal)
  }
}

const firstBytes = async (
  source: BackupSource,
  { info, body }: ObjectBody,
  promised: number | undefined,
  signal: AbortSignal,
): Promise<Opened | undefined> => {
  const chunks = body[Symbol.asyncIterator]()
  try {
    for (;;) {
      const { done, value } = await abortable(chunks.next(), signal)
      if (done) break
      if (value.byteLength > 0) return { key: info.key, bytes: value.byteLength }
    }
  } finally {
    await leave(chunks, signal)
  }
  if (promised === undefined) return undefined
  throw new BackupError({
    code: 'corrupt',
    message: `${escapeKey(info.key)} of ${source.uri} should have ${promised} bytes, but its body has none.`,
    operation: 'read',
    subject: info.key,
  })
}
