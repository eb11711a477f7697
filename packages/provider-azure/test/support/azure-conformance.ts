import type { SourceTraits } from '@backproof/core/source'
import type { TestRunner } from '@backproof/core/testing'
import { azureBlobSource } from '@backproof/provider-azure'
import { type ConformancePlace, storeConformance } from '@backproof/test-servers/suites'

/** A server that speaks Blob Storage, and what is known of it. */
export interface ConformanceServer {
  readonly name: string
  readonly connectionString: string
  readonly secret: string
  readonly keyOrder: 'utf16' | 'none'
  readonly versioned: boolean
  /** Of the large listing. A page has 5,000. */
  readonly manyObjects: number
  /** Names that the server cannot hold, although the service can. */
  readonly isBeyond?: ((key: string) => boolean) | undefined
  createContainer(name: string): Promise<void>
  put(container: string, name: string, bytes: Uint8Array): Promise<void>
  remove(container: string, name: string): Promise<void>
  removeContainer(name: string): Promise<void>
}

/**
 * Registers the cases of the conformance kit for one server: the whole container, and a prefix of one.
 *
 * @param skipped Cases that it cannot be asked, by the beginning of their names, with the reason.
 */
export const azureConformance = (
  server: ConformanceServer,
  runner: TestRunner,
  skipped: Readonly<Record<string, string>> = {},
): void => {
  const { name } = server
  storeConformance(placeOf(server, `a container of ${name}`, '', skipped), runner)
  storeConformance(placeOf(server, `a prefix of a container of ${name}`, 'folder/with space+plus/', skipped), runner)
}

let containers = 0

const placeOf = (
  server: ConformanceServer,
  title: string,
  prefix: string,
  skipped: Readonly<Record<string, string>>,
): ConformancePlace => ({
  title,
  prefix,
  traits: traitsOf(server, prefix),
  manyObjects: server.manyObjects,
  secrets: [server.secret],
  skipped: {
    ...skipped,
    'list-after': 'Listings go on by their token alone.',
    ...(!server.versioned && { 'list-versions': 'The account keeps no versions.' }),
  },
  refuses: (name) => {
    if (name.length > 1_024) return 'names of blobs have at most 1,024 characters'
    return server.isBeyond?.(name.slice(prefix.length)) === true ? `${server.name} cannot hold such a name` : undefined
  },
  create: async () => {
    containers += 1
    const container = `conformance-${process.pid}-${containers}`
    await server.createContainer(container)
    return {
      open: () => azureBlobSource({ connectionString: server.connectionString, container, prefix }),
      put: (name, bytes) => server.put(container, name, bytes),
      remove: (name) => server.remove(container, name),
      close: () => server.removeContainer(container),
    }
  },
})

const traitsOf = ({ keyOrder, versioned }: ConformanceServer, prefix: string): SourceTraits => {
  const md5 = { algorithm: 'md5', provenance: 'claimed' } as const
  return {
    keyOrder,
    access: 'random',
    pinning: 'etag',
    listingDigests: [md5],
    statDigests: [md5],
    rangeReads: true,
    versions: versioned,
    readCost: 'paid',
    maxKeyBytes: 3_072 - prefix.length,
  }
}
