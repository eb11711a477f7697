import type { Credentials, S3Server, UserOptions } from '@backproof/test-servers'
import type { PlatformLogins, RefusedLogin, Vault } from '@backproof/test-servers/suites'
import type { S3Options } from './s3-platform.js'

export const EVERYTHING = { effect: 'Allow', actions: ['s3:*', 'kms:*'], resources: ['*'] } as const

/** A bucket in another region than that of the server. */
const ABROAD = 'abroad'

/** A user of the server whose credentials must never be shown. */
export const addUser = (vault: Vault<S3Options>, server: S3Server, options: UserOptions): Credentials => {
  const credentials = server.addUser(options)
  for (const [name, value] of Object.entries({ ...credentials })) vault.keepSecret(`${name} of a user`, value)
  return credentials
}

/** A user who may do all but that. */
export const allBut = (vault: Vault<S3Options>, server: S3Server, action: string): Credentials =>
  addUser(vault, server, { allow: [EVERYTHING, { effect: 'Deny', actions: [action], resources: ['*'] }] })

/** Credentials that S3 refuses, from the start or from some time on. */
export const s3Logins = (server: S3Server, own: Required<Credentials>): PlatformLogins<S3Options> => ({
  refused: refusedLogins(server, own),
  never: { own: { credentials: () => new Promise<never>(() => undefined) } },
  expiring: (vault) => {
    const credentials = addUser(vault, server, { allow: [EVERYTHING], expiresAt: new Date(Date.now() + 60_000) })
    return {
      options: { own: { credentials } },
      expire: () => {
        server.clockOffsetMs = 120_000
        return undefined
      },
      restore: () => {
        server.clockOffsetMs = 0
      },
    }
  },
  mayNotRead: (vault) => ({
    options: { own: { credentials: allBut(vault, server, 's3:GetObject') } },
    words: /s3:GetObject is missing/,
  }),
})

const refusedLogins = (server: S3Server, own: Required<Credentials>): readonly RefusedLogin<S3Options>[] => [
  {
    name: 'wrong secret key',
    options: (vault) => {
      const secretAccessKey = 'wrong+secret/that=must-never-be-shown'
      vault.keepSecret('a wrong secret key', secretAccessKey)
      return { own: { credentials: { ...own, secretAccessKey } } }
    },
    code: 'access-denied',
    words: /refused the signature\. Check the secret key.*SignatureDoesNotMatch, HTTP 403, request/,
  },
  {
    name: 'access key that the service does not know',
    options: (vault) => {
      const credentials = { accessKeyId: 'AKIAUNKNOWNUNKNOWN12', secretAccessKey: 'some-secret-of-somebody' }
      for (const [name, value] of Object.entries(credentials)) vault.keepSecret(`an unknown ${name}`, value)
      return { own: { credentials } }
    },
    code: 'access-denied',
    words: /access key is not known to the service\..*InvalidAccessKeyId, HTTP 403, request/,
  },
  {
    name: 'session token that has expired',
    options: (vault) => {
      const options = { allow: [EVERYTHING], expiresAt: new Date(Date.now() - 1_000) }
      return { own: { credentials: addUser(vault, server, options) } }
    },
    code: 'access-denied',
    words: /the credentials have expired\. Get new ones.*ExpiredToken, HTTP 400, request/,
  },
  {
    name: 'session token of somebody else',
    options: (vault) => {
      const sessionToken = 'IQoJb3JpZ2luTOKEN0of0somebody0else'
      vault.keepSecret('a wrong token', sessionToken)
      return { own: { credentials: { ...own, sessionToken } } }
    },
    code: 'access-denied',
    words: /s3:\/\/vault.*HTTP 40[03], request/,
  },
  {
    name: 'no credentials at all',
    options: () => {
      const error = Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' })
      return { own: { credentials: (): Promise<never> => Promise.reject(error) } }
    },
    code: 'access-denied',
    words: /no credentials were found\. Set AWS_PROFILE/,
  },
  {
    name: 'may not list',
    options: (vault) => ({ own: { credentials: allBut(vault, server, 's3:ListBucket') } }),
    code: 'access-denied',
    words: /s3:ListBucket is missing.*readOnlyPolicy\(\).*HTTP 403, request/,
  },
  {
    name: 'bucket in another region: says which',
    options: () => {
      server.admin.createBucket({ name: ABROAD, region: 'eu-west-3' })
      return { bucket: ABROAD }
    },
    code: 'invalid-config',
    words: /the bucket is in eu-west-3, the request went to us-east-1\. Set region: 'eu-west-3'/,
  },
]
