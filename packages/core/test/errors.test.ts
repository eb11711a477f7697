import { describe, expect, it } from 'vitest'
import { BackupError, isBackupError, toBackupError } from '../src/errors.js'
import { redact } from '../src/redact.js'

const SECRETS: readonly (readonly [string, string])[] = [
  [
    'presigned S3 URL',
    'GET https://b.s3.amazonaws.com/k?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE&X-Amz-Signature=deadbeef0123',
  ],
  ['Azure SAS', 'https://acc.blob.core.windows.net/c/b?sv=2024-01-01&sig=abc%2Bdef%3D&se=2026'],
  ['bare signature', 'request failed: sig=abc%2Bdef%3D&se=2026'],
  ['URL credentials', 'sftp://user:hunter2@host/dir'],
  ['connection string', 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=c2VjcmV0LWtleQ==;EndpointSuffix=x'],
  [
    'authorization header',
    'Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101, Signature=deadbeef0123',
  ],
  ['bearer token', 'used Bearer ya29.a0AfH6SMBx-secret-token'],
  ['access key id', 'key AKIAIOSFODNN7EXAMPLE is not active'],
  ['token behind an escaped line feed', 'sent:\\nx-amz-security-token: deadbeef0123\\nhost: x'],
  ['signature behind an escaped line feed', '{"text":"a\\nsig=abc%2Bdef%3D"}'],
  ['access key id behind an escaped line feed', 'keys:\\nAKIAIOSFODNN7EXAMPLE'],
  ['customer key of S3', 'x-amz-server-side-encryption-customer-key: c2VjcmV0LWtleQ=='],
  ['digest of a customer key of S3', '{"x-amz-server-side-encryption-customer-key-MD5":"c2VjcmV0LWtleQ=="}'],
  ['customer key of Google', 'x-goog-encryption-key: c2VjcmV0LWtleQ=='],
  ['customer key of Azure', 'x-ms-encryption-key: c2VjcmV0LWtleQ=='],
  ['cookie', 'Set-Cookie: session=deadbeef0123'],
  ['cookie that is sent', 'COOKIE: deadbeef0123'],
  ['header of a proxy', 'proxy-authorization: Basic c2VjcmV0LWtleQ=='],
  ['basic credentials', 'sent basic c2VjcmV0LWtleQ== twice'],
  ['shared key', 'SharedKey account:c2VjcmV0LWtleQ=='],
  ['signature of AWS', 'aws4-hmac-sha256 deadbeef0123'],
  ['session key id', 'key ASIAKIAIOSFODNN7EXAMPLE is not active'],
  ['parameter of the SDK', "{ SSECustomerKey: 'c2VjcmV0LWtleQ==' }"],
  ['private key', '-----BEGIN PRIVATE KEY-----\nMIIEsecret\n-----END PRIVATE KEY-----'],
]
const LEAKS = /AKIAIOSFODNN7|deadbeef0123|abc%2Bdef|hunter2|c2VjcmV0|ya29|MIIEsecret/

describe('redact', () => {
  it.each(SECRETS)('removes the secret of a %s', (_, text) => {
    expect(text).toMatch(LEAKS)
    expect(redact(text)).not.toMatch(LEAKS)
  })

  it.each([
    ['words in a row', `x=${'a.'.repeat(100_000)}`],
    ['schemes in a row', 'a://'.repeat(50_000)],
    ['names of headers in a row', `=${'x-amz-'.repeat(40_000)}`],
    ['words before a scheme', `${'a-'.repeat(100_000)}://host`],
  ])('looks through %s once', (_, text) => {
    // Where each word is a new beginning it takes minutes, longer than any test may.
    expect(redact(text)).toBe(text)
  })

  it('leaves what people need to find the place', () => {
    expect(redact('https://acc.blob.core.windows.net/c/b?sig=x not found')).toContain(
      'https://acc.blob.core.windows.net/c/b',
    )
    const plain = 'cannot open /srv/shop/a=b;c?d/e.txt: no such file'
    expect(redact(plain)).toBe(plain)
    const question = 'Did you mean s3://? Known: file://, s3://'
    expect(redact(question)).toBe(question)
  })
})

describe('BackupError', () => {
  it.each(SECRETS)('keeps the secret of a %s out of message, subject, cause and JSON', (_, text) => {
    const sdk = Object.assign(new Error(text), {
      $metadata: { httpStatusCode: 403 },
      config: { url: text },
      code: 'Forbidden',
    })
    const error = new BackupError({ code: 'access-denied', message: text, subject: text, cause: sdk })
    const everything = [
      error.message,
      error.stack,
      error.subject,
      JSON.stringify(error),
      JSON.stringify(error.cause),
    ].join('\n')
    expect(everything).not.toMatch(LEAKS)
    expect(error.cause).toMatchObject({ status: 403, code: 'Forbidden' })
  })

  it('is retryable exactly for passing faults unless told otherwise', () => {
    const retryable = (code: 'throttled' | 'timeout' | 'unavailable' | 'corrupt' | 'not-found') =>
      new BackupError({ code, message: 'x' }).retryable
    expect([retryable('throttled'), retryable('timeout'), retryable('unavailable')]).toEqual([true, true, true])
    expect([retryable('corrupt'), retryable('not-found')]).toEqual([false, false])
    expect(new BackupError({ code: 'unavailable', message: 'disk full', retryable: false }).retryable).toBe(false)
  })

  it('survives JSON and back', () => {
    const error = new BackupError({
      code: 'throttled',
      message: 'slow down',
      retryAfterMs: 5,
      operation: 'list',
      provider: 'aws',
    })
    expect(new BackupError(JSON.parse(JSON.stringify(error))).toJSON()).toEqual(error.toJSON())
  })

  it('is recognised by brand, not by class', () => {
    const foreign = Object.assign(new Error('x'), { code: 'not-found', [Symbol.for('backproof.error')]: true })
    expect(isBackupError(foreign)).toBe(true)
    expect(isBackupError(new Error('x'))).toBe(false)
    expect(isBackupError(undefined)).toBe(false)
    expect(toBackupError(foreign)).toBe(foreign)
    expect(toBackupError('text').code).toBe('internal')
  })
})
