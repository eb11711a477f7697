import type { ErrorCode } from '@backproof/core/errors'
import type { ErrorMeaning } from '@backproof/core/object-store'
import { escapeKey } from '@backproof/core/source'
import type { Failure } from './errors.js'
import { permissionOf } from './permissions.js'

type Meaning = (failure: Failure) => ErrorMeaning

const fixed =
  (code: ErrorCode, message: string, fix?: string): Meaning =>
  () => ({ code, message, fix })

const noBucket: Meaning = ({ context }) => ({
  code: 'not-found',
  message: 'there is no such bucket.',
  fix: `Check the name ${context.bucket}, and the endpoint.`,
})

const gone: Meaning = (failure) =>
  failure.context.key === undefined
    ? noBucket(failure)
    : { code: 'not-found', message: 'there is no such object (any more).' }

const noVersion = fixed('not-found', 'there is no such version (any more).')

const otherRegion: Meaning = ({ bucketRegion, place }) => ({
  code: 'invalid-config',
  message: `the bucket is in ${bucketRegion ?? 'another region'}${place.region === undefined ? '' : `, the request went to ${place.region}`}.`,
  fix: bucketRegion === undefined ? 'Set the region of the bucket.' : `Set region: '${bucketRegion}'.`,
})

/** Amazon names the permission in the message; elsewhere it follows from the request. */
const denied: Meaning = ({ context, text, answer }) => {
  const named = /not authorized to perform:\s*([\w-]+:\w+)/i.exec(text)?.[1]
  const permission = named ?? permissionOf(context.operation, context)
  const isKey = permission.startsWith('kms:')
  const fixes = [
    isKey
      ? `Allow ${permission} on the key that encrypts the object, in the key's policy or by IAM.`
      : `Allow ${permission}; readOnlyPolicy() gives the whole policy.`,
  ]
  if (!isKey && named === undefined) {
    if (context.key !== undefined) {
      fixes.push(
        'For objects under KMS, kms:Decrypt may be missing; without s3:ListBucket, a missing object is denied too.',
      )
      if (context.hasCustomerKey) fixes.push("A customerKey that is not the object's is denied too.")
    }
    if (!context.requesterPays) fixes.push('A Requester Pays bucket needs requesterPays: true.')
  }
  const why = answer.status === 403 && text !== '' && !/^(?:UnknownError|Access ?Denied\.?|Forbidden)$/i.test(text)
  return {
    code: 'access-denied',
    message: `access was denied; ${permission} is missing${why ? ` ("${escapeKey(text.slice(0, 500))}")` : ''}.`,
    fix: fixes.join(' '),
  }
}

const expired = fixed(
  'access-denied',
  'the credentials have expired.',
  'Get new ones (for example aws sso login), or give a credentials function that renews them.',
)

const badKey = fixed(
  'access-denied',
  'the access key is not known to the service.',
  'Check the credentials and the endpoint.',
)

const badSignature = fixed(
  'access-denied',
  'the service refused the signature.',
  'Check the secret key, and that no proxy changes requests.',
)

const noCredentials = fixed(
  'access-denied',
  'no credentials were found.',
  'Set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, log in, or give credentials.',
)

const badKms: Meaning = ({ text }) => ({
  code: 'access-denied',
  message: `the KMS key that encrypts the object cannot be used${text === '' ? '' : ` ("${escapeKey(text.slice(0, 500))}")`}.`,
  fix: 'Enable the key, or cancel its deletion.',
})

const skewed: Meaning = ({ serverTime, answer }) => {
  const server = Date.parse(serverTime ?? answer.headers['date'] ?? '')
  const seconds = Math.round((Date.now() - server) / 1_000)
  const how = Number.isNaN(seconds)
    ? 'wrong'
    : `${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead of'} the service's`
  return { code: 'access-denied', message: `the clock of this machine is ${how}.`, fix: 'Set it right (NTP).' }
}

const slowDown = fixed('throttled', 'the service asks to slow down.')
const broken = fixed('unavailable', 'the service failed.')
const late = fixed('timeout', 'the service did not answer in time.')

const archived = fixed(
  'archived',
  'the object is archived and cannot be read.',
  'Restore it first (aws s3api restore-object), or prove it by its stored digests.',
)

const changed = fixed('changed', 'the object is another one than was listed.')

