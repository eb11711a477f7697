import { Storage, type StorageOptions } from '@google-cloud/storage'
import type { GcsSettings } from '../options.js'

/** Where requests go, and who they are from. */
export interface OpenClient {
  readonly client: Storage
  /** `https://storage.googleapis.com`, without a slash at its end. */
  readonly endpoint: string
  /** Whether tokens are sent. */
  readonly authenticated: boolean
  /** Whether its credentials are ours, to be set up and ended. */
  readonly own: boolean
}

/**
 * The client of a source: the one that was given, untouched, or an own one. Only its credentials, endpoint and user agent are
 * used; see `transport.ts` for why. Opens nothing and asks nobody.
 *
 * `Storage` drops `/storage/v1` where STORAGE_EMULATOR_HOST is set, and takes that variable before an endpoint that is given:
 * its `baseUrl` is left alone.
 *
 * @param ended Aborts when the source is disposed of: requests for tokens end then.
 */
export const openClient = (settings: GcsSettings, ended: AbortSignal): OpenClient => {
  const { client: given, endpoint } = settings
  if (given !== undefined) {
    const authenticated = !given.customEndpoint || given.useAuthWithCustomEndpoint === true
    return { client: given, endpoint: rootOf(given.apiEndpoint), authenticated, own: false }
  }
  const client = new Storage(ownOptions(settings, ended))
  const explicit = [settings.keyFile, settings.credentials, settings.authClient].some((one) => one !== undefined)
  // The SDK's own rule: what it finds by itself is for Google only.
  const google = endpoint === undefined ? !client.customEndpoint : isGoogleHost(new URL(endpoint).hostname)
  return {
    client,
    endpoint: rootOf(endpoint ?? client.apiEndpoint),
    authenticated: !(settings.anonymous ?? !(explicit || google)),
    own: settings.authClient === undefined,
  }
}

/**
 * No request here names a project. Without one, the library would look for it when it finds credentials: by starting `gcloud`,
 * and by asking the metadata server and Resource Manager.
 */
const NO_PROJECT = 'not-asked-for'

const ownOptions = (
  { projectId = NO_PROJECT, keyFile, credentials, authClient, endpoint }: GcsSettings,
  ended: AbortSignal,
): StorageOptions => ({
  retryOptions: { autoRetry: false },
  clientOptions: { transporterOptions: tokenRequests(ended) },
  projectId,
  ...(keyFile !== undefined && { keyFilename: keyFile }),
  ...(credentials !== undefined && { credentials }),
  ...(authClient !== undefined && { authClient }),
  ...(endpoint !== undefined && { apiEndpoint: endpoint }),
})

/** Regional, private and mTLS endpoints are below it too. */
export const isGoogleHost = (host: string): boolean => /(?:^|\.)googleapis\.com$/i.test(host)

/** Emulators are named with and without the path of the API. */
const rootOf = (endpoint: string): string => endpoint.replace(/\/+$/, '').replace(/\/storage\/v1$/, '')

/** How tokens are asked for: they take no signal of a call, as several wait for one token, but end with their source. */
const tokenRequests = (ended: AbortSignal): TokenRequests => ({ signal: ended, headers: { connection: 'close' } })

interface TokenRequests {
  readonly signal: AbortSignal
  readonly headers: { readonly connection: 'close' }
}

/** The part of an auth client of google-auth-library that exchanges tokens of workloads: in version 9 by a transporter of its own. */
interface AuthClientParts {
  readonly stsCredential?: { readonly transporter?: { defaults?: object } } | undefined
}

/** Ends what `clientOptions` do not reach. To be called before a request that may need a token. */
export const endExchangeWith = async ({ client, own }: OpenClient, ended: AbortSignal): Promise<void> => {
  if (!own) return
  const parts = (await client.authClient.getClient()) as unknown as AuthClientParts
  const transporter = parts.stsCredential?.transporter
  if (transporter !== undefined) transporter.defaults = { ...transporter.defaults, ...tokenRequests(ended) }
}
