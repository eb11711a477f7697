import type { BackupError } from '@backproof/core/errors'
import { clockCheck, failedCheck, type Tried, tryTo } from '@backproof/core/object-store'
import type { CallOptions, PreflightCheck } from '@backproof/core/source'
import type { Connection } from '../client/connection.js'
import { type AccountKind, accountKind, type FirstBlobs, keepsVersions, reachContainer } from '../describe.js'
import { CLOCK_PROBLEM_MS } from '../error-table.js'
import type { Row } from '../listing/listed-blob.js'
import { blobPages } from '../listing/pages.js'
import { permissionOf } from '../permissions.js'
import { allowing } from './allowing.js'
import { objectChecks } from './preflight-objects.js'

/**
 * What only this provider can try, each with the role or permission that is missing: whether the container is reached;
 * credentials; listing; reading one blob, under its own key too; versions; the kind of account; the clock; archived blobs.
 * Half a dozen requests, which read one byte. Rejects on abort only.
 */
export const preflightContainer = async (
  connection: Connection,
  call: CallOptions = {},
): Promise<readonly PreflightCheck[]> => {
  const reached = await tryTo(call, () => reachContainer(connection, call))
  const error = 'error' in reached ? reached.error : undefined
  const credentials = credentialsCheck(connection, error)
  if (credentials.status === 'problem') return [credentials]
  const checks = [reachCheck(connection, error), credentials]
  if (error !== undefined && error.code !== 'access-denied') return checks
  const signal = call.signal ?? new AbortController().signal
  const listed = await tryTo(call, () => blobPages(connection, {}, call)({ signal }))
  const kind = await tryTo(call, () => accountKind(connection, call))
  checks.push(
    listCheck(connection, listed),
    serviceCheck(kind),
    clockCheck(connection.clockSkewMs(), CLOCK_PROBLEM_MS),
    versioningCheck('value' in reached ? reached.value : undefined, kind),
  )
  const rows = 'value' in listed ? listed.value.items : []
  checks.push(...(await objectChecks(connection, rows, call)))
  return checks
}

const reachCheck = ({ settings }: Connection, error: BackupError | undefined): PreflightCheck => {
  const subject = { id: 'reach', title: 'reach the container' }
  // Who is refused a listing has reached the service.
  if (error === undefined || error.code === 'access-denied') {
    return { ...subject, status: 'ok', detail: `${settings.endpoint} answers.` }
  }
  return failedCheck(subject, error, error.retryable ? undefined : 'Check account, url, container and credential.')
}

/** Refusals of the credential itself, by the service's code and the names of errors of `@azure/identity`. */
const CREDENTIAL_ERRORS =
  /\((?:AuthenticationFailed|InvalidAuthenticationInfo|NoAuthenticationInformation|KeyBasedAuthenticationNotPermitted|AuthenticationError|AuthenticationRequiredError|CredentialUnavailableError|AggregateAuthenticationError|AuthorizationProtocolMismatch|AuthorizationSourceIPMismatch)[,)]/

const credentialsCheck = ({ settings }: Connection, error: BackupError | undefined): PreflightCheck => {
  const subject = { id: 'credentials', title: 'credentials' }
  const { kind } = settings.access
  const noIdentity = kind === 'token' && error?.code === 'invalid-config'
  const lapsed = kind === 'sas' && error !== undefined && /signature (?:expired|begins)/.test(error.message)
  if (error !== undefined && (noIdentity || lapsed || CREDENTIAL_ERRORS.test(error.message))) {
    const skewed = error.message.includes('the clock of this machine is')
    return failedCheck(subject, error, skewed ? 'Set the clock right (NTP).' : FIXES[kind])
  }
  if (error !== undefined && error.code !== 'access-denied') {
    return { ...subject, status: 'unknown', detail: `Not tried: ${settings.container} was not reached.` }
  }
  const detail = kind === 'anonymous' ? 'There are none: requests are anonymous.' : 'The service accepts them.'
  return { ...subject, status: kind === 'anonymous' ? 'notice' : 'ok', detail }
}

const FIXES: Readonly<Record<string, string>> = {
  key: 'Give one of the two keys of the account (portal: "Access keys"), or use a role instead.',
  sas: 'Give a new shared access signature of the container with sp=rl, and all of it.',
  token: 'Log in (az login), and check tenant and account.',
  anonymous: 'Give a credential: the account has nothing for anonymous requests.',
  client: 'Check the credential of the client that was given.',
}

const listCheck = (connection: Connection, listed: Tried<{ readonly items: readonly Row[] }>): PreflightCheck => {
  const permission = permissionOf('ListBlobs')
  const subject = { id: 'list', title: `list the blobs (${permission})`, permission }
  if ('error' in listed) return failedCheck(subject, listed.error, allowing(connection, 'ListBlobs'))
  const { items } = listed.value
  const archived = items.filter(({ entry }) => entry.archived === true).length
  if (items.length === 0) {
    return { ...subject, status: 'notice', detail: 'It works; there is no blob, so that a run would prove nothing.' }
  }
  const detail = `The first ${items.length} blobs came.`
  if (archived === 0) return { ...subject, status: 'ok', detail }
  const what = `${archived} of them are archived: only stored digests can prove them, unless they are rehydrated.`
  return { ...subject, status: 'notice', detail: `${detail} ${what}` }
}

const serviceCheck = (tried: Tried<AccountKind | undefined>): PreflightCheck => {
  const permission = permissionOf('GetAccountInfo')
  const subject = { id: 'service', title: `kind of the account (${permission})`, permission }
  if ('error' in tried) return failedCheck(subject, tried.error, undefined, 'unknown')
  if (tried.value === undefined) {
    const detail = 'It is not told; listings are sorted here, whatever their order is.'
    const fix = `Nothing has to be done. A key or signature of the account may ask, and whoever has ${permission}.`
    return { ...subject, status: 'notice', detail, fix }
  }
  const { hierarchical, kind, sku } = tried.value
  const what = hierarchical ? 'with a hierarchical namespace: it lists by path' : 'with a flat namespace'
  return { ...subject, status: 'ok', detail: `${kind} (${sku}), ${what}.` }
}

const versioningCheck = (first: FirstBlobs | undefined, kind: Tried<AccountKind | undefined>): PreflightCheck => {
  const subject = { id: 'versioning', title: 'versioning of the account' }
  if (first === undefined) return { ...subject, status: 'unknown', detail: 'Not seen: nothing could be listed.' }
  if (keepsVersions(first)) return { ...subject, status: 'ok', detail: 'Blobs have versions.' }
  const hierarchical = 'value' in kind && kind.value?.hierarchical === true
  const why = hierarchical ? 'accounts with a hierarchical namespace keep none' : 'no blob that was looked at has one'
  return { ...subject, status: 'notice', detail: `None are seen (${why}): what is overwritten or deleted may be gone.` }
}
