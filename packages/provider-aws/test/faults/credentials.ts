import type { Credentials, UserOptions } from '@backproof/test-servers'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { KEYS, type Vault } from './support/vault.js'

const allMatch = Object.fromEntries(Object.values(KEYS).map((key) => [key, 'match']))
const EVERYTHING = { effect: 'Allow', actions: ['s3:*', 'kms:*'], resources: ['*'] } as const
const ABROAD = 'abroad'

/** Credentials, permissions, clocks and places that are wrong, from the start or from some time on. */
export const deniedAccess = (vault: () => Vault): void => {
  const user = (options: UserOptions): Credentials => {
    const credentials = vault().server.addUser(options)
    for (const [name, value] of Object.entries({ ...credentials })) vault().keepSecret(`${name} of a user`, value)
    return credentials
  }
  const allBut = (action: string): Credentials =>
    user({ allow: [EVERYTHING, { effect: 'Deny', actions: [action], resources: ['*'] }] })

  beforeAll(() => vault().server.admin.createBucket({ name: ABROAD, region: 'eu-west-3' }))
  afterEach(() => {
    vault().fault()
    vault().server.clockOffsetMs = 0
  })

  describe('from the start: nothing starts, and nothing is tried twice', () => {
    const refused = async (where: string, s3: NonNullable<Parameters<Vault['compare']>[1]>['s3'], words: RegExp) => {
      vault().server.requests.reset()
      const told = await vault().compare(where, { s3 })
      expect(told).toMatchObject({ exit: undefined, keys: {}, retries: 0 })
      expect(told.message).toMatch(words)
      // HeadBucket tells nothing; a listing of one key tells why.
      expect(vault().server.requests.total()).toBeLessThanOrEqual(2)
      return told.code
    }

    test('wrong secret key', async () => {
      const secretAccessKey = 'wrong+secret/that=must-never-be-shown'
      vault().keepSecret('a wrong secret key', secretAccessKey)
      const credentials = { ...vault().credentials, secretAccessKey }
      const words = /refused the signature\. Check the secret key.*SignatureDoesNotMatch, HTTP 403, request/
      expect(await refused('wrong secret key', { credentials }, words)).toBe('access-denied')
    })

    test('access key that the service does not know', async () => {
      const credentials = { accessKeyId: 'AKIAUNKNOWNUNKNOWN12', secretAccessKey: 'some-secret-of-somebody' }
      for (const [name, value] of Object.entries(credentials)) vault().keepSecret(`an unknown ${name}`, value)
      const words = /access key is not known to the service\..*InvalidAccessKeyId, HTTP 403, request/
      expect(await refused('unknown key', { credentials }, words)).toBe('access-denied')
    })

    test('session token that has expired', async () => {
      const credentials = user({ allow: [EVERYTHING], expiresAt: new Date(Date.now() - 1_000) })
      const words = /the credentials have expired\. Get new ones.*ExpiredToken, HTTP 400, request/
      expect(await refused('expired token', { credentials }, words)).toBe('access-denied')
    })

    test('session token of somebody else', async () => {
      const { sessionToken: _, ...own } = vault().credentials
      const credentials = { ...own, sessionToken: 'IQoJb3JpZ2luTOKEN0of0somebody0else' }
      vault().keepSecret('a wrong token', credentials.sessionToken)
      expect(await refused('wrong token', { credentials }, /s3:\/\/vault.*HTTP 40[03], request/)).toBe('access-denied')
    })

    test('no credentials at all', async () => {
      const credentials = (): Promise<never> =>
        Promise.reject(Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' }))
      expect(await refused('no credentials', { credentials }, /no credentials were found\. Set AWS_PROFILE/)).toBe(
        'access-denied',
      )
    })

    test('may not list', async () => {
      const words = /s3:ListBucket is missing.*readOnlyPolicy\(\).*HTTP 403, request/
      expect(await refused('may not list', { credentials: allBut('s3:ListBucket') }, words)).toBe('access-denied')
    })

    test('bucket in another region: says which', async () => {
      const words = /the bucket is in eu-west-3, the request went to us-east-1\. Set region: 'eu-west-3'/
      expect(await refused('wrong region', { bucket: ABROAD }, words)).toBe('invalid-config')
    })
  })

  test('may not read: error (access-denied) with s3:GetObject for each key', async () => {
    const told = await vault().compare('may not read', { require: 'read', s3: { credentials: allBut('s3:GetObject') } })
    expect(told.outcomes).toEqual({ error: 5 })
    expect(told).toMatchObject({ exit: 3, complete: true, code: 'access-denied', retries: 0 })
    expect(told.message).toMatch(/s3:GetObject is missing/)
  })

  test('may not use the KMS key: error (access-denied) with kms:Decrypt for that object only', async () => {
    const told = await vault().compare('no kms', { require: 'read', s3: { credentials: allBut('kms:Decrypt') } })
    expect(told.keys).toEqual({ ...allMatch, [KEYS.kms]: 'error: access-denied' })
    expect(told).toMatchObject({ exit: 3, complete: true, retries: 0 })
    expect(told.message).toMatch(/kms:Decrypt is missing.*Allow kms:Decrypt on the key/)
  })

  test('may not read attributes: parts are found out otherwise, all match', async () => {
    const told = await vault().compare('no attributes', { s3: { credentials: allBut('s3:GetObjectAttributes') } })
    expect(told).toMatchObject({ keys: allMatch, exit: 0 })
  })

  test('session token that expires before the third read: two match, three are errors, none tried twice', async () => {
    const { server } = vault()
    const credentials = user({ allow: [EVERYTHING], expiresAt: new Date(Date.now() + 60_000) })
    const expire = (): undefined => {
      server.clockOffsetMs = 120_000
    }
    vault().fault({ operation: 'GetObject', after: 2, fault: expire })
    const told = await vault().compare('expired mid-run', { require: 'read', concurrency: 1, s3: { credentials } })
    const [first, second, ...rest] = Object.values(KEYS)
    const expired = rest.map((key) => [key, 'error: access-denied'])
    expect(told.keys).toEqual({ [first!]: 'match', [second!]: 'match', ...Object.fromEntries(expired) })
    expect(told).toMatchObject({ exit: 3, complete: true, retries: 0 })
    expect(told.message).toMatch(/the credentials have expired/)
  })

  test('session token that a function renews: all match', async () => {
    const { server } = vault()
    const now = Date.now()
    const old = {
      ...user({ allow: [EVERYTHING], expiresAt: new Date(now + 60_000) }),
      expiration: new Date(now + 1_000),
    }
    const fresh = { ...user({ allow: [EVERYTHING], expiresAt: new Date(now + 600_000) }) }
    const expire = (): undefined => {
      server.clockOffsetMs = 120_000
    }
    vault().fault({ operation: 'GetObject', fault: expire })
    let calls = 0
    const credentials = async () => (++calls === 1 ? old : fresh)
    const told = await vault().compare('renewed', { require: 'read', s3: { credentials } })
    expect(told).toMatchObject({ keys: allMatch, exit: 0 })
    expect(calls).toBeGreaterThan(1)
  })

  describe('clock', () => {
    test('20 minutes wrong: the service says so, the clock of requests is set, all match', async () => {
      vault().server.clockOffsetMs = 20 * 60_000
      const told = await vault().compare('skewed clock')
      expect(told).toMatchObject({ keys: allMatch, exit: 0 })
      expect(
        vault()
          .server.requests.log()
          .some(({ status }) => status === 403),
      ).toBe(true)
    })

    test('refused for it whatever is sent: error (access-denied) about the clock, not tried for ever', async () => {
      const skewed = { status: 403, code: 'RequestTimeTooSkewed' } as const
      const failed = vault().fault({ operation: 'GetObject', key: KEYS.plain, fault: skewed })
      const told = await vault().compare('refused clock', { require: 'read' })
      expect(told.keys).toEqual({ ...allMatch, [KEYS.plain]: 'error: access-denied' })
      expect(told.message).toMatch(
        /clock of this machine .*Set it right \(NTP\).*RequestTimeTooSkewed, HTTP 403, request/,
      )
      expect(failed()).toBeLessThanOrEqual(3)
    })
  })
}
