import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { credentialsError } from '../src/client/credentials-error.js'
import { type RawAnswer, type RequestContext, requestError } from '../src/errors.js'
import { gcsSettings } from '../src/options.js'

const reading: RequestContext = {
  operation: 'objects.getMedia',
  subject: 'a.txt',
  bucket: 'backups',
  key: 'shop/a.txt',
  authenticated: true,
  customerKey: 'none',
}
const listing: RequestContext = { ...reading, operation: 'objects.list', subject: 'gs://backups', key: undefined }

/** An answer of the JSON API that is an error. */
const answer = (
  status: number,
  reason: string | undefined,
  message = 'a message',
  headers: Record<string, string> = {},
): RawAnswer => ({
  status,
  headers: { 'x-guploader-uploadid': 'REQ1', ...headers },
  body: JSON.stringify({
    error: { code: status, message, ...(reason !== undefined && { errors: [{ message, domain: 'global', reason }] }) },
  }),
})

const failed = new Error('Request failed')

describe('errors of the service', () => {
  it.each([
    [404, 'notFound', 'not-found', false],
    [403, 'forbidden', 'access-denied', false],
    [403, 'insufficientPermissions', 'access-denied', false],
    [401, 'authError', 'access-denied', false],
    [401, 'required', 'access-denied', false],
    [400, 'userProjectMissing', 'access-denied', false],
    [403, 'userProjectAccessDenied', 'access-denied', false],
    [403, 'accountDisabled', 'access-denied', false],
    [403, 'accessNotConfigured', 'access-denied', false],
    [400, 'customerEncryptionKeyIsIncorrect', 'access-denied', false],
    [400, 'resourceIsEncryptedWithCustomerEncryptionKey', 'access-denied', false],
    [403, 'rateLimitExceeded', 'throttled', true],
    [429, 'rateLimitExceeded', 'throttled', true],
    [429, undefined, 'throttled', true],
    [503, 'backendError', 'throttled', true],
    [500, 'internalError', 'unavailable', true],
    [502, undefined, 'unavailable', true],
    [504, undefined, 'timeout', true],
    [408, undefined, 'timeout', true],
    [412, 'conditionNotMet', 'changed', false],
    [416, 'requestedRangeNotSatisfiable', 'invalid-config', false],
    [400, 'invalid', 'invalid-config', false],
    [501, 'notImplemented', 'unsupported', false],
    [307, undefined, 'invalid-config', false],
    [403, 'somethingNew', 'access-denied', false],
    [418, 'somethingNew', 'internal', false],
  ])('%i %s is %s', (status, reason, code, retryable) => {
    const error = requestError(failed, reading, answer(status, reason))
    expect(error).toMatchObject({ code, retryable, provider: 'gcp', operation: 'objects.getMedia', subject: 'a.txt' })
    expect(error.message).toContain('gs://backups/shop/a.txt')
    expect(error.message).toContain('request REQ1')
  })

  it.each([
    [404, 'No such object: backups/shop/a.txt', 'not-found'],
    [403, 'x does not have storage.objects.get access to the Google Cloud Storage object.', 'access-denied'],
    [400, 'Bucket is a requester pays bucket but no user project provided.', 'access-denied'],
    [400, 'The target object is encrypted by a customer-supplied encryption key.', 'access-denied'],
    [503, '<html><body>Service Unavailable</body></html>', 'throttled'],
    [403, '', 'access-denied'],
    [404, '{"error": "cut', 'not-found'],
  ])('a refusal %i in plain text is understood: %s', (status, body, code) => {
    const error = requestError(failed, reading, { status, headers: {}, body })
    expect(error.code).toBe(code)
    expect(error.message).not.toContain('<html>')
  })

  it('says which permission is missing', () => {
    const denied = (context: RequestContext, message = 'Forbidden') =>
      requestError(failed, context, answer(403, 'forbidden', message)).message
    expect(denied(listing)).toContain('storage.objects.list is missing')
    expect(denied(reading)).toContain('storage.objects.get is missing')
    expect(denied({ ...listing, operation: 'buckets.get' })).toContain('storage.buckets.get is missing')
    expect(denied(listing, 'x does not have serviceusage.services.use access')).toContain('serviceusage.services.use')
    expect(denied({ ...reading, authenticated: false })).toContain('No credentials were sent')
    const kms = denied(reading, 'Permission denied on Cloud KMS key. Please ensure that your service account ...')
    expect(kms).toContain('roles/cloudkms.cryptoKeyEncrypterDecrypter')
  })

  it('waits as long as the service asks', () => {
    const slow = (header: string) =>
      requestError(failed, reading, answer(503, 'backendError', '', { 'retry-after': header })).retryAfterMs
    expect(slow('2')).toBe(2_000)
    expect(slow(new Date(Date.now() + 60_000).toUTCString())).toBeGreaterThan(50_000)
    expect(slow('soon')).toBeUndefined()
  })

  it('shows nothing that was sent, whoever repeats it', () => {
    const secrets = ['ya29.c.a-token-of-somebody', Buffer.alloc(32, 5).toString('base64')]
    const text = `You sent ${secrets.join(' and ')} and Authorization: Bearer ${secrets[0]}.`
    for (const [status, reason] of [
      [403, 'forbidden'],
      [400, 'invalid'],
      [418, 'new'],
      [401, 'authError'],
    ] as const) {
      const error = requestError(new Error(text), reading, answer(status, reason, text), { secrets })
      const shown = inspect(error, { depth: 9 })
      for (const secret of secrets) expect(shown).not.toContain(secret)
    }
  })
})

