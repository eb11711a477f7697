import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type RequestContext, requestError } from '../src/errors.js'

const reading: RequestContext = {
  operation: 'GetBlob',
  subject: 'a.txt',
  account: 'shop1',
  host: 'shop1.blob.core.windows.net',
  container: 'backups',
  name: 'shop/a.txt',
  access: 'token',
  hasCustomerKey: false,
}
const listing: RequestContext = {
  ...reading,
  operation: 'ListBlobs',
  subject: 'azblob://shop1/backups',
  name: undefined,
}

/** An error as the SDK makes it of a service's answer; those to HEAD have a header only. */
const serviceError = (
  status: number,
  code: string,
  { message = 'a message', headers = {}, detail, head = false }: ServiceErrorOptions = {},
): Error =>
  Object.assign(new Error(head ? '' : `${message}\nRequestId:REQ1\nTime:2026-11-22T10:00:00Z`), {
    name: 'RestError',
    statusCode: status,
    ...(!head && { code }),
    details: { authenticationErrorDetail: detail },
    response: {
      status,
      headers: { toJSON: () => ({ 'x-ms-error-code': code, 'x-ms-request-id': 'REQ1', ...headers }) },
    },
  })

interface ServiceErrorOptions {
  readonly message?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly detail?: string
  readonly head?: boolean
}

describe('errors of the service', () => {
  it.each([
    ['ContainerNotFound', 404, 'not-found', false],
    ['ContainerBeingDeleted', 409, 'not-found', false],
    ['BlobNotFound', 404, 'not-found', false],
    ['ResourceNotFound', 404, 'not-found', false],
    ['AccountIsDisabled', 403, 'unavailable', false],
    ['AuthenticationFailed', 403, 'access-denied', false],
    ['AuthorizationPermissionMismatch', 403, 'access-denied', false],
    ['AuthorizationFailure', 403, 'access-denied', false],
    ['AuthorizationProtocolMismatch', 403, 'access-denied', false],
    ['AuthorizationSourceIPMismatch', 403, 'access-denied', false],
    ['AuthorizationResourceTypeMismatch', 403, 'access-denied', false],
    ['InsufficientAccountPermissions', 403, 'access-denied', false],
    ['InvalidAuthenticationInfo', 401, 'access-denied', false],
    ['NoAuthenticationInformation', 401, 'access-denied', false],
    ['KeyBasedAuthenticationNotPermitted', 403, 'access-denied', false],
    ['PublicAccessNotPermitted', 409, 'access-denied', false],
    ['BlobUsesCustomerSpecifiedEncryption', 409, 'access-denied', false],
    ['BlobCustomerSpecifiedEncryptionMismatch', 409, 'access-denied', false],
    ['ConditionNotMet', 412, 'changed', false],
    ['ServerBusy', 503, 'throttled', true],
    ['OperationTimedOut', 500, 'timeout', true],
    ['InternalError', 500, 'unavailable', true],
    ['InvalidRange', 416, 'invalid-config', false],
    ['BlobArchived', 409, 'archived', false],
    ['BlobBeingRehydrated', 409, 'archived', false],
    ['FeatureNotYetSupportedForHierarchicalNamespaceAccounts', 409, 'unsupported', false],
    ['UnsupportedHeader', 400, 'unsupported', false],
    ['SomethingNew', 503, 'throttled', true],
    ['SomethingNew', 500, 'unavailable', true],
    ['SomethingNew', 418, 'internal', false],
  ])('%s (%i) is %s, with a body and without', (name, status, code, retryable) => {
    for (const head of [false, true]) {
      const error = requestError(serviceError(status, name, { head }), reading)
      expect(error).toMatchObject({ code, retryable, provider: 'azure', operation: 'GetBlob', subject: 'a.txt' })
      expect(error.message).toContain('azblob://shop1/backups/shop/a.txt')
      expect(error.message).toContain(`(${name}, HTTP ${status}, request REQ1)`)
    }
  })

  it.each([
    [400, 'invalid-config'],
    [401, 'access-denied'],
    [403, 'access-denied'],
    [404, 'not-found'],
    [412, 'changed'],
    [416, 'invalid-config'],
    [429, 'throttled'],
    [501, 'unsupported'],
    [502, 'unavailable'],
    [503, 'throttled'],
  ])('an answer of a proxy is known by its status %i', (status, code) => {
    const error = Object.assign(new Error('proxy'), { name: 'RestError', statusCode: status })
    expect(requestError(error, reading).code).toBe(code)
  })

  it('name what is missing, by how the request was authorised', () => {
    const denied = (context: RequestContext) =>
      requestError(serviceError(403, 'AuthorizationPermissionMismatch'), context).message
    const action = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read is missing'
    expect(denied(listing)).toContain(action)
    expect(denied(listing)).toContain('role "Storage Blob Data Reader"')
    expect(denied({ ...listing, access: 'sas' })).toContain('the permission l of the shared access signature')
    expect(denied({ ...reading, access: 'sas' })).toContain('the permission r of the shared access signature')
    expect(denied({ ...reading, access: 'anonymous' })).toContain('Give a credential')
    expect(denied({ ...listing, operation: 'GetAccountInfo' })).toContain('getInfo/action')
  })

  it('tell a failed authentication by its cause', () => {
    const failed = (access: RequestContext['access'], options: ServiceErrorOptions) =>
      requestError(serviceError(403, 'AuthenticationFailed', options), { ...listing, access }).message
    const lapsed = 'Signature not valid in the specified time frame: Start [..] - Expiry [..] - Current [..]'
    expect(failed('sas', { detail: lapsed })).toContain('has expired, or is not valid yet')
    expect(failed('key', { detail: "The MAC signature found in the HTTP request 'c2VjcmV0' is not" })).toContain(
      'Check the key of the account shop1',
    )
    expect(failed('anonymous', {})).toContain('the service wants a credential')
    const date = new Date(Date.now() + 3_600_000).toUTCString()
    expect(failed('key', { headers: { date } })).toMatch(/clock of this machine is 3[56]\d\d s behind/)
  })

  it('take a conflict about a container for what the account cannot do, about a blob for another one', () => {
    expect(requestError(serviceError(409, 'SomethingNew'), listing).code).toBe('unsupported')
    expect(requestError(serviceError(409, 'SomethingNew'), reading).code).toBe('changed')
  })

  it('wait as long as the service asks', () => {
    const slow = (header: string) =>
      requestError(serviceError(503, 'ServerBusy', { headers: { 'retry-after': header } }), reading).retryAfterMs
    expect(slow('2')).toBe(2_000)
    expect(slow('soon')).toBeUndefined()
  })
})

