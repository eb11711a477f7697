import type { BackupError } from '@backproof/core/errors'
import { bareEtag, failedCheck, tryTo } from '@backproof/core/object-store'
import { type CallOptions, escapeKey, type PreflightCheck } from '@backproof/core/source'
import type { Connection } from '../client/connection.js'
import { headObject, listVersionPage, objectAttributes } from '../client/requests.js'
import { readRef, type S3Ref } from '../entry.js'
import type { Row } from '../listing/listed-object.js'
import { isArchived } from '../object/archive.js'
import { permissionOf } from '../permissions.js'
import { isDirectoryBucket } from '../profile.js'
import { readObject } from '../read.js'
import { allowing } from './allowing.js'

/** What can be tried with the first object that has bytes: reading it, its key, its versions, its parts. */
export const objectChecks = async (
  connection: Connection,
  rows: readonly Row[],
  keepsVersions: boolean,
  call: CallOptions,
): Promise<readonly PreflightCheck[]> => {
  const read = { id: 'read', title: 'read an object (s3:GetObject)', permission: 's3:GetObject' }
  const row = rows.find(({ entry }) => entry.kind === 'object' && entry.archived !== true && entry.size !== 0)
  if (row === undefined) {
    // Nothing hinders a run: stored digests and sizes can still decide.
    const detail = 'Not tried: among the first objects none has bytes that can be read (they are empty or archived).'
    return [{ ...read, status: 'notice', detail }]
  }
  const ref = readRef(row.entry.ref)
  const name = escapeKey(row.entry.key)
  const tried = await tryTo(call, () => readFirstByte(connection, ref, call))
  const head = await tryTo(call, () => headObject(connection, ref, {}, call))
  const headers = 'value' in head ? head.value.headers : {}
  const checks: PreflightCheck[] = [
    'error' in tried
      ? failedCheck(read, tried.error, allowing(connection, ['compare'], read.permission))
      : { ...read, status: 'ok', detail: `A byte of ${name} came.` },
  ]
  const key = keyCheck(headers, 'error' in tried ? tried.error : undefined)
  if (key !== undefined) checks.push(key)
  if (isArchived(headers))
    checks.push({ id: 'archived', title: 'archived objects', status: 'notice', detail: `${name} is archived.` })
  const version = 'value' in head ? head.value.output.VersionId : undefined
  if (keepsVersions) checks.push(await versionsCheck(connection, ref, version, call))
  if (!isDirectoryBucket(connection.settings.bucket)) checks.push(await attributesCheck(connection, ref, call))
  return checks
}

const readFirstByte = async (connection: Connection, ref: S3Ref, call: CallOptions): Promise<void> => {
  const { body } = await readObject(connection, ref, { ...call, range: { start: 0, end: 1 } })
  for await (const _ of body);
}

const keyCheck = (
  headers: Readonly<Record<string, string>>,
  error: BackupError | undefined,
): PreflightCheck | undefined => {
  const id = headers['x-amz-server-side-encryption-aws-kms-key-id']
  if (
    headers['x-amz-server-side-encryption']?.startsWith('aws:kms') !== true &&
    error?.message.includes('kms:') !== true
  ) {
    return undefined
  }
  const permission = 'kms:Decrypt'
  const subject = { id: 'key', title: `use the key that encrypts the objects (${permission})`, permission }
  const which = id === undefined ? 'the KMS key' : `the KMS key ${escapeKey(id)}`
  if (error === undefined) return { ...subject, status: 'ok', detail: `What ${which} encrypts can be read.` }
  const fix = `Allow ${permission} on ${which}; readOnlyPolicy({ features: ['kms'], kmsKeyArn }) gives the statement.`
  return failedCheck(subject, error, fix)
}

const versionsCheck = async (
  connection: Connection,
  ref: S3Ref,
  version: string | undefined,
  call: CallOptions,
): Promise<PreflightCheck> => {
  const permission = 's3:GetObjectVersion'
  const subject = {
    id: 'versions-read',
    title: `list and read versions (s3:ListBucketVersions, ${permission})`,
    permission,
  }
  const { prefix } = connection.settings
  const listed = await tryTo(call, () => listVersionPage(connection, { prefix, maxKeys: 1 }, call))
  // Only runs over all versions need it.
  const status = (error: BackupError): PreflightCheck['status'] => (error.retryable ? 'unknown' : 'notice')
  if ('error' in listed) {
    const fix = allowing(connection, ['versions'], 's3:ListBucketVersions')
    return failedCheck(subject, listed.error, fix, status(listed.error))
  }
  const versioned: S3Ref = { ...ref, ...(version !== undefined && { version }) }
  const read = await tryTo(call, () => readFirstByte(connection, versioned, call))
  if ('error' in read) {
    return failedCheck(subject, read.error, allowing(connection, ['versions'], permission), status(read.error))
  }
  return { ...subject, status: 'ok', detail: 'Both work.' }
}

const attributesCheck = async (connection: Connection, ref: S3Ref, call: CallOptions): Promise<PreflightCheck> => {
  const permission = permissionOf('GetObjectAttributes', ref)
  const subject = { id: 'attributes', title: `ask for the parts of uploads (${permission})`, permission }
  const tried = await tryTo(call, () => objectAttributes(connection, ref, undefined, call))
  if ('error' in tried) {
    const status = tried.error.retryable && connection.profile() === 'aws' ? 'unknown' : 'notice'
    return failedCheck(subject, tried.error, allowing(connection, ['attributes', 'versions'], permission), status)
  }
  const { ETag } = tried.value.output
  if (ETag !== undefined && (ref.etag === undefined || bareEtag(ETag) === bareEtag(ref.etag))) {
    return { ...subject, status: 'ok', detail: 'They are told where the service keeps them.' }
  }
  const detail = 'The service does not know the request; how multipart uploads were cut has to be guessed.'
  return { ...subject, status: 'notice', detail }
}
