import { globalAgent } from 'node:http'
import { type GcsServer, startGcsServer } from '@backproof/test-servers'
import { QUICK, type Vault, type VaultRun } from '@backproof/test-servers/suites'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { ALL, addUser, asUser, type Credentials } from './support/gcs-logins.js'
import type { GcsOptions } from './support/gcs-platform.js'

/** Permissions, tokens and payers as only Google has them. */
export const deniedByGoogle = (vault: () => Vault<GcsOptions>, server: GcsServer): void => {
  afterEach(() => {
    vault().fault()
    server.clockOffsetMs = 0
  })
  // The SDK leaves its connections to the service of tokens to Node's own agent: none may stay there.
  afterAll(() => {
    expect({ ...globalAgent.sockets, ...globalAgent.freeSockets }).toEqual({})
  })
  const workload = (permissions: readonly string[] = ALL): GcsOptions => ({
    credentials: addUser(vault(), server, permissions).credentials as Credentials,
  })

  test('may not see the settings of the bucket: its layout tells its order, all match', async () => {
    const told = await vault().compare('no settings', {
      at: asUser(vault(), server, ['storage.objects.list', 'storage.objects.get']),
    })
    expect(told).toMatchObject({ keys: vault().allMatch, exit: 0 })
    expect(told.report?.telemetry.operations).toMatchObject({ 'buckets.get': 1, 'buckets.getStorageLayout': 1 })
  })

  for (const [name, permissions, words] of [
    ['list', ['storage.buckets.get', 'storage.objects.get'], /storage\.objects\.list is missing \("user-\d+@/],
    ['read', ['storage.buckets.get', 'storage.objects.list'], /storage\.objects\.get is missing \("user-\d+@/],
  ] as const) {
    test(`may not ${name}: the permission that is missing is told with the role that gives it`, async () => {
      const at = asUser(vault(), server, permissions)
      const told = await vault().compare(`may not ${name}`, { require: 'read', at })
      expect(told).toMatchObject({ exit: 3, code: 'access-denied', retries: 0 })
      expect(told.message).toMatch(words)
      expect(told.message).toMatch(/readOnlyPolicy\(\)/)
      expect(Object.keys(told.outcomes)).toEqual(name === 'list' ? [] : ['error'])
    })
  }

  describe('tokens of a workload, which another service gives', () => {
    test('all match; one token for all requests', async () => {
      server.requests.reset()
      const told = await vault().compare('workload', { require: 'read', at: { own: workload() } })
      expect(told).toMatchObject({ keys: vault().allMatch, exit: 0 })
      expect(server.requests.count('token')).toBe(1)
    })

    for (const [name, fault, code, words] of [
      ['fails', { status: 500, code: 'internal' }, 'unavailable', /the server that gives tokens failed/],
      [
        'asks to slow down',
        { status: 503, code: 'busy' },
        'throttled',
        /the server that gives tokens asks to slow down/,
      ],
      ['breaks off', { reset: 'before-headers' }, 'unavailable', /127\.0\.0\.1 broke off the connection/],
    ] as const) {
      test(`their service ${name}, once: all match`, async () => {
        vault().fault({ operation: 'token', times: 1, fault })
        const told = await vault().compare(`tokens: ${name} once`, { at: { own: workload() } })
        expect(told).toMatchObject({ keys: vault().allMatch, exit: 0 })
      })

      test(`their service ${name}, for ever: nothing starts (${code})`, async () => {
        vault().fault({ operation: 'token', fault })
        // The SDK tries such requests again by itself, and waits.
        const retry = { ...QUICK, attempts: 1 }
        const told = await vault().compare(`tokens: ${name}`, { at: { own: workload() }, retry })
        expect(told).toMatchObject({ exit: undefined, code })
        expect(told.message).toMatch(words)
      })
    }

    test('their service refuses (invalid_grant): nothing starts, tried once, and what to do is told', async () => {
      const own = workload()
      const credentials = { ...own.credentials, subject_token_type: 'urn:ietf:params:oauth:token-type:jwt' }
      Object.assign(credentials, { credential_source: { url: `${server.url}/subject-token/nobody-at-all` } })
      server.requests.reset()
      const told = await vault().compare('invalid_grant', { at: { own: { credentials: credentials as Credentials } } })
      expect(told).toMatchObject({ exit: undefined, code: 'access-denied' })
      expect(told.message).toMatch(/have expired, or were revoked\. Log in .*check the clock.*invalid_grant, HTTP 400/)
      expect(server.requests.counts()).toEqual({ subjectToken: 1, token: 1 })
    })

    /** What the run told, once its source was disposed of, with which requests for tokens end. */
    const unanswered = async (options: Partial<VaultRun<GcsOptions>>) => {
      await using silent = await startGcsServer()
      silent.setFault(() => ({ delayMs: 60_000 }))
      const own = { credentials: silent.owner.credentials as Credentials }
      const told = await vault().compare('no token comes', { ...options, at: { ...options.at, own } })
      await vi.waitFor(() => expect(vault().traffic.open()).toBe(0), { interval: 5, timeout: 200 })
      return told
    }

    test('their service never answers: nothing starts (timeout), within the time that it has', async () => {
      const told = await unanswered({ at: { requestTimeoutMs: 200 } })
      expect(told).toMatchObject({ exit: undefined, code: 'timeout' })
      expect(told.ms).toBeLessThan(5_000)
    })

    test('their service never answers, aborted: at once', async () => {
      const told = await unanswered({ signal: AbortSignal.timeout(100) })
      expect(told).toMatchObject({ complete: false, exit: 3 })
      expect(told.ms).toBeLessThan(1_000)
    })
  })

  describe('a bucket whose readers pay', () => {
    const bucket = 'read-at-a-price'
    const paid = async (userProject: string | undefined) => {
      if (!vaultHas(server, bucket)) server.admin.createBucket({ name: bucket, requesterPays: true })
      return vault().verify('paid', { at: { bucket, own: { userProject } } })
    }

    test('with userProject: read', async () => {
      if (!vaultHas(server, bucket)) server.admin.createBucket({ name: bucket, requesterPays: true })
      await server.admin.put(bucket, 'a', Buffer.from('a'))
      expect(await paid('payer')).toMatchObject({ keys: { a: 'match' }, exit: 0 })
    })

    test('without: nothing starts, and what to give is told', async () => {
      const told = await paid(undefined)
      expect(told).toMatchObject({ exit: undefined, code: 'access-denied' })
      expect(told.message).toMatch(/Give userProject: a project in which you have serviceusage\.services\.use/)
    })

    test('with a project that may not be billed: the permission is told', async () => {
      const message = 'x does not have serviceusage.services.use access to the Google Cloud project.'
      vault().fault({
        operation: 'buckets.get',
        bucket,
        fault: { status: 403, code: 'userProjectAccessDenied', message },
      })
      const told = await paid('payer')
      expect(told).toMatchObject({ exit: undefined, code: 'access-denied', retries: 0 })
      expect(told.message).toMatch(/the project payer cannot be billed.*Grant serviceusage\.services\.use in it/)
    })
  })

  test('an account that is asked to slow down by 403, as Google also says it: throttled, and tried again', async () => {
    const fault = { status: 403, code: 'rateLimitExceeded', headers: { 'retry-after': '0' } }
    vault().fault({ operation: 'objects.list', times: 1, fault })
    const told = await vault().compare('403 rateLimitExceeded')
    expect(told).toMatchObject({ keys: vault().allMatch, exit: 0, retries: 1 })
  })
}

const vaultHas = ({ admin }: GcsServer, bucket: string): boolean => {
  try {
    admin.snapshot(bucket)
    return true
  } catch {
    return false
  }
}
