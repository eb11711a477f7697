import { BlobServiceClient, type ContainerClient, type StorageSharedKeyCredential } from '@azure/storage-blob'
import type { OptionChecks } from '@backproof/core/object-store'
import type { AzureBlobSourceOptions } from '../options.js'

/** Where an account is, and what its address carries. */
export interface AzureEndpoint {
  readonly account: string
  /** Without a slash at its end. */
  readonly endpoint: string
  /** Where the URL or the client names one. */
  readonly container?: string | undefined
  /** The query of a shared access signature, without a question mark. */
  readonly sas?: string | undefined
  /** The key of a connection string. */
  readonly sharedKey?: StorageSharedKeyCredential | undefined
}

/** The host of an endpoint, as errors name it. */
export const hostOf = (endpoint: string): string => new URL(endpoint).hostname

const ACCOUNT = /^[a-z0-9]{3,24}$/

/** From the one option that tells it: `account`, `url`, `connectionString` or `client`. Throws `invalid-config`. */
export const endpointOf = (checks: OptionChecks, options: AzureBlobSourceOptions): AzureEndpoint => {
  const { account, url, connectionString, client } = options
  if (account !== undefined) {
    checks.text('account', account, 'the name of a storage account: 3 to 24 small letters and digits', ACCOUNT)
  }
  if (client !== undefined) return endpointOfClient(checks, options)
  if (connectionString !== undefined) {
    if (url !== undefined) throw checks.invalid('give url or connectionString, not both.')
    return endpointOfConnectionString(checks, connectionString, account)
  }
  if (url !== undefined) return endpointOfUrl(checks, url, account)
  if (account === undefined) throw checks.invalid('give account, url, connectionString or client.')
  return { account, endpoint: `https://${account}.blob.core.windows.net` }
}

/** Its query and user are never shown: they may be secrets. */
const endpointOfUrl = (checks: OptionChecks, given: unknown, account: string | undefined): AzureEndpoint => {
  const url = typeof given === 'string' && URL.canParse(given) ? new URL(given) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.hash !== '') {
    throw checks.invalid(
      'url must be the URL of an account or container, such as https://backups.blob.core.windows.net/daily. It is not shown here: it may hold a signature.',
    )
  }
  const sas = url.search.slice(1)
  if (sas !== '' && !url.searchParams.has('sig')) {
    throw checks.invalid('url has a query that is no shared access signature; give the URL without it.')
  }
  if (/\.dfs\./.test(url.hostname)) {
    throw checks.invalid(`url names ${url.hostname}, the endpoint of Data Lake Storage; give that of blobs (.blob.).`)
  }
  const place = placeOf(checks, url, account)
  return { ...place, ...(sas !== '' && { sas }) }
}

/** Emulators have the account in the path: where the host is an address, `localhost` or a name without a dot. */
const hasAccountInPath = ({ hostname }: URL): boolean =>
  /^\d{1,3}(?:\.\d{1,3}){3}$/.test(hostname) || hostname.includes(':') || !hostname.includes('.')

const placeOf = (checks: OptionChecks, url: URL, account: string | undefined): AzureEndpoint => {
  const segments = segmentsOf(checks, url)
  const inPath = hasAccountInPath(url)
  const [first, ...rest] = segments
  const host = /^([a-z0-9]{3,24})(?:-secondary)?\.(?:z\d+\.)?(?:blob|web)\./.exec(url.hostname)?.[1]
  const named = inPath ? first : host
  if (inPath && named === undefined) throw checks.invalid('url names no account behind its host.')
  if (account !== undefined && named !== undefined && account !== named) {
    throw checks.invalid(`account is "${account}", but the url is that of the account "${named}".`)
  }
  const containers = inPath ? rest : segments
  if (containers.length > 1) throw checks.invalid('url names more than a container; what follows it is the prefix.')
  return {
    account: named ?? account ?? url.hostname,
    endpoint: inPath ? `${url.origin}/${first}` : url.origin,
    ...(containers[0] !== undefined && { container: containers[0] }),
  }
}

const segmentsOf = (checks: OptionChecks, { pathname }: URL): readonly string[] => {
  try {
    return pathname.split('/').flatMap((segment) => (segment === '' ? [] : [decodeURIComponent(segment)]))
  } catch {
    throw checks.invalid('url has a % in its path that begins no escape of UTF-8.')
  }
}

const endpointOfConnectionString = (
  checks: OptionChecks,
  given: unknown,
  account: string | undefined,
): AzureEndpoint => {
  const wrong = checks.invalid(
    'connectionString is none of a storage account; the portal shows it under "Access keys". It is not shown here.',
  )
  if (typeof given !== 'string') throw wrong
  let client: BlobServiceClient
  try {
    client = BlobServiceClient.fromConnectionString(given)
  } catch {
    // What the SDK says may hold a part of the string.
    throw wrong
  }
  const { url, credential } = client
  const place = endpointOfUrl(checks, url, account)
  const isKey = 'computeHMACSHA256' in credential
  return { ...place, account: client.accountName || place.account, ...(isKey && { sharedKey: credential }) }
}

const endpointOfClient = (checks: OptionChecks, options: AzureBlobSourceOptions): AzureEndpoint => {
  const client: unknown = options.client
  for (const name of ['account', 'url', 'connectionString', 'credential'] as const) {
    if (options[name] === undefined) continue
    throw checks.invalid(`${name} has no effect on the client that you give; leave it out.`)
  }
  if (!isContainerClient(client) && !isServiceClient(client)) {
    throw checks.refused('client', client, 'a BlobServiceClient or ContainerClient of @azure/storage-blob')
  }
  const url = new URL(client.url)
  url.search = ''
  const { endpoint, account } = placeOf(checks, withoutContainer(url, client), undefined)
  const container = isContainerClient(client) ? client.containerName : undefined
  return { account: client.accountName || account, endpoint, ...(container !== undefined && { container }) }
}

const withoutContainer = (url: URL, client: BlobServiceClient | ContainerClient): URL => {
  if (isContainerClient(client)) url.pathname = url.pathname.replace(/\/[^/]*\/?$/, '')
  return url
}

/** By what it can do: it may come from another copy of the SDK. */
export const isContainerClient = (client: unknown): client is ContainerClient =>
  typeof (client as Partial<ContainerClient> | null)?.listBlobsFlat === 'function'

const isServiceClient = (client: unknown): client is BlobServiceClient =>
  typeof (client as Partial<BlobServiceClient> | null)?.getContainerClient === 'function'
