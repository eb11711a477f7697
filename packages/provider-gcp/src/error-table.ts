import type { ErrorCode } from '@backproof/core/errors'
import type { ErrorMeaning } from '@backproof/core/object-store'
import { escapeKey } from '@backproof/core/source'
import type { Failure } from './errors.js'
import { permissionOf } from './permissions.js'

type Meaning = (failure: Failure) => ErrorMeaning

const fixed =
  (code: ErrorCode, message: string, fix?: string): Meaning =>
  () => ({ code, message, fix })

/** What the service says, in quotes, where it says more than its reason. */
const said = ({ text }: Failure): string => (text === '' ? '' : ` ("${escapeKey(text.slice(0, 500))}")`)

/** How the service says that it is the bucket that is not there. */
export const NO_BUCKET: RegExp = /bucket does not exist/i

const gone: Meaning = ({ context, text }) => {
  const { bucket, key, generation } = context
  if (key === undefined || NO_BUCKET.test(text)) {
    const fix = `Check the name ${bucket}, and the endpoint.`
    return { code: 'not-found', message: 'there is no such bucket.', fix }
  }
  const what = generation === undefined ? 'object' : 'generation of the object'
  return { code: 'not-found', message: `there is no such ${what} (any more).` }
}

/** Google names the permission in the message; elsewhere it follows from the request. */
const denied: Meaning = (failure) => {
  const { context, text } = failure
  if (/\bkms\b|cloudkms/i.test(text)) return noKms(failure)
  const permission =
    /\b((?:storage|serviceusage)\.[a-zA-Z]+\.[a-zA-Z]+)\b/.exec(text)?.[1] ?? permissionOf(context.operation)
  const fixes = [`Grant ${permission} on the bucket; readOnlyPolicy() gives the whole policy.`]
  if (context.key !== undefined) fixes.push('Without storage.objects.list, a missing object is denied too.')
  if (!context.authenticated) fixes.push('No credentials were sent; only public objects can be read without.')
  return {
    code: 'access-denied',
    message: `access was denied; ${permission} is missing${said(failure)}.`,
    fix: fixes.join(' '),
  }
}

const noKms: Meaning = (failure) => ({
  code: 'access-denied',
  message: `the Cloud KMS key that encrypts the object cannot be used${said(failure)}.`,
  fix: "Enable the key, and grant the project's Cloud Storage service agent roles/cloudkms.cryptoKeyEncrypterDecrypter on it.",
})

const unauthorized: Meaning = (failure) =>
  failure.context.authenticated
    ? {
        code: 'access-denied',
        message: `the service does not accept the credentials${said(failure)}.`,
        fix: 'They may have expired: log in again (gcloud auth application-default login), or give others; check the clock of this machine too.',
      }
    : {
        code: 'access-denied',
        message: `the place is not public, and no credentials were sent${said(failure)}.`,
        fix: "Give keyFile, credentials or authClient, or log in (gcloud auth application-default login) and leave anonymous out; an endpoint that is not Google's is sent ADC only with anonymous: false.",
      }

const noPayer: Meaning = () => ({
  code: 'access-denied',
  message: 'the bucket is a Requester Pays bucket, and nobody was named to pay.',
  fix: 'Give userProject: a project in which you have serviceusage.services.use.',
})

const wrongPayer: Meaning = (failure) => ({
  code: 'access-denied',
  message: `the project ${escapeKey(failure.context.userProject ?? '')} cannot be billed${said(failure)}.`,
  fix: 'Grant serviceusage.services.use in it (roles/serviceusage.serviceUsageConsumer), or give another userProject.',
})

const needsCustomerKey: Meaning = ({ context }) => ({
  code: 'access-denied',
  message: 'the object is encrypted with a key of its owner (CSEK).',
  fix:
    context.customerKey === 'none' ? 'Give customerKey.' : 'The customerKey that was given was not sent; list again.',
})

const wrongCustomerKey: Meaning = (failure) => ({
  code: 'access-denied',
  message: `customerKey is not the key of the object${said(failure)}.`,
  fix: 'Give the key that encrypts it.',
})

const refused: Meaning = (failure) => ({
  code: 'invalid-config',
  message: `the service refuses the request${said(failure)}.`,
  fix: 'Check bucket, prefix, endpoint and userProject.',
})

const policy: Meaning = (failure) => ({
  code: 'access-denied',
  message: `a policy of the organisation forbids it${said(failure)}.`,
  fix: 'Run inside its perimeter (VPC Service Controls), or have an exception made.',
})

const disabled: Meaning = (failure) => ({
  code: 'access-denied',
  message: `the project or its billing account is disabled${said(failure)}.`,
  fix: 'Enable it in the Google Cloud console.',
})

const notEnabled: Meaning = (failure) => ({
  code: 'access-denied',
  message: `the Cloud Storage API is not enabled in the project of the credentials${said(failure)}.`,
  fix: 'Enable storage.googleapis.com there.',
})

