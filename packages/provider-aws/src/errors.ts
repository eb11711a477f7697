import { type BackupError, isBackupError } from '@backproof/core/errors'
import {
  type ErrorMeaning,
  failedRequest,
  type InvalidConfig,
  invalidConfigErrors,
  meaningOfNetworkCode,
  type ProviderError,
  providerErrors,
} from '@backproof/core/object-store'
import { escapeKey } from '@backproof/core/source'
import { meaningOfCode, meaningOfStatus } from './error-table.js'

/** The provider's name in errors. */
export const PROVIDER = 'aws'

/** What the caller gave cannot work. `message` says what was wrong and what to change. */
export const invalidConfig: InvalidConfig = invalidConfigErrors(PROVIDER)

/** An error of this provider that no failed request stands behind. */
export const s3Error: ProviderError = providerErrors(PROVIDER)

/** What a request was about, for its errors. */
export interface RequestContext {
  /** As the service calls it: `HeadObject`. */
  readonly operation: string
  /** What errors name: the key relative to the source, or its URI. */
  readonly subject: string
  readonly bucket: string
  /** Of the bucket; absent for requests about the bucket. */
  readonly key?: string | undefined
  readonly version?: string | undefined
  readonly requesterPays: boolean
  readonly hasCustomerKey: boolean
}

/** What came back, as far as it did. */
export interface RawAnswer {
  readonly status?: number | undefined
  /** By lowercase name. */
  readonly headers: Readonly<Record<string, string>>
}

/** Where the request went, and when the clocks were looked at. */
export interface RequestPlace {
  readonly region?: string | undefined
  readonly host?: string | undefined
}

/** The {@link BackupError} of a request that failed: by the service's error code, by HTTP status, or by what broke the connection. */
export const requestError = (
  error: unknown,
  context: RequestContext,
  answer: RawAnswer,
  place: RequestPlace = {},
): BackupError => {
  if (isBackupError(error)) return error
  const given = (typeof error === 'object' && error !== null ? error : {}) as GivenError
  const failure: Failure = {
    context,
    answer,
    place,
    name: codeOf(given),
    text: typeof given.message === 'string' ? given.message : String(error),
    serverTime: textOf(given.ServerTime),
    bucketRegion: answer.headers['x-amz-bucket-region'] ?? textOf(given.Region),
  }
  const meaning = meaningOf(failure, given)
  const where = `${context.bucket}${context.key === undefined ? '' : `/${escapeKey(context.key)}`}`
  const version = context.version === undefined ? '' : ` (version ${escapeKey(context.version)})`
  return failedRequest({
    provider: PROVIDER,
    operation: context.operation,
    subject: context.subject,
    attempted: `${VERBS[context.operation] ?? context.operation} s3://${where}${version}`,
    meaning: corrected(given) ? { ...meaning, retryable: true } : meaning,
    trace: traceOf(failure, given),
    retryAfter: answer.headers['retry-after'],
    cause: error,
  })
}

/** A failed request as the table of meanings looks at it. */
export interface Failure {
  readonly context: RequestContext
  readonly answer: RawAnswer
  readonly place: RequestPlace
  readonly name: string
  readonly text: string
  readonly serverTime: string | undefined
  /** Where the bucket is, when the answer tells. */
  readonly bucketRegion: string | undefined
}

interface GivenError {
  readonly name?: unknown
  readonly message?: unknown
  readonly code?: unknown
  readonly Code?: unknown
  readonly Region?: unknown
  readonly ServerTime?: unknown
  readonly $metadata?: { readonly requestId?: unknown; readonly clockSkewCorrected?: unknown } | undefined
  readonly $fault?: unknown
}

const VERBS: Readonly<Record<string, string>> = {
  HeadBucket: 'reach',
  ListObjectsV2: 'list',
  ListObjectVersions: 'list the versions of',
  GetBucketVersioning: 'read the versioning state of',
  HeadObject: 'look at',
  GetObjectAttributes: 'read the attributes of',
  GetObject: 'read',
}

const meaningOf = (failure: Failure, given: GivenError): ErrorMeaning => {
  const { answer, text } = failure
  const { host } = failure.place
  const network =
    typeof given.code === 'string'
      ? meaningOfNetworkCode(
          given.code,
          host === undefined ? 'the service' : escapeKey(host),
          'endpoint, bucket and region',
        )
      : undefined
  // The SDK calls some resets timeouts: what Node tells comes first.
  const known = network ?? meaningOfCode(failure.name, failure)
  if (known !== undefined) return known
  if (answer.status === undefined) {
    return { code: 'internal', message: `an error that is not known: ${escapeKey(text.slice(0, 500))}` }
  }
  if (answer.status < 300) return notS3(answer)
  const told =
    given.$fault !== undefined && text !== '' && text !== 'UnknownError' ? ` "${escapeKey(text.slice(0, 500))}"` : ''
  const meaning = meaningOfStatus(answer.status, failure)
  return told === '' ? meaning : { ...meaning, message: `${meaning.message} The service says${told}.` }
}

/** A good status with what is no answer of S3: a login page, a proxy's error, XML that was cut. */
export const notS3 = ({ headers }: RawAnswer): ErrorMeaning => ({
  code: 'unavailable',
  message: `the answer (${headers['content-type'] ?? 'of no type'}) is no answer of S3, or was damaged on its way.`,
  fix: 'A proxy or a login page may be in the way; check the endpoint.',
})

/** The same instead of an object: without the ETag that every object has, it must not be taken for another one. */
export const noObject = (operation: string, key: string, uri: string, answer: RawAnswer): BackupError => {
  const { code, message, fix } = notS3(answer)
  return s3Error(
    code,
    operation,
    key,
    `Cannot ${VERBS[operation] ?? operation} ${escapeKey(key)} of ${uri}: ${message} ${fix}`,
  )
}

const codeOf = (given: GivenError): string => textOf(given.Code) ?? textOf(given.name) ?? ''

const textOf = (value: unknown): string | undefined => {
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The SDK has set its clock right meanwhile, so that the next try can succeed. */
const corrected = (given: GivenError): boolean => given.$metadata?.clockSkewCorrected === true

const traceOf = ({ answer, name }: Failure, given: GivenError): readonly (string | undefined)[] => {
  const vague = /^\d*$|^(?:Error|UnknownError|Unknown|TypeError|SyntaxError)$/.test(name)
  // The SDK calls some resets timeouts: what Node tells comes first.
  const word = vague || name === 'TimeoutError' ? (textOf(given.code) ?? (vague ? undefined : name)) : name
  const request = textOf(given.$metadata?.requestId) ?? answer.headers['x-amz-request-id']
  return [
    word,
    answer.status === undefined ? undefined : `HTTP ${answer.status}`,
    request === undefined ? undefined : `request ${request}`,
  ]
}
