import type { BackupError } from '@backproof/core/errors'
import { clockCheck, failedCheck, type Tried, tryTo } from '@backproof/core/object-store'
import type { CallOptions, PreflightCheck } from '@backproof/core/source'
import type { Connection } from '../client/connection.js'
import { CREDENTIALS } from '../client/credentials-error.js'
import { listPage } from '../client/requests.js'
import { type BucketFacts, reachBucket } from '../describe.js'
import type { Row } from '../listing/listed-object.js'
import { objectPages } from '../listing/pages.js'
import { allowing } from './allowing.js'
import { objectChecks } from './preflight-objects.js'

/** Signed requests for tokens are refused beyond this difference ("Using OAuth 2.0 for Server to Server Applications"). */
const CLOCK_PROBLEM_MS = 5 * 60_000

/**
 * What only this provider can try, each with the role that is missing: whether the bucket is reached, and where it is;
 * credentials; listing, and in which order; reading one object, under its key too; versions; soft deletion; storage classes;
 * the clock. Half a dozen requests, which read one byte. Rejects on abort only.
 */
export const preflightBucket = async (
  connection: Connection,
  call: CallOptions = {},
): Promise<readonly PreflightCheck[]> => {
  const reached = await tryTo(call, () => reachBucket(connection, call))
  const error = 'error' in reached ? reached.error : undefined
  const reach = reachCheck(connection, reached)
  const credentials = credentialsCheck(connection, error)
  if (credentials.status === 'problem') return [credentials]
  if (error !== undefined && error.code !== 'access-denied') return [reach, credentials]
  const facts: BucketFacts = 'value' in reached ? reached.value : { layout: 'unknown' }
  const listed = await tryTo(call, () =>
    objectPages(connection, call, 'live')({ signal: call.signal ?? new AbortController().signal }),
  )
  return [
    reach,
    credentials,
    listCheck(connection, listed),
    serviceCheck(connection, facts),
    clockCheck(connection.clockSkewMs(), CLOCK_PROBLEM_MS),
    versioningCheck(connection, facts),
    await softDeletedCheck(connection, facts, call),
    ...(await objectChecks(connection, 'value' in listed ? listed.value.items : [], facts, call)),
  ]
}

const reachCheck = (connection: Connection, tried: Tried<BucketFacts>): PreflightCheck => {
  const subject = { id: 'reach', title: 'reach the bucket' }
  if ('error' in tried) {
    const fix = tried.error.retryable ? undefined : 'Check bucket, endpoint and credentials.'
    return failedCheck(subject, tried.error, fix)
  }
  const { location } = tried.value
  const where = location === undefined ? '' : `; the bucket is in ${location}`
  return { ...subject, status: 'ok', detail: `${connection.endpoint} answers${where}.` }
}

const credentialsCheck = ({ settings, authenticated }: Connection, error: BackupError | undefined): PreflightCheck => {
  const subject = { id: 'credentials', title: 'credentials' }
  const { name, status } = (error?.cause ?? {}) as { readonly name?: unknown; readonly status?: unknown }
  if (error !== undefined && (name === CREDENTIALS || status === 401)) {
    return failedCheck(
      subject,
      error,
      'Log in (gcloud auth application-default login), or give keyFile or credentials.',
    )
  }
  if (error !== undefined && error.code !== 'access-denied') {
    return { ...subject, status: 'unknown', detail: `Not tried: ${settings.bucket} was not reached.` }
  }
  if (!authenticated) return { ...subject, status: 'notice', detail: 'None are sent; the service asks for none.' }
  return { ...subject, status: 'ok', detail: 'The service accepts them.' }
}

const listCheck = (connection: Connection, listed: Tried<{ readonly items: readonly Row[] }>): PreflightCheck => {
  const permission = 'storage.objects.list'
  const subject = { id: 'list', title: `list the objects (${permission})`, permission }
  if ('error' in listed) return failedCheck(subject, listed.error, allowing(connection, permission))
  const { items } = listed.value
  if (items.length === 0) {
    return { ...subject, status: 'notice', detail: 'It works; there is no object, so that a run would prove nothing.' }
  }
  return { ...subject, status: 'ok', detail: `The first ${items.length} objects came.` }
}

const serviceCheck = ({ endpoint }: Connection, { layout }: BucketFacts): PreflightCheck => {
  const subject = { id: 'service', title: 'whose service it is' }
  const whose = /(?:^|\.)googleapis\.com$/i.test(new URL(endpoint).hostname)
    ? 'It is Google.'
    : `It is not Google, but ${endpoint}.`
  if (layout === 'flat')
    return { ...subject, status: 'ok', detail: `${whose} Objects come in the order of their names.` }
  const why =
    layout === 'hierarchical'
      ? 'The bucket has a hierarchical namespace'
      : 'Whether the bucket has a hierarchical namespace may not be asked'
  const detail = `${whose} ${why}: its listing is sorted here, and comes page after page.`
  return { ...subject, status: 'notice', detail }
}

const versioningCheck = (connection: Connection, { versioning }: BucketFacts): PreflightCheck => {
  const permission = 'storage.buckets.get'
  const subject = { id: 'versioning', title: `versioning of the bucket (${permission})`, permission }
  if (versioning === undefined) {
    const detail = 'It may not be asked: the bucket counts as one without versions.'
    return { ...subject, status: 'notice', detail, fix: allowing(connection, permission) }
  }
  if (versioning) return { ...subject, status: 'ok', detail: 'It is enabled.' }
  return { ...subject, status: 'notice', detail: 'It is not enabled: what is overwritten or deleted is gone.' }
}

const softDeletedCheck = async (
  connection: Connection,
  { softDeleteSeconds }: BucketFacts,
  call: CallOptions,
): Promise<PreflightCheck> => {
  const permission = 'storage.objects.list'
  const subject = { id: 'soft-delete', title: 'soft deletion', permission }
  const days = softDeleteSeconds === undefined ? undefined : Math.round(softDeleteSeconds / 8_640) / 10
  if (!connection.settings.softDeleted) {
    if (days === undefined) {
      // No run needs it: who may only list and read is ready all the same.
      return { ...subject, status: 'notice', detail: 'Whether deleted objects are kept is not told.' }
    }
    const detail = days > 0 ? `Deleted objects are kept for ${days} days.` : 'Deleted objects are not kept.'
    return { ...subject, status: days > 0 ? 'ok' : 'notice', detail }
  }
  const listed = await tryTo(call, () => listPage(connection, { of: 'soft-deleted', maxResults: 1 }, call))
  if ('error' in listed) return failedCheck(subject, listed.error, allowing(connection, permission))
  return { ...subject, status: 'ok', detail: 'Objects that are soft-deleted can be listed.' }
}
