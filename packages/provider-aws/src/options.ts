import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3'
import { checkedPrices } from '@backproof/core/evidence'
import { type CustomerKey, customerKey, optionChecks } from '@backproof/core/object-store'
import { checkOptionNames, type PlacePrices } from '@backproof/core/source'
import { PROVIDER } from './errors.js'
import { S3_PROFILES, type S3Profile } from './profile.js'

export interface S3SourceOptions {
  /** Name of the bucket, or the ARN or alias of an access point. */
  readonly bucket: string
  /**
   * Only keys that begin with this text, and without it: with `shop/`, the object `shop/a.txt` has the key `a.txt`. Taken
   * as it is: `shop` also takes in `shopping/list`. Default: the whole bucket.
   */
  readonly prefix?: string | undefined
  /** Default: what the SDK finds (`AWS_REGION`, profile); `us-east-1` with `endpoint` where it finds none. */
  readonly region?: string | undefined
  /** URL of an S3-compatible service. Default: Amazon, or what the SDK finds (`AWS_ENDPOINT_URL_S3`, profile). */
  readonly endpoint?: string | undefined
  /**
   * Whether the bucket stands in the path instead of the host name. Default: only where the host of the endpoint is an IP
   * address, `localhost` or a name without a dot.
   */
  readonly forcePathStyle?: boolean | undefined
  /** Default: the SDK's own chain (environment, profile, SSO, web identity, container, instance). */
  readonly credentials?: S3ClientConfig['credentials'] | undefined
  /**
   * A client to use instead of an own one. It is never changed or closed. Switch its retries off (`maxAttempts: 1`): runs
   * retry themselves. Excludes `region`, `endpoint`, `forcePathStyle` and `credentials`.
   */
  readonly client?: S3Client | undefined
  /**
   * Whose service it is, which decides what stored ETags and checksums are worth. Default: `aws` where requests go to a host
   * of Amazon, else `other`, whose checksums count as claims.
   */
  readonly profile?: S3Profile | undefined
  /** Says that you pay for requests and traffic of a Requester Pays bucket. Default false. */
  readonly requesterPays?: boolean | undefined
  /** Account id that must own the bucket; requests fail when another does. Default: not checked. */
  readonly expectedBucketOwner?: string | undefined
  /**
   * Key of objects that are encrypted with keys of your own (SSE-C): 32 bytes, or their base64. Sent with each read, and
   * nowhere else. Default: none.
   */
  readonly customerKey?: string | Uint8Array | undefined
  /** Milliseconds without an answer, or without a byte of a body, after which a request fails. Default 30,000. */
  readonly requestTimeoutMs?: number | undefined
  /**
   * How many parts of a large bucket are listed at once, by ranges of keys. More than 1 costs up to a quarter more requests.
   * Default 4.
   */
  readonly listConcurrency?: number | undefined
  /**
   * What the place charges, for plans and budgets: instead of the list prices (`S3_LIST_PRICES`), which are taken where it is Amazon.
   * `none`: nobody knows. Default: the list prices there, else none.
   */
  readonly prices?: PlacePrices | 'none' | undefined
}

/** {@link S3SourceOptions}, checked, with every default in place that does not depend on the service. */
export interface S3Settings {
  readonly bucket: string
  readonly prefix: string
  readonly region: string | undefined
  readonly endpoint: string | undefined
  readonly forcePathStyle: boolean | undefined
  readonly credentials: S3ClientConfig['credentials'] | undefined
  readonly client: S3Client | undefined
  readonly profile: S3Profile | undefined
  readonly requesterPays: boolean
  readonly expectedBucketOwner: string | undefined
  readonly customerKey: CustomerKey | undefined
  readonly requestTimeoutMs: number
  readonly listConcurrency: number
  readonly prices: PlacePrices | 'none' | undefined
}

const FACTORY = 's3Source'
const checks = optionChecks(FACTORY, PROVIDER)
const NAMES: readonly string[] = [
  'bucket',
  'prefix',
  'region',
  'endpoint',
  'forcePathStyle',
  'credentials',
  'client',
  'profile',
  'requesterPays',
  'expectedBucketOwner',
  'customerKey',
  'requestTimeoutMs',
  'listConcurrency',
  'prices',
] satisfies (keyof S3SourceOptions)[]

