import type { ErrorCode } from '@backproof/core/errors'
import type { ErrorMeaning } from '@backproof/core/object-store'
import { escapeKey } from '@backproof/core/source'
import type { Failure } from './errors.js'
import { permissionOf, READER_ROLE, sasLetterOf } from './permissions.js'

type Meaning = (failure: Failure) => ErrorMeaning

const fixed =
  (code: ErrorCode, message: string, fix?: string): Meaning =>
  () => ({ code, message, fix })

const noContainer: Meaning = ({ context }) => ({
  code: 'not-found',
  message: 'there is no such container.',
  fix: `Check the name ${context.container}, and the account ${context.account}.`,
})

const gone: Meaning = (failure) =>
  failure.context.name === undefined
    ? noContainer(failure)
    : { code: 'not-found', message: 'there is no such blob (any more).' }

/** Some services hide from anonymous callers what they may not see. */
const hidden: Meaning = (failure) => {
  const meaning = gone(failure)
  if (failure.context.access !== 'anonymous') return meaning
  return { ...meaning, fix: 'To anonymous requests, containers that are not public look missing; give a credential.' }
}

/** What to do about a permission that is missing, by how the request was authorised. */
const grant = ({ context }: Failure): string => {
  switch (context.access) {
    case 'sas':
      return `Give a shared access signature with the permission ${sasLetterOf(context.operation)} (sp=rl).`
    case 'anonymous':
      return 'Give a credential; anonymous requests work where the container is public only.'
    default:
      return `Assign the role "${READER_ROLE}" on the container; readOnlyPolicy() gives the whole access.`
  }
}

/** The words of the service, which may name what is missing. */
const quoted = ({ text }: Failure): string => (text === '' ? '' : ` ("${escapeKey(text)}")`)

const denied: Meaning = (failure) => {
  const { access, operation } = failure.context
  const what =
    access === 'sas'
      ? `the permission ${sasLetterOf(operation)} of the shared access signature`
      : permissionOf(operation)
  return {
    code: 'access-denied',
    message: `access was denied; ${what} is missing${quoted(failure)}.`,
    fix: grant(failure),
  }
}

/** The network rules of the account, or something else that is not a permission: the service does not tell which. */
const refused: Meaning = (failure) => ({
  code: 'access-denied',
  message: `access was refused; ${permissionOf(failure.context.operation)} is missing, or the firewall of the account does not let this machine in.`,
  fix: `${grant(failure)} Check the networking of the account as well.`,
})

const otherAddress = fixed(
  'access-denied',
  'the shared access signature is for other IP addresses (sip).',
  'Give one for the address from which this machine reaches the service.',
)

const otherProtocol = fixed(
  'access-denied',
  'the shared access signature is for https only (spr).',
  'Give a url that begins with https.',
)

const noKeys = fixed(
  'access-denied',
  'the account does not take its keys, nor signatures made with them.',
  `Give a TokenCredential of @azure/identity with the role "${READER_ROLE}".`,
)

const notPublic = fixed(
  'access-denied',
  'the account lets no container be public.',
  'Give a credential instead of anonymous.',
)

const noCredential = fixed(
  'access-denied',
  'no credential was found that works.',
  'Log in (az login), set AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT with AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN, or give credential.',
)

const badToken = fixed(
  'access-denied',
  'the token was not accepted: it has expired, or is for another tenant or service.',
  'Log in again (az login), and check the tenant.',
)

/** Beyond this difference, requests that are signed with a key are refused ("Authorize with Shared Key"). */
export const CLOCK_PROBLEM_MS: number = 15 * 60_000

/** One code for many things: a wrong key, a signature whose time is over, a clock that is wrong. */
const badSignature: Meaning = (failure) => {
  const { answer, context, detail } = failure
  const skew = Date.now() - Date.parse(answer.headers['date'] ?? '')
  if (Math.abs(skew) > CLOCK_PROBLEM_MS) {
    const how = `${Math.round(Math.abs(skew) / 1_000)} s ${skew < 0 ? 'behind' : 'ahead of'} the service's`
    return { code: 'access-denied', message: `the clock of this machine is ${how}.`, fix: 'Set it right (NTP).' }
  }
  if (/time frame|expir/i.test(detail)) {
    const what = context.access === 'sas' ? 'shared access signature' : 'signature'
    const message = `the ${what} has expired, or is not valid yet.`
    return { code: 'access-denied', message, fix: 'Give a new one, and check its start, its expiry and the clock.' }
  }
  if (context.access === 'anonymous') return { ...denied(failure), message: 'the service wants a credential.' }
  const what = context.access === 'sas' ? 'the shared access signature' : 'the credential'
  const check = context.access === 'sas' ? 'Check that all of it was given, for' : 'Check the key of'
  return {
    code: 'access-denied',
    message: `the service refused ${what}.`,
    fix: `${check} the account ${context.account}, and that no proxy changes requests.`,
  }
}

const slowDown = fixed('throttled', 'the service asks to slow down.')
const broken = fixed('unavailable', 'the service failed.')
const late = fixed('timeout', 'the service did not answer in time.')
const changed = fixed('changed', 'the blob is another one than was listed.')
const badRange = fixed('invalid-config', 'the range does not lie within the blob.')
const badName = fixed('invalid-config', 'that is no name that the service takes.')

const archived = fixed(
  'archived',
  'the blob is in the archive tier and cannot be read.',
  'Rehydrate it first (az storage blob set-tier), or prove it by its stored digests.',
)

