import { BlobClient, ContainerClient, type PipelineLike } from '@azure/storage-blob'
import type { AzureRef } from '../entry.js'
import { azureError } from '../errors.js'
import type { AzureSettings } from '../options.js'
import type { AzureAccess } from './credentials.js'
import { isContainerClient } from './endpoint.js'
import { type OpenPipeline, openPipeline } from './pipeline.js'

/** The container's client; with its pipeline where it is ours to watch and to close. */
export interface OpenClient {
  readonly container: ContainerClient
  readonly own?: OpenPipeline | undefined
}

/** The client of a source: that of the caller, untouched, or an own one. */
export const openClient = (settings: AzureSettings): OpenClient => {
  const { client, access, endpoint, container } = settings
  if (client !== undefined) {
    return { container: isContainerClient(client) ? client : client.getContainerClient(container) }
  }
  const own = openPipeline(credentialOf(access))
  const query = access.kind === 'sas' ? `?${access.sas.query}` : ''
  return { container: new ContainerClient(`${endpoint}/${encodeURIComponent(container)}${query}`, own.pipeline), own }
}

const credentialOf = (access: AzureAccess): Parameters<typeof openPipeline>[0] =>
  access.kind === 'client' ? undefined : access.credential

/** A segment that URLs resolve: `a/../b` would be another blob. Escaped slashes keep it from being one. */
const DOTS = /(?:^|\/)\.{1,2}(?:\/|$)/

/** A name that URLs resolve however it is escaped (WHATWG URL, "double-dot URL path segment"). */
const ONLY_DOTS = /^\.{1,2}$/

/** Throws `unsupported` for a name that no URL can hold: what it leads to would be taken for the blob. */
export const checkName = (name: string, operation: string, subject: string): void => {
  if (!ONLY_DOTS.test(name)) return
  const message = `A blob whose name is "${name}" can be listed, but not asked for: URLs resolve it. Copy it to another name.`
  throw azureError('unsupported', operation, subject, message)
}

/** The client of one blob, version or snapshot. */
export const blobClient = (
  container: ContainerClient,
  name: string,
  { version, snapshot }: Pick<AzureRef, 'version' | 'snapshot'>,
): BlobClient => {
  const blob = DOTS.test(name) ? clientByUrl(container, name) : container.getBlobClient(name)
  if (snapshot !== undefined) return blob.withSnapshot(snapshot)
  return version === undefined ? blob : blob.withVersion(version)
}

/** The SDK escapes the segments of a name, not its slashes; only a URL that is escaped already goes past that. */
const clientByUrl = (container: ContainerClient, name: string): BlobClient => {
  const url = new URL(container.url)
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${encodeURIComponent(name)}`
  // Protected in its types; the SDK makes the clients of versions from it in the same way.
  const { pipeline } = container as unknown as { readonly pipeline: PipelineLike }
  return new BlobClient(url.href, pipeline as ConstructorParameters<typeof BlobClient>[1] & PipelineLike)
}