/** Longest key that S3 has, in bytes of UTF-8. */
export const MAX_KEY_BYTES = 1_024

/** Checks options that may come from plain JavaScript or a command line. Throws `invalid-config`. */
export const s3Settings = (options: S3SourceOptions): S3Settings => {
  checkOptionNames(FACTORY, options, NAMES, PROVIDER)
  const { prefix = '', region, endpoint, profile, client, credentials, expectedBucketOwner } = options
  const { forcePathStyle, requesterPays = false, requestTimeoutMs = 30_000, listConcurrency = 4 } = options
  checkBucket(options.bucket)
  checks.prefix(prefix, MAX_KEY_BYTES)
  if (region !== undefined) checks.text('region', region, 'a region such as eu-central-1', /^[a-z0-9-]+$/i)
  if (endpoint !== undefined) checks.endpoint('endpoint', endpoint, 'https://s3.example.org:9000')
  if (forcePathStyle !== undefined) checks.boolean('forcePathStyle', forcePathStyle)
  checks.boolean('requesterPays', requesterPays)
  if (profile !== undefined && !S3_PROFILES.includes(profile)) {
    throw checks.refused('profile', profile, `one of ${S3_PROFILES.join(', ')}`)
  }
  if (expectedBucketOwner !== undefined) {
    checks.text('expectedBucketOwner', expectedBucketOwner, 'the id of an account', /^\S+$/)
  }
  checks.count('requestTimeoutMs', requestTimeoutMs, 'milliseconds, from 1')
  checks.count('listConcurrency', listConcurrency, 'a whole number from 1')
  checkCredentials(credentials)
  checkClient(options)
  return {
    ...{ bucket: options.bucket, prefix, region, endpoint, forcePathStyle, credentials, client, profile },
    ...{ requesterPays, expectedBucketOwner, requestTimeoutMs, listConcurrency },
    customerKey: options.customerKey === undefined ? undefined : customerKey(checks, options.customerKey, endpoint),
    prices: pricesIn(options.prices),
  }
}

const pricesIn = (prices: S3SourceOptions['prices']): S3Settings['prices'] =>
  prices === undefined || prices === 'none' ? prices : checkedPrices(prices, `${FACTORY}: prices`, PROVIDER)

/** A key's worth of characters cannot be a bucket; all else is for the service to say. */
const checkBucket = (bucket: unknown): void => {
  const isName = typeof bucket === 'string' && /^[a-z0-9][a-z0-9._-]{1,254}$/i.test(bucket)
  const isArn = typeof bucket === 'string' && /^arn:[a-z0-9-]+:s3[a-z0-9-]*:[\w:/.-]+$/i.test(bucket)
  if (isName || isArn) return
  const hint = typeof bucket === 'string' && /^s3:/i.test(bucket) ? '; open a URI with provider.fromUri()' : ''
  throw checks.refused('bucket', bucket, `the name of a bucket${hint}`)
}

const checkCredentials = (credentials: unknown): void => {
  if (credentials === undefined || typeof credentials === 'function') return
  const { accessKeyId, secretAccessKey } = (credentials ?? {}) as Readonly<Record<string, unknown>>
  if (typeof accessKeyId === 'string' && accessKeyId !== '' && typeof secretAccessKey === 'string') return
  throw checks.invalid(
    `credentials must be an object with accessKeyId and secretAccessKey, or a function that gives one.`,
  )
}

const checkClient = (options: S3SourceOptions): void => {
  const { client } = options
  if (client === undefined) return
  if (typeof client !== 'object' || client === null || typeof client.send !== 'function') {
    throw checks.refused('client', client, 'an S3Client of @aws-sdk/client-s3')
  }
  for (const name of ['region', 'endpoint', 'forcePathStyle', 'credentials'] as const) {
    if (options[name] === undefined) continue
    throw checks.invalid(`${name} has no effect on the client that you give; set it there and leave it out here.`)
  }
}
