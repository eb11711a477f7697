import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type RawAnswer, type RequestContext, requestError } from '../src/errors.js'

const reading: RequestContext = {
  operation: 'GetObject',
  subject: 'a.txt',
  bucket: 'backups',
  key: 'shop/a.txt',
  requesterPays: false,
  hasCustomerKey: false,
}
const listing: RequestContext = { ...reading, operation: 'ListObjectsV2', subject: 's3://backups', key: undefined }

/** An error as the SDK makes it of a service's answer. */
const serviceError = (name: string, message = 'a message', extra: object = {}): Error =>
  Object.assign(new Error(message), {
    name,
    Code: name,
    $fault: 'client',
    $metadata: { httpStatusCode: 400, requestId: 'REQ1' },
    ...extra,
  })

const answer = (status: number, headers: Record<string, string> = {}): RawAnswer => ({ status, headers })

describe('errors of the service', () => {
  it.each([
    ['NoSuchBucket', 404, 'not-found', false],
    ['NoSuchKey', 404, 'not-found', false],
    ['NoSuchVersion', 404, 'not-found', false],
    ['AccessDenied', 403, 'access-denied', false],
    ['ExpiredToken', 400, 'access-denied', false],
    ['InvalidAccessKeyId', 403, 'access-denied', false],
    ['SignatureDoesNotMatch', 403, 'access-denied', false],
    ['RequestTimeTooSkewed', 403, 'access-denied', false],
    ['KMS.DisabledException', 400, 'access-denied', false],
    ['SlowDown', 503, 'throttled', true],
    ['ThrottlingException', 400, 'throttled', true],
    ['InternalError', 500, 'unavailable', true],
    ['RequestTimeout', 400, 'timeout', true],
    ['InvalidObjectState', 403, 'archived', false],
    ['PreconditionFailed', 412, 'changed', false],
    ['InvalidRange', 416, 'invalid-config', false],
    ['NotImplemented', 501, 'unsupported', false],
    ['SomethingNew', 503, 'throttled', true],
    ['SomethingNew', 500, 'unavailable', true],
    ['SomethingNew', 418, 'internal', false],
  ])('%s (%i) is %s', (name, status, code, retryable) => {
    const error = requestError(serviceError(name), reading, answer(status))
    expect(error).toMatchObject({ code, retryable, provider: 'aws', operation: 'GetObject', subject: 'a.txt' })
    expect(error.message).toContain('s3://backups/shop/a.txt')
    expect(error.message).toContain('request REQ1')
  })

  it.each([
    [404, 'not-found'],
    [403, 'access-denied'],
    [412, 'changed'],
    [503, 'throttled'],
    [502, 'unavailable'],
  ])('an answer without a body is known by its status %i', (status, code) => {
    const error = requestError(
      serviceError('UnknownError', 'UnknownError', { Code: undefined }),
      reading,
      answer(status),
    )
    expect(error.code).toBe(code)
  })

  it('says which permission is missing', () => {
    const denied = (context: RequestContext, message = 'Access Denied') =>
      requestError(serviceError('AccessDenied', message), context, answer(403)).message
    expect(denied(listing)).toContain('s3:ListBucket is missing')
    expect(denied(reading)).toContain('s3:GetObject is missing')
    expect(denied({ ...reading, version: 'v1' })).toContain('s3:GetObjectVersion is missing')
    expect(denied({ ...reading, operation: 'GetObjectAttributes' })).toContain('s3:GetObjectAttributes is missing')
    expect(denied({ ...reading, operation: 'GetObjectAttributes', version: 'v1' })).toContain(
      's3:GetObjectVersionAttributes is missing',
    )
    const message =
      'User: arn:aws:iam::1:user/x is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:eu-central-1:1:key/k because no identity-based policy allows the kms:Decrypt action'
    expect(denied(reading, message)).toContain('kms:Decrypt is missing')
    expect(denied(listing)).toContain('requesterPays')
    expect(denied({ ...listing, requesterPays: true })).not.toContain('requesterPays')
  })

  it('says in which region the bucket is', () => {
    const moved = requestError(
      serviceError('PermanentRedirect'),
      listing,
      answer(301, { 'x-amz-bucket-region': 'eu-west-1' }),
      { region: 'us-east-1' },
    )
    expect(moved).toMatchObject({ code: 'invalid-config', retryable: false })
    expect(moved.message).toContain(
      "the bucket is in eu-west-1, the request went to us-east-1. Set region: 'eu-west-1'.",
    )
    const malformed = serviceError('AuthorizationHeaderMalformed', 'wrong region', { Region: 'eu-north-1' })
    expect(requestError(malformed, listing, answer(400)).message).toContain('eu-north-1')
    const head = serviceError('UnknownError', 'UnknownError', { Code: undefined })
    const context = { ...listing, operation: 'HeadBucket' }
    const headers = { 'x-amz-bucket-region': 'eu-west-1' }
    expect(requestError(head, context, answer(400, headers), { region: 'us-east-1' }).message).toContain('eu-west-1')
  })

  it('says by how much the clock is wrong', () => {
    const ServerTime = new Date(Date.now() + 1_200_000).toISOString()
    const error = requestError(serviceError('RequestTimeTooSkewed', 'skewed', { ServerTime }), reading, answer(403))
    expect(error.message).toMatch(/clock of this machine is 1[12]\d\d s behind/)
  })

  it('waits as long as the service asks', () => {
    const slow = (header: string) =>
      requestError(serviceError('SlowDown'), reading, answer(503, { 'retry-after': header })).retryAfterMs
    expect(slow('2')).toBe(2_000)
    expect(slow(new Date(Date.now() + 60_000).toUTCString())).toBeGreaterThan(50_000)
    expect(slow('soon')).toBeUndefined()
  })
})