const slowDown = fixed('throttled', 'the service asks to slow down.')
const broken = fixed('unavailable', 'the service failed.')
const late = fixed('timeout', 'the service did not answer in time.')
const changed = fixed('changed', 'the object is another one than was listed.')
const outside = fixed('invalid-config', 'the range does not lie within the object.')

/** `required` is a missing parameter, or a login. */
const required: Meaning = (failure) => {
  if (failure.answer.status === 401) return unauthorized(failure)
  return /requester pays|user ?project/i.test(failure.text) ? noPayer(failure) : refused(failure)
}

/** By `error.errors[].reason` ("HTTP status and error codes for JSON", Cloud Storage documentation), or by gRPC's word. */
const BY_REASON: Readonly<Record<string, Meaning>> = {
  notFound: gone,
  forbidden: denied,
  insufficientPermissions: denied,
  PERMISSION_DENIED: denied,
  accessNotConfigured: notEnabled,
  SERVICE_DISABLED: notEnabled,
  authError: unauthorized,
  unauthorized,
  UNAUTHENTICATED: unauthorized,
  invalid_token: unauthorized,
  required,
  userProjectMissing: noPayer,
  UserProjectMissing: noPayer,
  userProjectAccessDenied: wrongPayer,
  UserProjectAccessDenied: wrongPayer,
  userProjectInconsistent: wrongPayer,
  UserProjectInconsistent: wrongPayer,
  userProjectInvalid: wrongPayer,
  UserProjectInvalid: wrongPayer,
  accountDisabled: disabled,
  countryBlocked: policy,
  securityPolicyViolated: policy,
  vpcServiceControls: policy,
  customerEncryptionKeyIsIncorrect: wrongCustomerKey,
  customerEncryptionKeyFormatIsInvalid: wrongCustomerKey,
  customerEncryptionKeySha256IsInvalid: wrongCustomerKey,
  customerEncryptionAlgorithmIsInvalid: wrongCustomerKey,
  resourceIsEncryptedWithCustomerEncryptionKey: needsCustomerKey,
  resourceNotEncryptedWithCustomerEncryptionKey: fixed(
    'access-denied',
    'the object is not encrypted with customerKey.',
    'List again, or leave customerKey out.',
  ),
  rateLimitExceeded: slowDown,
  userRateLimitExceeded: slowDown,
  quotaExceeded: slowDown,
  dailyLimitExceeded: slowDown,
  RESOURCE_EXHAUSTED: slowDown,
  backendError: broken,
  internalError: broken,
  conditionNotMet: changed,
  notModified: changed,
  requestedRangeNotSatisfiable: outside,
  invalid: refused,
  invalidParameter: refused,
  invalidArgument: refused,
  badRequest: refused,
  parseError: refused,
  methodNotAllowed: fixed('unsupported', 'the service does not allow this.'),
  notImplemented: fixed('unsupported', 'the service cannot do this.'),
}

/** Reasons by what is said instead of one: downloads are refused with plain text. */
const BY_TEXT: readonly (readonly [RegExp, string])[] = [
  [/requester pays|no user project/i, 'userProjectMissing'],
  [/not encrypted (?:by|with) a customer-supplied/i, 'resourceNotEncryptedWithCustomerEncryptionKey'],
  [/encrypted (?:by|with) a customer-supplied/i, 'resourceIsEncryptedWithCustomerEncryptionKey'],
  [/encryption key is incorrect/i, 'customerEncryptionKeyIsIncorrect'],
]

/** The reason that a text of status 400 stands for; empty where it says nothing known. */
export const reasonOfText = (text: string): string => BY_TEXT.find(([pattern]) => pattern.test(text))?.[1] ?? ''

/** `undefined` for a reason that is not known. */
export const meaningOfReason = (failure: Failure): ErrorMeaning | undefined => {
  const { reason, answer } = failure
  // A passing fault is one whatever it is called.
  if (answer.status === 429 || (answer.status !== undefined && answer.status >= 500 && answer.status !== 501)) {
    return undefined
  }
  return Object.hasOwn(BY_REASON, reason) ? BY_REASON[reason]?.(failure) : undefined
}

/** By the status alone: proxies and downloads have no reasons. */
export const meaningOfStatus = (status: number, failure: Failure): ErrorMeaning => {
  switch (status) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return {
        code: 'invalid-config',
        message: 'the service sends elsewhere, which is not followed with credentials.',
        fix: 'Check the endpoint; a proxy or a login page may be in the way.',
      }
    case 400:
      return refused(failure)
    case 401:
      return unauthorized(failure)
    case 403:
      return denied(failure)
    case 404:
    case 410:
      return gone(failure)
    case 405:
      return { code: 'unsupported', message: 'the service does not allow this.' }
    case 408:
      return late(failure)
    case 304:
    case 409:
    case 412:
      return changed(failure)
    case 416:
      return outside(failure)
    case 429:
    case 503:
      return slowDown(failure)
    case 501:
      return { code: 'unsupported', message: 'the service cannot do this.' }
    case 504:
      return late(failure)
    default:
      return status >= 500
        ? broken(failure)
        : { code: 'internal', message: `an answer that is not known${said(failure)}.` }
  }
}
