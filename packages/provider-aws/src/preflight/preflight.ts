import type { BackupError } from '@backproof/core/errors'
import { clockCheck, failedCheck, type Tried, tryTo } from '@backproof/core/object-store'
import type { CallOptions, PreflightCheck } from '@backproof/core/source'
import type { Connection } from '../client/connection.js'
import { bucketVersioning } from '../client/requests.js'
import { reachBucket } from '../describe.js'
import type { Row } from '../listing/listed-object.js'
import { objectPages } from '../listing/pages.js'
import { allowing } from './allowing.js'
import { objectChecks } from './preflight-objects.js'

/** Signatures are refused beyond this difference ("Authenticating Requests", Amazon S3 API Reference); the SDK corrects it. */
const CLOCK_PROBLEM_MS = 5 * 60_000

/**
 * What only this provider can try, each with the IAM statement that is missing: whether the bucket is reached, and where it
 * is; credentials; listing; reading one object, under its KMS key too; versions; attributes; the clock; archived objects.
 * A dozen requests, which read one byte. Rejects on abort only.
 */
export const preflightBucket = async (
  connection: Connection,
  call: CallOptions = {},
): Promise<readonly PreflightCheck[]> => {
  const reach = await reachCheck(connection, call)
  const checks = [reach.check]
  const credentials = credentialsCheck(connection, reach.error)
  if (credentials.status === 'problem') return [credentials]
  if (reach.error !== undefined && reach.error.code !== 'access-denied') return [...checks, credentials]
  const listed = await tryTo(call, () =>
    objectPages(connection, call)({ signal: call.signal ?? new AbortController().signal }),
  )
  checks.push(
    credentials,
    listCheck(connection, listed),
    serviceCheck(connection),
    clockCheck(connection.clockSkewMs(), CLOCK_PROBLEM_MS),
  )
  const versioning = await tryTo(call, () => bucketVersioning(connection, call))
  const keepsVersions = 'value' in versioning && versioning.value.output.Status !== undefined
  checks.push(versioningCheck(connection, versioning))
  const rows = 'value' in listed ? listed.value.items : []
  checks.push(...(await objectChecks(connection, rows, keepsVersions, call)))
  return checks
}

const reachCheck = async (
  connection: Connection,
  call: CallOptions,
): Promise<{ readonly check: PreflightCheck; readonly error?: BackupError }> => {
  const subject = { id: 'reach', title: 'reach the bucket' }
  const tried = await tryTo(call, () => reachBucket(connection, call))
  if ('error' in tried) return { check: failedCheck(subject, tried.error, fixOf(tried.error)), error: tried.error }
  const region = tried.value.headers['x-amz-bucket-region']
  const where = `${connection.endpoint() ?? 'The service'} answers${region === undefined ? '' : `; the bucket is in ${region}`}.`
  return { check: { ...subject, status: 'ok', detail: where } }
}

/** What the message says to do stands in it. */
const fixOf = (error: BackupError): string | undefined =>
  error.retryable ? undefined : 'Check bucket, endpoint, region and credentials.'

/** Refusals of the credentials themselves, by the service's code. */
const CREDENTIAL_ERRORS =
  /^(?:Expired|Invalid(?:AccessKey|Token|ClientToken|Signature)|SignatureDoesNotMatch|TokenRefreshRequired|UnrecognizedClient|CredentialsProvider|TokenProvider)/

const credentialsCheck = ({ settings }: Connection, error: BackupError | undefined): PreflightCheck => {
  const subject = { id: 'credentials', title: 'credentials' }
  const name = (error?.cause as { readonly name?: unknown } | undefined)?.name
  if (error !== undefined && typeof name === 'string' && CREDENTIAL_ERRORS.test(name)) {
    return failedCheck(subject, error, 'Get credentials that are valid, for example by aws sso login or AWS_PROFILE.')
  }
  if (error !== undefined && error.code !== 'access-denied') {
    return { ...subject, status: 'unknown', detail: `Not tried: ${settings.bucket} was not reached.` }
  }
  return { ...subject, status: 'ok', detail: 'The service accepts them.' }
}

const listCheck = (connection: Connection, listed: Tried<{ readonly items: readonly Row[] }>): PreflightCheck => {
  const permission = 's3:ListBucket'
  const subject = { id: 'list', title: `list the objects (${permission})`, permission }
  if ('error' in listed) return failedCheck(subject, listed.error, allowing(connection, ['compare'], permission))
  const { items } = listed.value
  const archived = items.filter(({ entry }) => entry.archived === true).length
  if (items.length === 0) {
    return { ...subject, status: 'notice', detail: 'It works; there is no object, so that a run would prove nothing.' }
  }
  const detail = `The first ${items.length} objects came.`
  if (archived === 0) return { ...subject, status: 'ok', detail }
  const what = `${archived} of them are archived: only stored digests can prove them, unless they are restored.`
  return { ...subject, status: 'notice', detail: `${detail} ${what}` }
}

const serviceCheck = (connection: Connection): PreflightCheck => {
  const subject = { id: 'service', title: 'whose service it is' }
  const profile = connection.profile()
  if (profile !== 'other') {
    return { ...subject, status: 'ok', detail: `It counts as ${profile}, whose ETags and checksums are its own word.` }
  }
  const detail = 'It is not known: ETags and checksums count as claims, which by themselves prove nothing at `stored`.'
  const fix = 'Say what it is, if it is one of these: --with profile=ceph or profile=minio (option `profile`).'
  return { ...subject, status: 'notice', detail, fix }
}

const versioningCheck = (
  connection: Connection,
  tried: Tried<{ readonly output: { readonly Status?: string | undefined } }>,
): PreflightCheck => {
  const permission = 's3:GetBucketVersioning'
  const subject = { id: 'versioning', title: `versioning of the bucket (${permission})`, permission }
  if ('error' in tried) {
    const status = tried.error.retryable ? 'unknown' : 'notice'
    return failedCheck(subject, tried.error, allowing(connection, ['versions'], permission), status)
  }
  const { Status: state } = tried.value.output
  if (state === 'Enabled') return { ...subject, status: 'ok', detail: 'It is enabled.' }
  const what = state === undefined ? 'It was never enabled' : 'It is suspended'
  return { ...subject, status: 'notice', detail: `${what}: what is overwritten or deleted is gone.` }
}
