import { type Cell, cellCount, cellFlag, cellText, cellTime, type TablePage } from '@backproof/core/inventory'
import type { ObjectEntry } from '@backproof/core/source'
import { blobRow } from '../listing/listed-blob.js'

/** Columns of an inventory that are of use ("Custom schema fields supported for blob inventory"). All but the name may be missing. */
export const COLUMNS = [
  'Name',
  'Content-Length',
  'Last-Modified',
  'Etag',
  'Content-MD5',
  'Content-CRC64',
  'AccessTier',
  'ArchiveStatus',
  'Snapshot',
  'VersionId',
  'IsCurrentVersion',
  'Deleted',
  'DeletedTime',
  'hdi_isfolder',
] as const

/** In Parquet, metadata may be a map, which is no column of cells; it only tells which empty blobs stand for folders. */
export const CSV_COLUMNS: readonly string[] = [...COLUMNS, 'Metadata']

/** What is listed: names that begin with `name`, which is container and prefix, without it. */
export interface Scope {
  /** With a `/` behind the container; empty for names that keep theirs. */
  readonly container: string
  readonly prefix: string
}

/**
 * The entries of a page of rows, as a listing of the container would give them. What is no blob as it is now is left out by
 * a word: `noncurrent-version`, `snapshot`, `soft-deleted`, `folder-marker`. Names are as they are: the service escapes nothing in them.
 *
 * @param corrupt The error for a row that cannot be used.
 */
export const entriesOf = (
  { rows, where }: TablePage,
  { container, prefix }: Scope,
  corrupt: (what: string) => Error,
): readonly ObjectEntry[] =>
  rows.flatMap((cells, i) => {
    const refuse = (column: string, cell: Cell): Error =>
      corrupt(`${where(i)} has the ${column} ${JSON.stringify(cell)}, which is none.`)
    const [name, length, modified, etag, md5, crc64, tier, status, snapshot, version, isCurrent, deleted, ...rest] =
      cells
    const [deletedTime, folder, metadata] = rest
    const written = cellText(name)
    if (written === undefined || !written.includes('/')) throw refuse('Name', name)
    if (!written.startsWith(container + prefix)) return []
    const known = <T>(column: string, cell: Cell, read: (cell: Cell) => T | null | undefined): T | undefined => {
      const value = read(cell)
      if (value === null) throw refuse(column, cell)
      return value
    }
    const dateOf = (column: string, cell: Cell): Date | undefined => {
      const time = known(column, cell, cellTime)
      return time === undefined ? undefined : new Date(time)
    }
    const { current, entry } = blobRow(prefix, written.slice(container.length + prefix.length), {
      name: written.slice(container.length),
      written,
      deleted: known('Deleted', deleted, cellFlag) ?? false,
      snapshot: cellText(snapshot),
      versionId: cellText(version),
      isCurrentVersion: known('IsCurrentVersion', isCurrent, cellFlag) ?? false,
      lastModified: dateOf('Last-Modified', modified),
      etag: cellText(etag),
      size: known('Content-Length', length, cellCount),
      resourceType: known('hdi_isfolder', folder, cellFlag) === true ? 'directory' : undefined,
      md5: cellText(md5),
      crc64: cellText(crc64),
      accessTier: cellText(tier),
      archiveStatus: cellText(status),
      deletedTime: dateOf('DeletedTime', deletedTime),
      metadata: metadataOf(metadata),
    })
    if (current || entry.excluded !== undefined) return [entry]
    return [
      { ...entry, digests: undefined, excluded: cellText(snapshot) === undefined ? 'noncurrent-version' : 'snapshot' },
    ]
  })

/** Of a blob that stands for a folder; a cell that is no object of JSON says nothing of it. */
const metadataOf = (cell: Cell): Readonly<Record<string, string>> => {
  const text = cellText(cell)
  if (text === undefined || !/hdi_isfolder/i.test(text)) return {}
  try {
    const value: unknown = JSON.parse(text)
    const pairs = typeof value === 'object' && value !== null ? Object.entries(value) : []
    return Object.fromEntries(pairs.map(([name, told]) => [name, String(told)]))
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}