const rehydrating = fixed(
  'archived',
  'the blob is on its way out of the archive tier and cannot be read yet.',
  'Wait until it has arrived (up to 15 hours), or prove it by its stored digests.',
)

const needsCustomerKey: Meaning = ({ context }) => ({
  code: 'access-denied',
  message: context.hasCustomerKey
    ? "the blob is encrypted with another key than customerKey, or the listing does not tell that it is with one's own."
    : 'the blob is encrypted with a key of its owner.',
  fix: 'Give that key as customerKey.',
})

const invalid: Meaning = ({ context, text }) => ({
  code: 'invalid-config',
  message: `the service refuses the request ("${escapeKey(text)}").`,
  fix: `Check ${context.hasCustomerKey ? 'customerKey, ' : ''}account, url and credential.`,
})

/** Everything that is disabled, being made or being removed: nothing passes by itself soon. */
const unusable =
  (message: string): Meaning =>
  () => ({ code: 'unavailable', message, retryable: false, fix: 'See the state of the account in the portal.' })

/** By the service's error code ("Common REST API error codes", "Blob Storage error codes"), and the names of errors of `@azure/identity`. */
const BY_CODE: Readonly<Record<string, Meaning>> = {
  ContainerNotFound: noContainer,
  ContainerDisabled: unusable('the container is disabled.'),
  ContainerBeingDeleted: fixed('not-found', 'the container is being deleted.'),
  BlobNotFound: gone,
  ResourceNotFound: hidden,
  AccountIsDisabled: unusable('the account is disabled.'),
  AccountBeingCreated: unusable('the account is being made.'),
  AuthorizationPermissionMismatch: denied,
  AuthorizationResourceTypeMismatch: fixed(
    'access-denied',
    'the shared access signature is not for this type of resource (srt).',
    'Give one with srt=sco, sp=rl.',
  ),
  AuthorizationServiceMismatch: fixed(
    'access-denied',
    'the shared access signature is not for blobs (ss).',
    'Give one with ss=b, srt=sco, sp=rl.',
  ),
  AuthorizationProtocolMismatch: otherProtocol,
  AuthorizationSourceIPMismatch: otherAddress,
  AuthorizationFailure: refused,
  InsufficientAccountPermissions: denied,
  AuthenticationFailed: badSignature,
  InvalidAuthenticationInfo: (failure) =>
    failure.context.access === 'token' ? badToken(failure) : badSignature(failure),
  NoAuthenticationInformation: (failure) => ({ ...denied(failure), message: 'the service wants a credential.' }),
  KeyBasedAuthenticationNotPermitted: noKeys,
  PublicAccessNotPermitted: notPublic,
  CredentialUnavailableError: noCredential,
  AggregateAuthenticationError: noCredential,
  AuthenticationRequiredError: noCredential,
  AuthenticationError: badToken,
  ConditionNotMet: changed,
  TargetConditionNotMet: changed,
  ServerBusy: slowDown,
  TooManyRequests: slowDown,
  AccountBandwidthLimitExceeded: slowDown,
  OperationTimedOut: late,
  InternalError: broken,
  BlobArchived: archived,
  BlobBeingRehydrated: rehydrating,
  InvalidRange: badRange,
  OutOfRangeInput: invalid,
  BlobUsesCustomerSpecifiedEncryption: needsCustomerKey,
  BlobCustomerSpecifiedEncryptionMismatch: needsCustomerKey,
  BlobDoesNotUseCustomerSpecifiedEncryption: fixed(
    'invalid-config',
    'the blob is not encrypted with a key of its owner, but one was sent.',
    'List it again: it was replaced since.',
  ),
  CannotVerifyCopySource: denied,
  InvalidResourceName: badName,
  InvalidUri: badName,
  InvalidHeaderValue: invalid,
  InvalidInput: invalid,
  InvalidQueryParameterValue: invalid,
  OutOfRangeQueryParameterValue: invalid,
  UnsupportedHeader: fixed('unsupported', 'the service does not know a header of the request.'),
  UnsupportedQueryParameter: fixed('unsupported', 'the service does not know a parameter of the request.'),
  UnsupportedHttpVerb: fixed('unsupported', 'the service does not allow this.'),
  FeatureNotYetSupportedForHierarchicalNamespaceAccounts: fixed(
    'unsupported',
    'accounts with a hierarchical namespace cannot do this.',
  ),
  FeatureVersionMismatch: fixed('unsupported', 'the blob uses something that this version of the SDK cannot read.'),
}

/** `undefined` for a code that is not known. */
export const meaningOfCode = (code: string, failure: Failure): ErrorMeaning | undefined =>
  Object.hasOwn(BY_CODE, code) ? BY_CODE[code]?.(failure) : undefined

/** By the status alone: proxies have no codes. */
export const meaningOfStatus = (status: number, failure: Failure): ErrorMeaning => {
  switch (status) {
    case 400:
      return invalid(failure)
    case 401:
    case 403:
      return denied(failure)
    case 404:
      return gone(failure)
    case 408:
      return late(failure)
    case 409:
      // A container has nothing that a listing could conflict with: the account cannot do what was asked.
      return failure.context.name === undefined
        ? { code: 'unsupported', message: 'the service cannot do this here.' }
        : changed(failure)
    case 412:
      return changed(failure)
    case 416:
      return badRange(failure)
    case 429:
    case 503:
      return slowDown(failure)
    case 501:
      return { code: 'unsupported', message: 'the service cannot do this.' }
    default:
      return status >= 500 ? broken(failure) : { code: 'internal', message: 'an answer that is not known.' }
  }
}
