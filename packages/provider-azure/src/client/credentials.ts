import { AnonymousCredential, StorageSharedKeyCredential } from '@azure/storage-blob'
import type { OptionChecks } from '@backproof/core/object-store'
import type { AzureEndpoint } from './endpoint.js'
import { readSas, type SharedAccess } from './sas.js'

/** What `@azure/identity` gives, as far as it is used: `new DefaultAzureCredential()`. */
export interface TokenSource {
  getToken(
    scopes: string | string[],
    options?: object,
  ): Promise<{ readonly token: string; readonly expiresOnTimestamp: number } | null>
}

/**
 * How requests are authorised.
 * - `{ accountName, accountKey }`: the account's key, in base64; or a `StorageSharedKeyCredential`.
 * - `{ sas }`: a shared access signature, with or without its question mark.
 * - a `TokenCredential` of `@azure/identity`, for Entra ID.
 * - `anonymous`: containers that are public.
 */
export type AzureCredential =
  | { readonly accountName: string; readonly accountKey: string }
  | StorageSharedKeyCredential
  | { readonly sas: string }
  | TokenSource
  | 'anonymous'

/** How requests are authorised, checked. `client`: as the client that was given does. */
export type AzureAccess =
  | { readonly kind: 'key'; readonly credential: StorageSharedKeyCredential }
  | { readonly kind: 'sas'; readonly sas: SharedAccess; readonly credential: AnonymousCredential }
  | { readonly kind: 'token'; readonly credential: TokenSource }
  | { readonly kind: 'anonymous'; readonly credential: AnonymousCredential }
  | { readonly kind: 'client' }

/** Checks the credential of the options, or takes that of the URL or connection string. Throws `invalid-config`, which shows nothing of it. */
export const accessOf = (checks: OptionChecks, given: unknown, place: AzureEndpoint): AzureAccess => {
  const { account, sas, sharedKey, endpoint } = place
  if (given !== undefined && (sas !== undefined || sharedKey !== undefined)) {
    throw checks.invalid('give the credential once: the url or connectionString has one of its own.')
  }
  const bySas = (text: string): AzureAccess => ({
    kind: 'sas',
    sas: readSas(checks, text, endpoint),
    credential: new AnonymousCredential(),
  })
  if (sas !== undefined) return bySas(sas)
  if (sharedKey !== undefined) return { kind: 'key', credential: sharedKey }
  if (given === undefined || given === 'anonymous') return { kind: 'anonymous', credential: new AnonymousCredential() }
  const fields = (typeof given === 'object' && given !== null ? given : {}) as GivenCredential
  if (typeof fields.getToken === 'function') return { kind: 'token', credential: alwaysTelling(given as TokenSource) }
  if (typeof fields.sas === 'string') return bySas(fields.sas)
  return { kind: 'key', credential: keyOf(checks, fields, account) }
}

/** One that gives nothing has found nothing: the SDK makes an error of it that nobody can tell from others. */
const alwaysTelling = (source: TokenSource): TokenSource => ({
  getToken: async (scopes, options) => {
    const token = await source.getToken(scopes, options)
    if (token !== null) return token
    throw Object.assign(new Error('The credential gave no token.'), { name: 'CredentialUnavailableError' })
  },
})

interface GivenCredential {
  readonly getToken?: unknown
  readonly sas?: unknown
  readonly accountName?: unknown
  readonly accountKey?: unknown
}

/** The SDK takes instances of its own class only; those of another copy of it hold the same. */
const keyOf = (checks: OptionChecks, given: GivenCredential, account: string): StorageSharedKeyCredential => {
  const { accountName, accountKey } = given
  const key = accountKey instanceof Uint8Array ? Buffer.from(accountKey).toString('base64') : accountKey
  if (typeof accountName !== 'string' || typeof key !== 'string' || !/^[A-Za-z0-9+/]+={0,2}$/.test(key)) {
    throw checks.invalid(
      "credential must be { accountName, accountKey } with the key in base64, { sas }, a TokenCredential of @azure/identity, or 'anonymous'. It is not shown here.",
    )
  }
  if (accountName !== account) {
    throw checks.invalid(`the credential is that of the account "${accountName}", the place is in "${account}".`)
  }
  return new StorageSharedKeyCredential(accountName, key)
}
