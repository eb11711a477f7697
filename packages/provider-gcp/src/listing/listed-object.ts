import { contractError, keyFields, type ListedRow, type Listing, relativeName } from '@backproof/core/object-store'
import { escapeKey, type ObjectEntry } from '@backproof/core/source'
import type { Connection } from '../client/connection.js'
import type { PageRequest } from '../client/requests.js'
import type { GcsRef } from '../entry.js'
import { factsOf, type ObjectFacts } from '../object/facts.js'

/** A row of a listing, before it is an entry. */
export type Row = ListedRow

/**
 * The row of a listed object. The empty object named like the prefix, which consoles make to show a folder, holds nothing of
 * the backup: it is left out by the word `folder-marker`. One that has bytes is an object with the key `/`.
 */
export const objectRow = (connection: Connection, listing: Listing, item: unknown, of: PageRequest['of']): Row => {
  const resource = (typeof item === 'object' && item !== null ? item : {}) as Readonly<Record<string, unknown>>
  const name = typeof resource['name'] === 'string' ? resource['name'] : undefined
  const key = relativeName(listing, name, name)
  const facts = factsOf(resource)
  if (facts === undefined) {
    throw contractError(listing, `it tells of ${escapeKey(name ?? '')} a size or a generation that is no number.`)
  }
  const { prefix } = connection.settings
  const marker = key === '' && facts.size === 0 && prefix.endsWith('/')
  const softDeleted = of === 'soft-deleted'
  const entry: ObjectEntry = {
    ...entryFields(key, facts, { version: of !== 'live', softDeleted }),
    kind: marker ? 'special' : 'object',
    ...(marker && { excluded: 'folder-marker', digests: undefined }),
  }
  return { key, entry }
}

/** What listing and stat have in common. */
export const entryFields = (
  key: string,
  { size, generation, created, replaced, digests, underCustomerKey, storageClass }: ObjectFacts,
  { version, softDeleted }: { readonly version: boolean; readonly softDeleted: boolean },
): ObjectEntry => {
  const ref: GcsRef = {
    key,
    ...(generation !== undefined && { generation }),
    ...(size !== undefined && { size }),
    ...(version && generation !== undefined && { version }),
    ...(underCustomerKey && { customerKey: true }),
    ...(softDeleted && { softDeleted: true }),
    ...(replaced !== undefined && { replaced }),
  }
  return {
    ...keyFields(key),
    ref,
    kind: 'object',
    ...(size !== undefined && { size }),
    ...(generation !== undefined && { version: generation }),
    ...(created !== undefined && { modified: created }),
    ...(storageClass !== undefined && { storageClass }),
    ...(softDeleted && { archived: true }),
    ...(digests.length > 0 && { digests }),
  }
}
