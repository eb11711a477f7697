import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import type { S3Settings } from '../options.js'
import { needsPathStyle } from '../profile.js'

/** A client and whether it is ours to close. */
export interface OpenClient {
  readonly client: S3Client
  readonly own: boolean
}

/** Where no region is found, a custom endpoint gets the one that S3-compatible services accept. */
const FALLBACK_REGION = 'us-east-1'

/**
 * The client of a source: the one that was given, untouched, or an own one with its retries off (runs retry), no redirects
 * to other regions (they are told), and no checksum validation of its own: bodies are hashed where a run needs it.
 */
export const openClient = (settings: S3Settings): OpenClient => {
  if (settings.client !== undefined) return { client: settings.client, own: false }
  const { region, endpoint, credentials, requestTimeoutMs } = settings
  const agent = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY }
  const config: S3ClientConfig = {
    maxAttempts: 1,
    followRegionRedirects: false,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { httpAgent: agent, httpsAgent: agent, connectionTimeout: Math.min(requestTimeoutMs, 10_000) },
    // The SDK would write to the console of its host.
    logger: SILENT,
    ...((region ?? endpoint) !== undefined && { region: region ?? foundRegion() }),
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
    ...(settings.forcePathStyle !== undefined && { forcePathStyle: settings.forcePathStyle }),
  }
  const client = new S3Client(config)
  if (settings.forcePathStyle === undefined) choosePathStyle(client)
  return { client, own: true }
}

/** What the SDK's own chain finds, which only a client without a region asks. */
const foundRegion = (): (() => Promise<string>) => {
  const { config } = new S3Client({ logger: SILENT })
  return () => config.region().catch(() => FALLBACK_REGION)
}

/** Wherever the endpoint comes from (option, environment, profile), it is known here first. */
const choosePathStyle = ({ config }: S3Client): void => {
  const resolve = config.endpointProvider
  config.endpointProvider = (parameters, context) => {
    const { Endpoint, ForcePathStyle } = parameters
    const byPath = Endpoint !== undefined && URL.canParse(Endpoint) && needsPathStyle(hostOf(Endpoint))
    return resolve(byPath && ForcePathStyle !== true ? { ...parameters, ForcePathStyle: true } : parameters, context)
  }
}

/** Without the brackets of an IPv6 address. */
const hostOf = (endpoint: string): string => new URL(endpoint).hostname.replace(/^\[|\]$/g, '')

const nothing = (): void => undefined
const SILENT: NonNullable<S3ClientConfig['logger']> = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
}