describe('errors on the way', () => {
  it.each([
    ['ECONNRESET', 'unavailable', true],
    ['EPIPE', 'unavailable', true],
    ['ECONNREFUSED', 'unavailable', true],
    ['ENOTFOUND', 'unavailable', true],
    ['ETIMEDOUT', 'timeout', true],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'unavailable', false],
    ['EPROTO', 'unavailable', false],
  ])('%s is %s, however the SDK wraps it', (code, meaning, retryable) => {
    const plain = Object.assign(new Error('broken'), { code })
    for (const error of [plain, Object.assign(new Error('failed'), { cause: plain })]) {
      const told = requestError(error, reading, { headers: {} }, { host: 'storage.example.org' })
      expect(told).toMatchObject({ code: meaning, retryable })
      expect(told.message).toContain('storage.example.org')
    }
  })
})

describe('errors of credentials', () => {
  const settings = gcsSettings({ bucket: 'backups' })
  const told = (error: unknown) => credentialsError(error, listing, settings)
  const response = (status: number, data: unknown) => Object.assign(new Error('failed'), { response: { status, data } })

  it.each([
    [
      'none are found',
      new Error('Could not load the default credentials. Browse to ...'),
      'access-denied',
      'anonymous',
    ],
    ['they have expired', response(400, { error: 'invalid_grant' }), 'access-denied', 'gcloud auth'],
    ['they are refused', response(401, { error: 'unauthorized_client' }), 'access-denied', 'refused'],
    ['the file is not there', Object.assign(new Error(''), { code: 'ENOENT' }), 'invalid-config', 'does not exist'],
    ['they are malformed', new SyntaxError('Unexpected token'), 'invalid-config', 'malformed'],
  ])('say what to do when %s', (_, error, code, text) => {
    expect(told(error)).toMatchObject({ code, retryable: false, operation: 'objects.list' })
    expect(told(error).message).toContain(text)
  })

  it.each([
    [response(503, ''), 'throttled'],
    [response(500, ''), 'unavailable'],
    [Object.assign(new Error(''), { code: 'ECONNREFUSED' }), 'unavailable'],
  ])('may pass: %s', (error, code) => {
    expect(told(error)).toMatchObject({ code, retryable: true })
  })

  it('show nothing of a key file', () => {
    const error = new SyntaxError(`Unexpected token 'x', "{"private_key":"-----SECRET" is not valid JSON`)
    expect(inspect(told(error), { depth: 9 })).not.toContain('SECRET')
  })
})
