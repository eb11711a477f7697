/** What an error of the JSON API says. */
export interface FailureDetails {
  readonly status: number
  /** For example `notFound`. */
  readonly reason: string
  readonly message: string
  readonly domain?: string | undefined
  readonly locationType?: string | undefined
  readonly location?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** An answer that is an error: operations throw it, the server writes it. */
export interface GcsFailure extends Error {
  readonly failure: FailureDetails
}

export type FailureOptions = Partial<Omit<FailureDetails, 'status' | 'reason' | 'message'>>

export const failure = (reason: FailureReason, message?: string, options: FailureOptions = {}): GcsFailure => {
  const usual = FAILURES[reason]
  const details: FailureDetails = {
    ...usual,
    reason: usual.reason ?? reason,
    ...(message !== undefined && { message }),
    ...options,
  }
  return Object.assign(new Error(`${reason}: ${details.message}`), { failure: details })
}

export const isFailure = (error: unknown): error is GcsFailure => error instanceof Error && 'failure' in error

/** The error of a parameter that cannot be understood. */
export const invalidParameter = (name: string, message: string): GcsFailure =>
  failure('invalidParameter', message, { locationType: 'parameter', location: name })

export type FailureReason =
  | 'anonymous'
  | 'authError'
  | 'backendError'
  | 'bucketNotEmpty'
  | 'conditionNotMet'
  | 'conflict'
  | 'customerEncryptionAlgorithmIsInvalid'
  | 'customerEncryptionKeyFormatIsInvalid'
  | 'customerEncryptionKeyIsIncorrect'
  | 'customerEncryptionKeySha256IsInvalid'
  | 'forbidden'
  | 'internalError'
  | 'invalid'
  | 'invalidParameter'
  | 'notFound'
  | 'notImplemented'
  | 'notModified'
  | 'objectUnderActiveHold'
  | 'parseError'
  | 'requestedRangeNotSatisfiable'
  | 'required'
  | 'resourceIsEncryptedWithCustomerEncryptionKey'
  | 'resourceNotEncryptedWithCustomerEncryptionKey'
  | 'retentionPolicyNotMet'
  | 'uploadGone'
  | 'userProjectMissing'

type Failure = Omit<FailureDetails, 'reason'> & { readonly reason?: string | undefined }

/** Reasons with their status and usual message: "HTTP status and error codes for JSON" in the Cloud Storage documentation. */
const FAILURES: Readonly<Record<FailureReason, Failure>> = {
  anonymous: {
    status: 401,
    reason: 'required',
    message: 'Login Required.',
    locationType: 'header',
    location: 'Authorization',
  },
  authError: { status: 401, message: 'Invalid Credentials', locationType: 'header', location: 'Authorization' },
  backendError: { status: 503, message: 'We encountered an internal error. Please try again.' },
  conditionNotMet: {
    status: 412,
    message: 'At least one of the pre-conditions you specified did not hold.',
    locationType: 'header',
    location: 'If-Match',
  },
  conflict: {
    status: 409,
    message: 'Your previous request to create the named bucket succeeded and you already own it.',
  },
  bucketNotEmpty: { status: 409, reason: 'conflict', message: 'The bucket you tried to delete is not empty.' },
  customerEncryptionKeyFormatIsInvalid: {
    status: 400,
    message:
      'Missing an encryption key, or it is not base64 encoded, or it does not meet the required length of the encryption algorithm.',
    domain: 'global',
    locationType: 'header',
    location: 'x-goog-encryption-key',
  },
  customerEncryptionKeyIsIncorrect: {
    status: 400,
    message: 'The provided encryption key is incorrect.',
    locationType: 'header',
    location: 'x-goog-encryption-key',
  },
  customerEncryptionKeySha256IsInvalid: {
    status: 400,
    message:
      'Missing a SHA256 hash of the encryption key, or it is not base64 encoded, or it does not match the encryption key.',
    locationType: 'header',
    location: 'x-goog-encryption-key-sha256',
  },
  customerEncryptionAlgorithmIsInvalid: {
    status: 400,
    message: 'Missing an encryption algorithm, or the provided algorithm is not "AES256."',
    locationType: 'header',
    location: 'x-goog-encryption-algorithm',
  },
  forbidden: { status: 403, message: 'Forbidden' },
  internalError: { status: 500, message: 'Internal Error' },
  invalid: { status: 400, message: 'Invalid Value' },
  invalidParameter: { status: 400, message: 'Invalid parameter' },
  notFound: { status: 404, message: 'Not Found' },
  notImplemented: { status: 501, message: 'The test server does not have this method.' },
  notModified: { status: 304, message: 'Not Modified' },
  objectUnderActiveHold: {
    status: 403,
    message: 'Object is under active hold and cannot be deleted, overwritten or archived.',
  },
  parseError: { status: 400, message: 'Parse Error' },
  requestedRangeNotSatisfiable: {
    status: 416,
    message: 'Request range not satisfiable',
    locationType: 'header',
    location: 'Range',
  },
  required: { status: 400, message: 'Required' },
  resourceIsEncryptedWithCustomerEncryptionKey: {
    status: 400,
    message: 'The target object is encrypted by a customer-supplied encryption key.',
  },
  resourceNotEncryptedWithCustomerEncryptionKey: {
    status: 400,
    message: 'The target object is not encrypted by a customer-supplied encryption key.',
  },
  retentionPolicyNotMet: {
    status: 403,
    message: "Object is subject to bucket's retention policy and cannot be deleted or overwritten.",
  },
  uploadGone: { status: 410, reason: 'uploadBrokenConnection', message: 'The upload session does not exist any more.' },
  userProjectMissing: {
    status: 400,
    reason: 'required',
    message: 'Bucket is a requester pays bucket but no user project provided.',
    locationType: 'parameter',
    location: 'userProject',
  },
}
