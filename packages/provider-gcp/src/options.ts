import { checkedPrices } from '@backproof/core/evidence'
import { type CustomerKey, customerKey, optionChecks } from '@backproof/core/object-store'
import { checkOptionNames, type PlacePrices } from '@backproof/core/source'
import type { Storage, StorageOptions } from '@google-cloud/storage'
import { PROVIDER } from './errors.js'

export interface GcsSourceOptions {
  /** Name of the bucket. */
  readonly bucket: string
  /**
   * Only objects whose names begin with this text, and without it: with `shop/`, the object `shop/a.txt` has the key `a.txt`.
   * Taken as it is: `shop` also takes in `shopping/list`. Default: the whole bucket.
   */
  readonly prefix?: string | undefined
  /** Project of the credentials. No request needs it. Default: none, and none is looked for. */
  readonly projectId?: string | undefined
  /** Path of a key file (of a service account, a user, or a workload identity federation). Default: the SDK's own chain (ADC). */
  readonly keyFile?: string | undefined
  /** The content of a key file, parsed. Excludes `keyFile`. */
  readonly credentials?: StorageOptions['credentials'] | undefined
  /** A client of google-auth-library that gives tokens. Excludes `keyFile` and `credentials`. */
  readonly authClient?: StorageOptions['authClient'] | undefined
  /**
   * True: sends no credentials, for public buckets. False: sends those that are found (ADC) to any endpoint. Default: false
   * for Google, true for another `endpoint` and STORAGE_EMULATOR_HOST unless credentials are given here.
   */
  readonly anonymous?: boolean | undefined
  /**
   * A `Storage` to take credentials, endpoint and user agent from. It is never changed or closed; its own retries are not
   * used. Excludes `projectId`, `keyFile`, `credentials`, `authClient`, `anonymous` and `endpoint`.
   */
  readonly client?: Storage | undefined
  /**
   * URL of the service, with or without `/storage/v1`. Default: Google, or `STORAGE_EMULATOR_HOST`.
   */
  readonly endpoint?: string | undefined
  /** Project that pays for requests and traffic of a Requester Pays bucket. Default: none. */
  readonly userProject?: string | undefined
  /**
   * Key of objects that are encrypted with keys of your own (CSEK): 32 bytes, or their base64. Sent with requests for such
   * objects, and nowhere else. Default: none.
   */
  readonly customerKey?: string | Uint8Array | undefined
  /**
   * Listings of versions also give what is soft-deleted: `archived`, as it cannot be read before it is restored; its stored
   * digests prove it. Default false.
   */
  readonly softDeleted?: boolean | undefined
  /** Milliseconds without an answer, or without a byte of a body, after which a request fails. Default 30,000. */
  readonly requestTimeoutMs?: number | undefined
  /**
   * How many parts of a large bucket are listed at once, by ranges of keys. More than 1 costs up to a quarter more requests.
   * Default 4.
   */
  readonly listConcurrency?: number | undefined
  /**
   * What the place charges, for plans and budgets: instead of the list prices (`GCS_LIST_PRICES`), which are taken where it is Google.
   * `none`: nobody knows. Default: the list prices there, else none.
   */
  readonly prices?: PlacePrices | 'none' | undefined
}

/** {@link GcsSourceOptions}, checked, with every default in place that does not depend on the service. */
export interface GcsSettings {
  readonly bucket: string
  readonly prefix: string
  readonly projectId: string | undefined
  readonly keyFile: string | undefined
  readonly credentials: StorageOptions['credentials'] | undefined
  readonly authClient: StorageOptions['authClient'] | undefined
  readonly anonymous: boolean | undefined
  readonly client: Storage | undefined
  readonly endpoint: string | undefined
  readonly userProject: string | undefined
  readonly customerKey: CustomerKey | undefined
  readonly softDeleted: boolean
  readonly requestTimeoutMs: number
  readonly listConcurrency: number
  readonly prices: PlacePrices | 'none' | undefined
}

const FACTORY = 'gcsSource'
const checks = optionChecks(FACTORY, PROVIDER)
const NAMES: readonly string[] = [
  'bucket',
  'prefix',
  'projectId',
  'keyFile',
  'credentials',
  'authClient',
  'anonymous',
  'client',
  'endpoint',
  'userProject',
  'customerKey',
  'softDeleted',
  'requestTimeoutMs',
  'listConcurrency',
  'prices',
] satisfies (keyof GcsSourceOptions)[]