describe('errors on the way', () => {
  const broken = (code: string, message = 'broken') => Object.assign(new Error(message), { code, name: 'RestError' })

  it.each([
    ['ECONNRESET', 'unavailable', true],
    ['ECONNREFUSED', 'unavailable', true],
    ['ENOTFOUND', 'unavailable', true],
    ['ETIMEDOUT', 'timeout', true],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'unavailable', false],
    ['EPROTO', 'unavailable', false],
  ])('%s is %s', (code, meaning, retryable) => {
    const error = requestError(broken(code), reading)
    expect(error).toMatchObject({ code: meaning, retryable })
    expect(error.message).toContain('shop1.blob.core.windows.net')
  })

  it('are told for listings that break off, and for answers that are none', () => {
    const cut = broken('PARSE_ERROR', 'Error reading response as text: aborted')
    expect(requestError(cut, listing)).toMatchObject({ code: 'unavailable' })
    expect(requestError(cut, listing).message).toContain('broke off')
    const seen = { status: 200, headers: { 'content-type': 'text/html' } }
    for (const error of [new TypeError('x is undefined'), new RangeError('no etag'), broken('PARSE_ERROR', 'tag')]) {
      expect(requestError(error, listing, seen)).toMatchObject({ code: 'unavailable', retryable: true })
      expect(requestError(error, listing, seen).message).toContain('text/html')
    }
    expect(requestError(new Error('what'), listing)).toMatchObject({ code: 'internal' })
  })

  it('are told for credentials that are not there', () => {
    for (const name of ['CredentialUnavailableError', 'AggregateAuthenticationError']) {
      const none = Object.assign(new Error('secret detail'), { name })
      const error = requestError(none, listing)
      expect(error).toMatchObject({ code: 'access-denied', retryable: false })
      expect(error.message).toContain('az login')
    }
  })

  it('show no secret, whatever the SDK wrote', () => {
    const secrets = ['c2lnbmF0dXJl', 'eyJ0eXAiOiJKV1Qi', 'YWNjb3VudC1rZXk=', 'Y3VzdG9tZXIta2V5']
    const [sig, token, key, customer] = secrets
    const message = `https://shop1.blob.core.windows.net/c?sv=1&sig=${sig} authorization: Bearer ${token} AccountKey=${key}; x-ms-encryption-key: ${customer}`
    const detail = `The MAC signature found in the HTTP request '${sig}' is not the same as any computed signature.`
    for (const code of ['AuthenticationFailed', 'AuthorizationFailure', 'InvalidHeaderValue', 'Unheard']) {
      for (const context of [listing, { ...listing, access: 'sas' as const }]) {
        const text = inspect(requestError(serviceError(403, code, { message, detail }), context), { depth: 9 })
        for (const secret of secrets) expect(text).not.toContain(secret)
      }
    }
  })
})
