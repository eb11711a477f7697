import { randomBytes } from 'node:crypto'
import type { AzureCredential } from '@backproof/provider-azure'
import type { AccountKey, Azurite, SasOptions } from '@backproof/test-servers'
import { BUCKET, type PlatformLogins, type RefusedLogin, type Vault } from '@backproof/test-servers/suites'
import type { AzureOptions } from './azure-platform.js'

/** Where tokens may be sent; nobody is there, as none ever is. */
const HTTPS = 'https://127.0.0.1:9'

/** A signature that must never be shown. */
export const sasOf = (
  vault: Vault<AzureOptions>,
  { sas }: Pick<Azurite, 'sas'>,
  options: SasOptions,
): { readonly own: AzureOptions } => {
  const signature = sas(options)
  vault.keepSecret('a signature', signature)
  vault.keepSecret('the sig of a signature', new URLSearchParams(signature).get('sig')!)
  return { own: { credential: { sas: signature } } }
}

const HOUR_MS = 3_600_000

/**
 * Credentials that Blob Storage refuses, from the start or from some time on.
 *
 * @param azurite Signs.
 * @param url Of a server that checks signatures as Azure does: azurite answers AuthorizationFailure to all that is wrong.
 */
export const azureLogins = (azurite: Azurite, url: string): PlatformLogins<AzureOptions> => ({
  refused: refusedLogins(azurite, url),
  never: { url: HTTPS, own: { credential: { getToken: () => new Promise<never>(() => undefined) } } },
  expiring: (vault) => ({
    options: sasOf(vault, azurite, { permissions: 'rl' }),
    // The service says so; what the signature itself tells is an hour from now.
    expire: () => ({ expiredToken: true }),
    restore: () => undefined,
  }),
  mayNotRead: (vault) => ({
    options: sasOf(vault, azurite, { permissions: 'l', container: BUCKET }),
    words: /lacks the permission r \(sp=l\), which GetBlob needs\. Give one with sp=rl/,
  }),
})

const accessDenied = { code: 'access-denied' } as const

const refusedLogins = (azurite: Azurite, url: string): readonly RefusedLogin<AzureOptions>[] => [
  {
    name: 'wrong key',
    options: (vault) => ({ url, own: { credential: wrongKey(vault, azurite) } }),
    ...accessDenied,
    words:
      /the service refused the credential\. Check the key of the account backproof.*AuthenticationFailed, HTTP 403/,
  },
  {
    name: 'signature that was cut or changed',
    options: (vault) => {
      const query = new URLSearchParams(azurite.sas({ container: BUCKET }))
      query.set('sig', randomBytes(32).toString('base64'))
      vault.keepSecret('a changed sig', query.get('sig')!)
      return { url, own: { credential: { sas: query.toString() } } }
    },
    ...accessDenied,
    words: /refused the shared access signature\. Check that all of it was given.*AuthenticationFailed, HTTP 403/,
  },
  {
    name: 'signature of another container',
    options: (vault) => ({ url, ...sasOf(vault, azurite, { container: 'another' }) }),
    ...accessDenied,
    words: /azblob:\/\/backproof\/vault.*HTTP 403, request/,
  },
  {
    name: 'signature that has expired, which it tells itself',
    options: (vault) => sasOf(vault, azurite, { expiresOn: new Date(Date.now() - HOUR_MS) }),
    ...accessDenied,
    words: /The shared access signature expired at 20.*Give a new one with sp=rl/,
  },
  {
    name: 'signature that expired a moment ago: the service says so',
    options: (vault) => ({ url, ...sasOf(vault, azurite, { expiresOn: new Date(Date.now() - 2_000) }) }),
    ...accessDenied,
    words: /signature (?:has expired|expired at)/,
  },
  {
    name: 'signature that does not begin yet',
    options: (vault) => {
      const startsOn = new Date(Date.now() + HOUR_MS)
      return sasOf(vault, azurite, { startsOn, expiresOn: new Date(Date.now() + 2 * HOUR_MS) })
    },
    ...accessDenied,
    words: /begins at 20.* only\..*set the clock right/,
  },
  {
    name: 'signature that may not list',
    options: (vault) => sasOf(vault, azurite, { permissions: 'r', container: BUCKET }),
    ...accessDenied,
    words: /lacks the permission l \(sp=r\), which ListBlobs needs\. Give one with sp=rl/,
  },
  {
    name: 'signature of the account that is not for containers',
    options: (vault) => sasOf(vault, azurite, { resourceTypes: 'o' }),
    ...accessDenied,
    words: /lacks the resource type c \(srt=o\).*srt=sco, sp=rl/,
  },
  {
    name: 'no credential at all, where nothing is public',
    options: () => ({ url, own: { credential: 'anonymous' } }),
    ...accessDenied,
    words: /the service wants a credential\. Give a credential; anonymous requests work where.*HTTP 401/,
  },
  {
    name: 'token provider that finds no credential',
    options: () =>
      tokenFailure(Object.assign(new Error('Nobody is logged in'), { name: 'CredentialUnavailableError' })),
    ...accessDenied,
    words: /no credential was found that works\. Log in \(az login\)/,
  },
  {
    name: 'token provider that is refused a token',
    options: () => {
      const refused = new Error('AADSTS70043: The refresh token has expired')
      return tokenFailure(Object.assign(refused, { name: 'AuthenticationError', statusCode: 400 }))
    },
    ...accessDenied,
    words: /the token was not accepted|no token was given/,
  },
]

const wrongKey = (vault: Vault<AzureOptions>, { account }: AccountKey): AzureCredential => {
  const accountKey = randomBytes(64).toString('base64')
  vault.keepSecret('a wrong key', accountKey)
  return { accountName: account, accountKey }
}

const tokenFailure = (error: Error): { readonly url: string; readonly own: AzureOptions } => ({
  url: HTTPS,
  own: { credential: { getToken: () => Promise.reject(error) } },
})
