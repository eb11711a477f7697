import type { BackupError } from '@backproof/core/errors'
import { failedCheck, tryTo } from '@backproof/core/object-store'
import { type CallOptions, escapeKey, type PreflightCheck } from '@backproof/core/source'
import type { Connection } from '../client/connection.js'
import { listPage } from '../client/requests.js'
import type { BucketFacts } from '../describe.js'
import { readRef } from '../entry.js'
import type { Row } from '../listing/listed-object.js'
import { readObject } from '../read.js'
import { statObject } from '../stat.js'
import { allowing } from './allowing.js'

/** What can be tried with the first object that has bytes: reading it, its key, its class, its versions. */
export const objectChecks = async (
  connection: Connection,
  rows: readonly Row[],
  { versioning, defaultKmsKey }: BucketFacts,
  call: CallOptions,
): Promise<readonly PreflightCheck[]> => {
  const read = { id: 'read', title: 'read an object (storage.objects.get)', permission: 'storage.objects.get' }
  const row = rows.find(({ entry }) => entry.kind === 'object' && entry.size !== 0)
  if (row === undefined) {
    // Nothing hinders a run: stored digests and sizes can still decide.
    const detail = 'Not tried: among the first objects none has bytes.'
    return [{ ...read, status: 'notice', detail }]
  }
  const name = escapeKey(row.entry.key)
  const tried = await tryTo(call, () => readFirstByte(connection, row, call))
  const error = 'error' in tried ? tried.error : undefined
  const checks: PreflightCheck[] = [
    error === undefined
      ? { ...read, status: 'ok', detail: `A byte of ${name} came.` }
      : failedCheck(read, error, isAboutKey(connection, row) ? undefined : allowing(connection, read.permission)),
  ]
  const key = keyCheck(connection, row, defaultKmsKey, error)
  if (key !== undefined) checks.push(key)
  const cost = await classCheck(connection, row, call)
  if (cost !== undefined) checks.push(cost)
  if (versioning === true) checks.push(await versionsCheck(connection, call))
  return checks
}

const readFirstByte = async (connection: Connection, { entry }: Row, call: CallOptions): Promise<void> => {
  const { body } = await readObject(connection, entry.ref, { ...call, range: { start: 0, end: 1 } })
  for await (const _ of body);
}

const isAboutKey = ({ settings }: Connection, { entry }: Row): boolean =>
  settings.customerKey !== undefined || readRef(entry.ref).customerKey === true

const keyCheck = (
  connection: Connection,
  row: Row,
  kmsKey: string | undefined,
  error: BackupError | undefined,
): PreflightCheck | undefined => {
  const subject = { id: 'key', title: 'use the key that encrypts the objects' }
  if (readRef(row.entry.ref).customerKey === true) {
    if (error === undefined) return { ...subject, status: 'ok', detail: 'What customerKey encrypts can be read.' }
    const given = connection.settings.customerKey !== undefined
    const fix = given
      ? 'Give the customerKey that encrypts the objects.'
      : 'Give customerKey, the key of the objects (CSEK).'
    return failedCheck(subject, error, fix)
  }
  if (kmsKey === undefined) return undefined
  if (error !== undefined) {
    const fix = `Enable ${escapeKey(kmsKey)}, and grant the Cloud Storage service agent roles/cloudkms.cryptoKeyEncrypterDecrypter on it.`
    return error.message.includes('KMS') ? failedCheck(subject, error, fix) : undefined
  }
  return { ...subject, status: 'ok', detail: `What ${escapeKey(kmsKey)} encrypts can be read.` }
}

/** Classes that charge for each byte that is read ("Storage classes: retrieval fees"). */
const PRICED: ReadonlySet<string> = new Set(['NEARLINE', 'COLDLINE', 'ARCHIVE'])

const classCheck = async (
  connection: Connection,
  { entry }: Row,
  call: CallOptions,
): Promise<PreflightCheck | undefined> => {
  const tried = await tryTo(call, () => statObject(connection, entry.ref, call))
  if ('error' in tried) return undefined
  const { storageClass = '' } = tried.value
  if (!PRICED.has(storageClass)) return undefined
  const detail = `${escapeKey(entry.key)} is of the class ${storageClass}: every byte that is read is charged; stored digests are free.`
  return { id: 'retrieval', title: 'what reading costs', status: 'notice', detail }
}

const versionsCheck = async (connection: Connection, call: CallOptions): Promise<PreflightCheck> => {
  const permission = 'storage.objects.list'
  const subject = { id: 'versions-read', title: `list versions (${permission})`, permission }
  const listed = await tryTo(call, () => listPage(connection, { of: 'versions', maxResults: 1 }, call))
  // Only runs over all versions need it.
  if ('error' in listed) {
    const status = listed.error.retryable ? 'unknown' : 'notice'
    return failedCheck(subject, listed.error, allowing(connection, permission), status)
  }
  return { ...subject, status: 'ok', detail: 'It works.' }
}
