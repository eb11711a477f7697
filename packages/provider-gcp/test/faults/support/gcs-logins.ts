import type { GcsSourceOptions } from '@backproof/provider-gcp'
import type { GcsServer, GcsUser, GcsUserOptions } from '@backproof/test-servers'
import type { PlatformLogins, RefusedLogin, Vault } from '@backproof/test-servers/suites'
import type { GcsOptions } from './gcs-platform.js'

/** What the options take, of what the server calls a user. */
export type Credentials = NonNullable<GcsSourceOptions['credentials']>

type AuthClient = NonNullable<GcsSourceOptions['authClient']>

/** What a request of google-auth-library is given. */
interface Sending {
  readonly headers: Readonly<Record<string, string>>
  adapter(options: object): Promise<{ readonly status: number }>
}

/** A client of the host's that has this token and no way to another one. It keeps no connection. */
export const clientOf = (token: string): AuthClient => {
  const request = async (options: Sending): Promise<object> => {
    const answer = await options.adapter({
      ...options,
      headers: { ...options.headers, authorization: `Bearer ${token}` },
    })
    if (answer.status < 300) return answer
    throw Object.assign(new Error(`Request failed with status code ${answer.status}`), { response: answer })
  }
  return { request } as unknown as AuthClient
}

/** Permissions that a run needs. */
export const LIST = ['storage.buckets.get', 'storage.objects.list'] as const
export const ALL = [...LIST, 'storage.objects.get'] as const

/** A user of the server whose token and secrets must never be shown. */
export const addUser = (
  vault: Vault<GcsOptions>,
  server: GcsServer,
  permissions: readonly string[],
  options: GcsUserOptions = {},
): GcsUser => {
  const user = server.addUser({ allow: [{ permissions }], ...options })
  vault.keepSecret('the token of a user', user.token)
  vault.keepSecret('the subject token of a user', subjectToken(user.credentials))
  return user
}

/** The options of who is such a user. */
export const asUser = (...user: Parameters<typeof addUser>): { readonly own: GcsOptions } => ({
  own: { authClient: clientOf(addUser(...user).token) },
})

/** What a workload proves itself with; here it is the end of an URL. */
export const subjectToken = (credentials: Readonly<Record<string, unknown>>): string =>
  /[^/]+$/.exec((credentials['credential_source'] as { readonly url: string }).url)?.[0] ?? ''

/** Credentials that Cloud Storage refuses, from the start or from some time on. */
export const gcsLogins = (server: GcsServer): PlatformLogins<GcsOptions> => ({
  refused: refusedLogins(server),
  // The settings of the bucket, its layout, and a listing of one key.
  questions: 3,
  never: { own: { authClient: { request: () => new Promise<never>(() => undefined) } as unknown as AuthClient } },
  expiring: (vault) => {
    const expiresAt = new Date(Date.now() + server.clockOffsetMs + 60_000)
    return {
      options: asUser(vault, server, ALL, { expiresAt }),
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
    options: asUser(vault, server, LIST),
    words: /storage\.objects\.get is missing \("user-\d+@/,
  }),
})

const refusedLogins = (server: GcsServer): readonly RefusedLogin<GcsOptions>[] => [
  {
    name: 'token that has expired',
    options: (vault) => {
      const expiresAt = new Date(Date.now() - 1_000)
      return asUser(vault, server, ALL, { expiresAt })
    },
    code: 'access-denied',
    words: /the service does not accept the credentials.*They may have expired.*authError, HTTP 401, request/,
  },
  {
    name: 'workload that the token service does not know',
    options: (vault) => {
      const credentials = structuredClone(server.owner.credentials) as Record<string, unknown>
      const subject = 'subject0token0of0somebody'
      vault.keepSecret('the subject token of somebody', subject)
      credentials['credential_source'] = { url: `${server.url}/subject-token/${subject}`, format: { type: 'text' } }
      return { own: { credentials: credentials as Credentials } }
    },
    code: 'access-denied',
    words: /the credentials have expired, or were revoked.*invalid_grant/,
  },
  {
    name: 'key file that is none',
    options: (vault) => {
      const key = `-----BEGIN ${'PRIVATE KEY'}-----\nMIIEsecretsecretsecret\n-----END ${'PRIVATE KEY'}-----\n`
      vault.keepSecret('a broken private key', 'MIIEsecretsecretsecret')
      const credentials = { type: 'service_account', client_email: 'x@y.iam.gserviceaccount.com', private_key: key }
      return { own: { credentials: credentials as Credentials } }
    },
    code: 'invalid-config',
    words: /the credentials cannot be used: they are malformed/,
  },
  {
    name: 'no credentials for a place that is not public',
    options: () => ({ own: { anonymous: true } }),
    code: 'access-denied',
    words: /the place is not public, and no credentials were sent.*HTTP 401, request/,
  },
  {
    name: 'may not list',
    options: (vault) => asUser(vault, server, ['storage.objects.get']),
    code: 'access-denied',
    words: /storage\.objects\.list is missing \("user-\d+@.*readOnlyPolicy\(\).*forbidden, HTTP 403, request/,
  },
  {
    name: 'Requester Pays, and nobody is named to pay',
    options: () => {
      if (!buckets.has(server)) server.admin.createBucket({ name: PAID, requesterPays: true })
      buckets.add(server)
      return { bucket: PAID }
    },
    code: 'access-denied',
    words: /Requester Pays bucket, and nobody was named to pay\. Give userProject/,
  },
]

/** A bucket whose readers pay. */
const PAID = 'paid-by-readers'
/** Servers that have it. */
const buckets = new WeakSet<GcsServer>()