const needsCustomerKey: Meaning = ({ context, text }) => {
  // The last is RADOS Gateway's word for a key that is not the object's.
  const aboutKey = /server side encryption|customer|encrypt|hash of the key/i.test(text)
  if (context.key !== undefined && (aboutKey || !context.hasCustomerKey)) {
    return {
      code: aboutKey ? 'access-denied' : 'invalid-config',
      message: `the service refuses the request${text === '' || text === 'UnknownError' ? '' : ` ("${escapeKey(text.slice(0, 500))}")`}.`,
      fix: context.hasCustomerKey
        ? 'The object may not be encrypted with customerKey.'
        : 'An object under a key of its owner (SSE-C) needs customerKey; expired credentials are refused in this way too.',
    }
  }
  return {
    code: 'invalid-config',
    message: `the service refuses the request${text === '' || text === 'UnknownError' ? '' : ` ("${escapeKey(text.slice(0, 500))}")`}.`,
    fix: `Check ${context.key !== undefined && context.hasCustomerKey ? 'customerKey, ' : ''}region, endpoint and credentials; expired credentials are refused in this way too.`,
  }
}

/** By the service's error code ("Error responses", Amazon S3 API Reference), and the SDK's own error names. */
const BY_CODE: Readonly<Record<string, Meaning>> = {
  NoSuchBucket: noBucket,
  NoSuchKey: gone,
  NotFound: gone,
  NoSuchVersion: noVersion,
  PermanentRedirect: otherRegion,
  TemporaryRedirect: otherRegion,
  Redirect: otherRegion,
  AuthorizationHeaderMalformed: otherRegion,
  IncorrectEndpoint: otherRegion,
  AccessDenied: denied,
  AccessDeniedException: denied,
  AllAccessDisabled: denied,
  AccountProblem: denied,
  Forbidden: denied,
  ExpiredToken: expired,
  ExpiredTokenException: expired,
  TokenRefreshRequired: expired,
  InvalidToken: expired,
  InvalidAccessKeyId: badKey,
  InvalidClientTokenId: badKey,
  UnrecognizedClientException: badKey,
  SignatureDoesNotMatch: badSignature,
  InvalidSignatureException: badSignature,
  CredentialsProviderError: noCredentials,
  TokenProviderError: noCredentials,
  'KMS.DisabledException': badKms,
  'KMS.NotFoundException': badKms,
  'KMS.InvalidStateException': badKms,
  'KMS.KMSInvalidStateException': badKms,
  KMSInvalidStateException: badKms,
  RequestTimeTooSkewed: skewed,
  RequestExpired: skewed,
  SlowDown: slowDown,
  SlowDownRead: slowDown,
  Throttling: slowDown,
  ThrottlingException: slowDown,
  ThrottledException: slowDown,
  RequestThrottled: slowDown,
  RequestLimitExceeded: slowDown,
  TooManyRequests: slowDown,
  TooManyRequestsException: slowDown,
  BandwidthLimitExceeded: slowDown,
  ServiceUnavailable: slowDown,
  Busy: slowDown,
  InternalError: broken,
  RequestTimeout: late,
  TimeoutError: late,
  InvalidObjectState: archived,
  PreconditionFailed: changed,
  ConditionalRequestConflict: changed,
  InvalidRange: fixed('invalid-config', 'the range does not lie within the object.'),
  InvalidRequest: needsCustomerKey,
  InvalidBucketName: fixed('invalid-config', 'that is no name of a bucket.'),
  KeyTooLongError: fixed('invalid-config', 'the key is longer than the 1,024 bytes that S3 has.'),
  NotImplemented: fixed('unsupported', 'the service cannot do this.'),
}

/** `undefined` for a code that is not known. */
export const meaningOfCode = (code: string, failure: Failure): ErrorMeaning | undefined => {
  if (failure.text === 'Region is missing') {
    return { code: 'invalid-config', message: 'no region is set.', fix: 'Give region, or set AWS_REGION.' }
  }
  return Object.hasOwn(BY_CODE, code) ? BY_CODE[code]?.(failure) : undefined
}

/** By the status alone: answers to HEAD have no body, and proxies have no codes. */
export const meaningOfStatus = (status: number, failure: Failure): ErrorMeaning => {
  const { context, bucketRegion, place } = failure
  if (bucketRegion !== undefined && place.region !== undefined && bucketRegion !== place.region && status < 403) {
    return otherRegion(failure)
  }
  switch (status) {
    case 301:
    case 307:
    case 308:
      return otherRegion(failure)
    case 400:
      return needsCustomerKey(failure)
    case 401:
    case 403:
      return denied(failure)
    case 404:
      return gone(failure)
    case 405:
      // Of a version: HEAD and GET of a delete marker.
      return context.version === undefined
        ? { code: 'unsupported', message: 'the service does not allow this.' }
        : { code: 'not-found', message: 'this version is a delete marker.' }
    case 408:
      return late(failure)
    case 409:
    case 412:
      return changed(failure)
    case 416:
      return { code: 'invalid-config', message: 'the range does not lie within the object.' }
    case 429:
    case 503:
      return slowDown(failure)
    case 501:
      return { code: 'unsupported', message: 'the service cannot do this.' }
    default:
      return status >= 500 ? broken(failure) : { code: 'internal', message: 'an answer that is not known.' }
  }
}
