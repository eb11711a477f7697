import { type Cell, cellText, cellTime, type TablePage } from '@backproof/core/inventory'
import type { ObjectEntry } from '@backproof/core/source'
import { entryFields } from '../listing/listed-object.js'
import { factsOf } from '../object/facts.js'

/** Metadata fields of a report that are of use. All but the name may be missing. */
export const COLUMNS = [
  'bucket',
  'name',
  'size',
  'generation',
  'timeCreated',
  'timeDeleted',
  'softDeleteTime',
  'storageClass',
  'crc32c',
  'md5Hash',
] as const

/** What is listed: names that begin with the prefix, without it. */
export interface Scope {
  /** The bucket that all rows must be of; `undefined`: any. */
  readonly bucket: string | undefined
  readonly prefix: string
}

/**
 * The entries of a page of rows, as a listing of the bucket would give them. What is no object as it is now is left out by a word:
 * `noncurrent-version`, `soft-deleted`, `folder-marker`. Names are as they are: the service escapes nothing in them.
 *
 * @param refuse The error for a row that cannot be used.
 */
export const entriesOf = (
  { rows, where }: TablePage,
  { bucket, prefix }: Scope,
  refuse: (code: 'corrupt' | 'invalid-config', what: string) => Error,
): readonly ObjectEntry[] =>
  rows.flatMap((cells, i) => {
    const [of, name, size, generation, created, deleted, softDeleted, storageClass, crc32c, md5Hash] = cells
    const written = cellText(name)
    if (written === undefined) throw refuse('corrupt', `${where(i)} has no name.`)
    const told = cellText(of)
    if (bucket !== undefined && told !== undefined && told !== bucket) {
      const what = `${where(i)} is of the bucket ${JSON.stringify(told)}, not of ${JSON.stringify(bucket)}. Give the report of the bucket, or that bucket.`
      throw refuse('invalid-config', what)
    }
    if (!written.startsWith(prefix)) return []
    const timeOf = (column: string, cell: Cell): string | undefined => {
      const time = cellTime(cell)
      if (time === null) {
        throw refuse('corrupt', `${where(i)} has the ${column} ${JSON.stringify(cell)}, which is no time.`)
      }
      return time === undefined ? undefined : new Date(time).toISOString()
    }
    const facts = factsOf({
      size: cellText(size),
      generation: cellText(generation),
      timeCreated: timeOf('timeCreated', created),
      timeDeleted: timeOf('timeDeleted', deleted),
      softDeleteTime: timeOf('softDeleteTime', softDeleted),
      storageClass: cellText(storageClass),
      crc32c: cellText(crc32c),
      md5Hash: cellText(md5Hash),
    })
    if (facts === undefined) {
      throw refuse(
        'corrupt',
        `${where(i)} has a size or a generation that is no number: ${JSON.stringify([size, generation])}.`,
      )
    }
    const entry = entryFields(written.slice(prefix.length), facts, { version: false, softDeleted: false })
    const isMarker = written === prefix && facts.size === 0 && prefix.endsWith('/')
    const excluded =
      cellText(softDeleted) !== undefined
        ? 'soft-deleted'
        : cellText(deleted) !== undefined
          ? 'noncurrent-version'
          : isMarker
            ? 'folder-marker'
            : undefined
    return [excluded === undefined ? entry : { ...entry, kind: 'special', digests: undefined, excluded }]
  })