/** Longest name that an object has, in bytes of UTF-8 ("Object naming requirements"). */
export const MAX_KEY_BYTES = 1_024

/** Checks options that may come from plain JavaScript or a command line. Throws `invalid-config`. */
export const gcsSettings = (options: GcsSourceOptions): GcsSettings => {
  checkOptionNames(FACTORY, options, NAMES, PROVIDER)
  const { prefix = '', projectId, keyFile, credentials, authClient, anonymous, client, endpoint } = options
  const { userProject, softDeleted = false, requestTimeoutMs = 30_000, listConcurrency = 4 } = options
  checkBucket(options.bucket)
  checks.prefix(prefix, MAX_KEY_BYTES)
  if (projectId !== undefined) checks.text('projectId', projectId, 'the id of a project', PROJECT)
  if (keyFile !== undefined) checks.text('keyFile', keyFile, 'the path of a key file', /./s)
  if (endpoint !== undefined) checks.endpoint('endpoint', endpoint, 'https://storage.googleapis.com')
  if (userProject !== undefined) checks.text('userProject', userProject, 'the id of a project', PROJECT)
  if (anonymous !== undefined) checks.boolean('anonymous', anonymous)
  checks.boolean('softDeleted', softDeleted)
  checks.count('requestTimeoutMs', requestTimeoutMs, 'milliseconds, from 1')
  checks.count('listConcurrency', listConcurrency, 'a whole number from 1')
  checkCredentials(options)
  checkClient(options)
  return {
    ...{ bucket: options.bucket, prefix, projectId, keyFile, credentials, authClient, anonymous, client, endpoint },
    ...{ userProject, softDeleted, requestTimeoutMs, listConcurrency },
    customerKey: options.customerKey === undefined ? undefined : customerKey(checks, options.customerKey, endpoint),
    prices: pricesIn(options.prices),
  }
}

const pricesIn = (prices: GcsSourceOptions['prices']): GcsSettings['prices'] =>
  prices === undefined || prices === 'none' ? prices : checkedPrices(prices, `${FACTORY}: prices`, PROVIDER)

/** Ids of projects, also of those of a domain (`example.com:project`), and their numbers. */
const PROJECT = /^[a-z0-9][a-z0-9.:_-]*$/i

/** Characters of "Bucket naming requirements", with room for emulators; all else is for the service to say. */
const checkBucket = (bucket: unknown): void => {
  if (typeof bucket === 'string' && /^[a-z0-9_][a-z0-9._-]{0,221}$/i.test(bucket)) return
  const hint = typeof bucket === 'string' && /^gs:/i.test(bucket) ? '; open a URI with provider.fromUri()' : ''
  throw checks.refused('bucket', bucket, `the name of a bucket${hint}`)
}

const checkCredentials = (options: GcsSourceOptions): void => {
  const { credentials, authClient } = options
  if (credentials !== undefined && (typeof credentials !== 'object' || credentials === null)) {
    throw checks.invalid('credentials must be the content of a key file as an object. It is not shown here.')
  }
  const { request } = (authClient ?? {}) as { readonly request?: unknown }
  if (authClient !== undefined && typeof request !== 'function') {
    throw checks.refused('authClient', authClient, 'an AuthClient or a GoogleAuth of google-auth-library')
  }
  const given = (['keyFile', 'credentials', 'authClient'] as const).filter((name) => options[name] !== undefined)
  const ways = options.anonymous === true ? [...given, 'anonymous'] : given
  if (ways.length > 1) throw checks.invalid(`${ways.join(' and ')} exclude each other; give one.`)
}

const checkClient = (options: GcsSourceOptions): void => {
  const { client } = options
  if (client === undefined) return
  const { authClient, apiEndpoint } = (client ?? {}) as {
    readonly authClient?: unknown
    readonly apiEndpoint?: unknown
  }
  if (typeof authClient !== 'object' || authClient === null || typeof apiEndpoint !== 'string') {
    throw checks.refused('client', client, 'a Storage of @google-cloud/storage')
  }
  for (const name of ['projectId', 'keyFile', 'credentials', 'authClient', 'anonymous', 'endpoint'] as const) {
    if (options[name] === undefined) continue
    throw checks.invalid(`${name} has no effect on the client that you give; set it there and leave it out here.`)
  }
}
