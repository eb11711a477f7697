import type { BackupError } from '@backproof/core/errors'
import { failedCheck, type Tried, tryTo } from '@backproof/core/object-store'
import { type CallOptions, escapeKey, type PreflightCheck } from '@backproof/core/source'
import type { Connection } from '../client/connection.js'
import { blobProperties } from '../client/requests.js'
import { type AzureRef, readRef } from '../entry.js'
import type { Row } from '../listing/listed-blob.js'
import { permissionOf } from '../permissions.js'
import { readBlob } from '../read.js'
import { allowing } from './allowing.js'

/** What can be tried with the first blob that has bytes: reading it, its key, its versions. */
export const objectChecks = async (
  connection: Connection,
  rows: readonly Row[],
  call: CallOptions,
): Promise<readonly PreflightCheck[]> => {
  const permission = permissionOf('GetBlob')
  const read = { id: 'read', title: `read a blob (${permission})`, permission }
  const archived = archivedCheck(rows)
  const row = rows.find(({ entry }) => entry.kind === 'object' && entry.archived !== true && entry.size !== 0)
  if (row === undefined) {
    // Nothing hinders a run: stored digests and sizes can still decide.
    const detail = 'Not tried: among the first blobs none has bytes that can be read (they are empty or archived).'
    return [{ ...read, status: 'notice', detail }, ...archived]
  }
  const ref = readRef(row.entry.ref)
  const name = escapeKey(row.entry.key)
  const tried = await tryTo(call, () => readFirstByte(connection, ref, call))
  const head = await tryTo(call, () => blobProperties(connection, ref, {}, call))
  const checks: PreflightCheck[] = [
    'error' in tried
      ? failedCheck(read, tried.error, allowing(connection, 'GetBlob'))
      : { ...read, status: 'ok', detail: `A byte of ${name} came.` },
  ]
  if (ref.sealed !== undefined) checks.push(keyCheck(connection, name, 'error' in tried ? tried.error : undefined))
  checks.push(...archived)
  const version = 'value' in head ? head.value.headers['x-ms-version-id'] : undefined
  if (version !== undefined) {
    checks.push(
      versionsCheck(connection, await tryTo(call, () => readFirstByte(connection, { ...ref, version }, call))),
    )
  }
  return checks
}

const archivedCheck = (rows: readonly Row[]): readonly PreflightCheck[] => {
  const row = rows.find(({ entry }) => entry.archived === true)
  if (row === undefined) return []
  const detail = `${escapeKey(row.entry.key)} is in the archive tier, or on its way out of it.`
  return [{ id: 'archived', title: 'archived blobs', status: 'notice', detail }]
}

const readFirstByte = async (connection: Connection, ref: AzureRef, call: CallOptions): Promise<void> => {
  const { body } = await readBlob(connection, ref, { ...call, range: { start: 0, end: 1 } })
  for await (const _ of body);
}

const keyCheck = ({ settings }: Connection, name: string, error: BackupError | undefined): PreflightCheck => {
  const subject = { id: 'key', title: 'use the key that encrypts the blobs (customerKey)' }
  if (error === undefined) return { ...subject, status: 'ok', detail: `${name}, which it encrypts, can be read.` }
  const fix =
    settings.customerKey === undefined
      ? 'Give the key that the blob was uploaded with as customerKey.'
      : 'Give another customerKey: this one is not the key that the blob was uploaded with.'
  return failedCheck(subject, error, fix)
}

const versionsCheck = (connection: Connection, tried: Tried<void>): PreflightCheck => {
  const permission = permissionOf('GetBlob')
  const subject = { id: 'versions-read', title: `read versions (${permission})`, permission }
  if (!('error' in tried)) return { ...subject, status: 'ok', detail: 'They can be listed and read.' }
  // Only runs over all versions need it.
  const status = tried.error.retryable ? 'unknown' : 'notice'
  return failedCheck(subject, tried.error, allowing(connection, 'GetBlob'), status)
}