describe('errors on the way', () => {
  const broken = (code: string, name = 'Error') => Object.assign(new Error('broken'), { code, name })

  it.each([
    ['ECONNRESET', 'unavailable', true],
    ['EPIPE', 'unavailable', true],
    ['ECONNREFUSED', 'unavailable', true],
    ['ENOTFOUND', 'unavailable', true],
    ['ETIMEDOUT', 'timeout', true],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'unavailable', false],
    ['EPROTO', 'unavailable', false],
  ])('%s is %s', (code, meaning, retryable) => {
    // The SDK calls resets timeouts.
    const error = requestError(broken(code, 'TimeoutError'), reading, { headers: {} }, { host: 's3.example.org' })
    expect(error).toMatchObject({ code: meaning, retryable })
    expect(error.message).toContain('s3.example.org')
  })

  it('are told for credentials and regions that are not there', () => {
    const none = Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' })
    expect(requestError(none, listing, { headers: {} })).toMatchObject({ code: 'access-denied', retryable: false })
    const region = requestError(new Error('Region is missing'), listing, { headers: {} })
    expect(region).toMatchObject({ code: 'invalid-config', retryable: false })
  })

  it('show no secret, whatever the SDK wrote', () => {
    const secrets = ['AKIAIOSFODNN7EXAMPLE', 'c2lnbmF0dXJl', 'token-of-a-session']
    const message = `https://b.s3.amazonaws.com/k?X-Amz-Credential=${secrets[0]}&X-Amz-Signature=${secrets[1]} x-amz-security-token: ${secrets[2]}`
    for (const name of ['AccessDenied', 'SignatureDoesNotMatch', 'InvalidRequest', 'Unheard']) {
      const given = serviceError(name, message, { StringToSign: secrets[1], SignatureProvided: secrets[1] })
      const text = inspect(requestError(given, reading, answer(403)), { depth: 9 })
      for (const secret of secrets) expect(text).not.toContain(secret)
    }
  })
})
