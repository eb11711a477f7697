import type { SourceTraits } from '@backproof/core/source'
import {
  type ConformanceHarness,
  type ConformanceObject,
  conformanceCaseNames,
  registerConformance,
  sourceConformance,
  type TestRunner,
} from '@backproof/core/testing'
import { azureBlobSource } from '@backproof/provider-azure'

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

/** What a container cannot be asked; everything else must not be skipped. */
const NOT_OF_CONTAINERS =
  'scan-|abort-scan|release-scan|dispose-during-scan|local-file|read-impossible|list-links|list-after|key-bytes'

/** Registers the cases of the conformance kit for one server: the whole container, and a prefix of one. */
export const azureConformance = (
  server: ConformanceServer,
  runner: TestRunner,
  skipped: readonly string[] = [],
): void => {
  const { name } = server
  const whole = containerHarness(server, '', skipped)
  registerConformance(sourceConformance(whole), runner, `a container of ${name}`)
  const part = containerHarness(server, 'folder/with space+plus/', [...skipped, 'key-long-path'])
  registerConformance(sourceConformance(part), runner, `a prefix of a container of ${name}`)
}

let containers = 0

const containerHarness = (
  server: ConformanceServer,
  prefix: string,
  skipped: readonly string[],
): ConformanceHarness => {
  let container: string | undefined
  const opened = (): string => {
    if (container === undefined) throw new Error('No container is open.')
    return container
  }
  const more = server.versioned ? skipped : [...skipped, 'list-versions']
  const isNotOf = new RegExp(`^(?:${[NOT_OF_CONTAINERS, ...more].join('|')})`)
  return {
    traits: traitsOf(server, prefix),
    manyObjects: server.manyObjects,
    offers: ['dispose', 'preflight'],
    required: conformanceCaseNames.filter((case_) => !isNotOf.test(case_)),
    secrets: [server.secret],
    open: async (content) => {
      containers += 1
      container = `conformance-${process.pid}-${containers}`
      const name = container
      await server.createContainer(name)
      await inBatches(content, 32, ({ key, bytes }) => server.put(name, prefix + key, bytes))
      return azureBlobSource({ connectionString: server.connectionString, container: name, prefix })
    },
    replace: (key, bytes) => server.put(opened(), prefix + key, bytes),
    remove: (key) => server.remove(opened(), prefix + key),
    close: async () => {
      if (container === undefined) return
      const name = container
      container = undefined
      await server.removeContainer(name)
    },
    canHold: ({ key, linkTarget }: ConformanceObject) => {
      if (linkTarget !== undefined) return 'a container has no links'
      if (!key.isWellFormed()) return 'names of blobs are UTF-8'
      if ((prefix + key).length > 1_024) return 'names of blobs have at most 1,024 characters'
      return server.isBeyond?.(key) !== true || `${server.name} cannot hold such a name`
    },
  }
}

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

const inBatches = async <T>(items: readonly T[], size: number, work: (item: T) => Promise<void>): Promise<void> => {
  for (let at = 0; at < items.length; at += size) await Promise.all(items.slice(at, at + size).map(work))
}
