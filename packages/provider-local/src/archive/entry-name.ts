import type { BackupErrorJson } from '@backproof/core/errors'
import { escapeKey, type ObjectEntry } from '@backproof/core/source'
import { placeOf } from '../entry.js'
import { invalidConfig } from '../errors.js'

/** A name of an archive as a key. */
export interface EntryName {
  readonly key: string
  readonly keyBytes?: Uint8Array | undefined
  /** Present when the name leads out of the directory that the archive stands for. */
  readonly problem?: BackupErrorJson | undefined
}

/**
 * The key for a name in an archive, given with one byte a character. `.` components and doubled separators go, as
 * extracting drops them. A name that leads out (absolute, with a drive, with `..`) or that no file can have gets a key
 * inside, with what is wrong percent-encoded, and a problem: such an entry is told and never followed.
 */
export const entryName = (written: string): EntryName => {
  const inside = PLAIN.test(written) ? written : tidied(written)
  const why = reasonAgainst(written, inside)
  const { key, keyBytes } = placeOf(why === undefined ? inside : encoded(written))
  const named = keyBytes === undefined ? { key } : { key, keyBytes }
  if (why === undefined) return named
  const shown = escapeKey(placeOf(written).key)
  const message = `The archive names an entry ${JSON.stringify(shown)}: ${why}. It is not compared; extract nothing from this archive without a tool that refuses such names.`
  return { ...named, problem: invalidConfig(message, key).toJSON() }
}

/** The fields of an entry that its name decides. */
export const nameFields = ({
  key,
  keyBytes,
  problem,
}: EntryName): Pick<ObjectEntry, 'key' | 'keyBytes' | 'problem'> => ({
  key,
  ...(keyBytes !== undefined && { keyBytes }),
  ...(problem !== undefined && { problem }),
})

/** Names that need no second look: no component is empty or starts with a full stop, no drive, no NUL. */
const PLAIN = /^(?![A-Za-z]:[\\/])[^\0/.][^\0/]*(?:\/[^\0/.][^\0/]*)*$/

const components = (name: string): string[] =>
  name.split('/').filter((component) => component !== '' && component !== '.')

const tidied = (name: string): string => components(name).join('/')

const reasonAgainst = (written: string, inside: string): string | undefined => {
  if (written.startsWith('/')) return 'the path is absolute'
  if (/^(?:\.\/+)*[A-Za-z]:[\\/]/.test(written)) return 'the path starts with a drive'
  if (inside.split('/').includes('..')) return 'its ".." leads out of the directory, or could'
  if (written.includes('\0')) return 'no name of a file holds a NUL character'
  return inside === '' ? 'the name is empty' : undefined
}

const encoded = (written: string): string => {
  const drive = /^(?:\.\/+)*[A-Za-z]:/.test(written)
  const parts = components(written).map((part, i) => {
    const visible = part === '..' ? '%2E%2E' : part.replaceAll('\0', '%00')
    return drive && i === 0 ? visible.replace(':', '%3A') : visible
  })
  const path = parts.join('/')
  if (written.startsWith('/')) return `%2F${path}`
  return path === '' ? '%2E' : path
}
