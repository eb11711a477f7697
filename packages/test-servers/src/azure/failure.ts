import { randomUUID } from 'node:crypto'
import type { Reply } from '../http/reply.js'
import { element, xmlDocument } from './xml.js'

/** What an error of the service says. */
export interface FailureDetails {
  readonly status: number
  readonly code: string
  readonly message: string
  /** Further elements of the document, for example `AuthenticationErrorDetail`. */
  readonly fields?: Readonly<Record<string, string>> | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** An answer that is an error: operations throw it, the server writes it. */
export interface AzureFailure extends Error {
  readonly azure: FailureDetails
}

export const failure = (code: FailureCode, options: Partial<Omit<FailureDetails, 'code'>> = {}): AzureFailure => {
  const [status, message] = FAILURES[code]
  const details: FailureDetails = { status, message, ...options, code }
  return Object.assign(new Error(`${code}: ${details.message}`), { azure: details })
}

export type FailureCode =
  | 'AuthenticationFailed'
  | 'AuthorizationFailure'
  | 'AuthorizationPermissionMismatch'
  | 'AuthorizationResourceTypeMismatch'
  | 'AuthorizationServiceMismatch'
  | 'BlobArchived'
  | 'BlobBeingRehydrated'
  | 'BlobCustomerSpecifiedEncryptionMismatch'
  | 'BlobDoesNotUseCustomerSpecifiedEncryption'
  | 'BlobNotFound'
  | 'BlobUsesCustomerSpecifiedEncryption'
  | 'ConditionNotMet'
  | 'ContainerNotFound'
  | 'InternalError'
  | 'InvalidAuthenticationInfo'
  | 'InvalidHeaderValue'
  | 'InvalidQueryParameterValue'
  | 'InvalidRange'
  | 'InvalidUri'
  | 'KeyBasedAuthenticationNotPermitted'
  | 'NoAuthenticationInformation'
  | 'OutOfRangeInput'
  | 'OutOfRangeQueryParameterValue'
  | 'PublicAccessNotPermitted'
  | 'ResourceNotFound'
  | 'UnsupportedHttpVerb'

export const isFailure = (error: unknown): error is AzureFailure => error instanceof Error && 'azure' in error

/** The document of an error, and the headers that say the same, which is all that HEAD gets. */
export const errorReply = (details: FailureDetails, now: number): Reply => {
  const { status, code, message, fields = {}, headers } = details
  const requestId = randomUUID()
  const inner = [
    element('Code', code),
    element('Message', `${message}\nRequestId:${requestId}\nTime:${new Date(now).toISOString().slice(0, -1)}0000Z`),
    ...Object.entries(fields).map(([name, value]) => element(name, value)),
  ].join('')
  return {
    status,
    headers: { 'x-ms-error-code': code, 'x-ms-request-id': requestId, 'content-type': 'application/xml', ...headers },
    // A 304 has no body.
    ...(status !== 304 && { body: xmlDocument(element('Error', { markup: inner })) }),
  }
}

/** The answer to credentials whose time is over: of a signature in the query 403, of a bearer token 401. */
export const expiredReply = (signedQuery: boolean, now: number): Reply =>
  errorReply(
    (signedQuery
      ? failure('AuthenticationFailed', {
          fields: { AuthenticationErrorDetail: outOfTime(undefined, now - 1000, now) },
        })
      : failure('InvalidAuthenticationInfo', {
          status: 401,
          fields: { AuthenticationErrorDetail: 'Lifetime validation failed. The token is expired.' },
          headers: CHALLENGE,
        })
    ).azure,
    now,
  )

/** What the service says about a signature before its start or after its expiry. */
export const outOfTime = (start: number | undefined, expiry: number, now: number): string => {
  const text = (time: number): string => new Date(time).toUTCString()
  const from = start === undefined ? '' : `Start [${text(start)}] - `
  return `Signature not valid in the specified time frame: ${from}Expiry [${text(expiry)}] - Current [${text(now)}]`
}

/** Where to get a token, as the service says with each 401. */
export const CHALLENGE: Readonly<Record<string, string>> = {
  'www-authenticate':
    'Bearer authorization_uri=https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/oauth2/authorize resource_id=https://storage.azure.com',
}

const NOT_AUTHORIZED = 'This request is not authorized to perform this operation'
const NOT_AUTHENTICATED = 'Server failed to authenticate the request.'

/** Status and message by code: "Common REST API error codes" and "Blob Storage error codes" of Microsoft's REST reference. */
const FAILURES: Readonly<Record<FailureCode, readonly [number, string]>> = {
  AuthenticationFailed: [
    403,
    `${NOT_AUTHENTICATED} Make sure the value of Authorization header is formed correctly including the signature.`,
  ],
  AuthorizationFailure: [403, `${NOT_AUTHORIZED}.`],
  AuthorizationPermissionMismatch: [403, `${NOT_AUTHORIZED} using this permission.`],
  AuthorizationResourceTypeMismatch: [403, `${NOT_AUTHORIZED} using this resource type.`],
  AuthorizationServiceMismatch: [403, `${NOT_AUTHORIZED} using this service.`],
  BlobArchived: [409, 'This operation is not permitted on an archived blob.'],
  BlobBeingRehydrated: [409, 'This operation is not permitted because the blob is being rehydrated.'],
  BlobCustomerSpecifiedEncryptionMismatch: [
    409,
    'The given customer specified encryption does not match the encryption used to encrypt the blob.',
  ],
  BlobDoesNotUseCustomerSpecifiedEncryption: [
    409,
    'The blob is not encrypted with customer specified encryption, but it was provided in the request.',
  ],
  BlobNotFound: [404, 'The specified blob does not exist.'],
  BlobUsesCustomerSpecifiedEncryption: [
    409,
    'The blob is encrypted with customer specified encryption, but it was not provided in the request.',
  ],
  ConditionNotMet: [412, 'The condition specified using HTTP conditional header(s) is not met.'],
  ContainerNotFound: [404, 'The specified container does not exist.'],
  InternalError: [500, 'Server encountered an internal error. Please try again after some time.'],
  InvalidAuthenticationInfo: [
    400,
    'Authentication information is not given in the correct format. Check the value of Authorization header.',
  ],
  InvalidHeaderValue: [400, 'The value for one of the HTTP headers is not in the correct format.'],
  InvalidQueryParameterValue: [400, 'Value for one of the query parameters specified in the request URI is invalid.'],
  InvalidRange: [416, 'The range specified is invalid for the current size of the resource.'],
  InvalidUri: [400, 'The requested URI does not represent any resource on the server.'],
  KeyBasedAuthenticationNotPermitted: [403, 'Key based authentication is not permitted on this storage account.'],
  NoAuthenticationInformation: [
    401,
    `${NOT_AUTHENTICATED} Please refer to the information in the www-authenticate header.`,
  ],
  OutOfRangeInput: [400, 'One of the request inputs is out of range.'],
  OutOfRangeQueryParameterValue: [
    400,
    'One of the query parameters specified in the request URI is outside the permissible range.',
  ],
  PublicAccessNotPermitted: [409, 'Public access is not permitted on this storage account.'],
  ResourceNotFound: [404, 'The specified resource does not exist.'],
  UnsupportedHttpVerb: [405, "The resource doesn't support the specified HTTP verb."],
}
