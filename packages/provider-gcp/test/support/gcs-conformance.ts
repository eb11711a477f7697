import type { SourceTraits } from '@backproof/core/source'
import type { TestRunner } from '@backproof/core/testing'
import type { GcsServer } from '@backproof/test-servers'
import { type ConformancePlace, storeConformance } from '@backproof/test-servers/suites'
import { freshName, openBucket } from './bucket.js'

/** Registers the cases of the conformance kit for one server: the whole bucket, and a prefix of one. */
export const gcsConformance = (server: GcsServer, name: string, runner: TestRunner): void => {
  storeConformance(placeOf(server, { title: `a bucket of ${name}`, prefix: '', versioned: false }), runner)
  const title = `a prefix of a versioned bucket of ${name}`
  storeConformance(placeOf(server, { title, prefix: 'folder/with space+plus/', versioned: true }), runner)
}

interface Place {
  readonly title: string
  readonly prefix: string
  readonly versioned: boolean
}

const placeOf = (server: GcsServer, place: Place): ConformancePlace => {
  const { title, prefix, versioned } = place
  const { admin, owner } = server
  return {
    title,
    prefix,
    traits: traitsOf(place),
    manyObjects: 1_200,
    secrets: [owner.token],
    skipped: {
      'key-newline': 'Names of Cloud Storage hold no line feeds.',
      ...(versioned
        ? { 'list-versions-refused': 'The bucket keeps versions.' }
        : { 'list-versions$': 'The bucket keeps no versions.' }),
    },
    refuses: (name) => (/[\r\n]/.test(name) ? 'names of Cloud Storage hold no line feeds' : undefined),
    create: async () => {
      const bucket = freshName()
      admin.createBucket({ name: bucket, versioning: versioned })
      return {
        open: () => openBucket(server, bucket, { prefix }),
        put: (name, bytes) => admin.put(bucket, name, bytes),
        // With versioning, deleting the present generation leaves its bytes where a pinned read finds them.
        remove: (name) => {
          for (const one of admin.snapshot(bucket)) {
            if (one.name === name && one.state !== 'soft-deleted')
              admin.remove(bucket, name, { generation: one.generation })
          }
        },
        close: () => Promise.resolve(),
      }
    },
  }
}

const traitsOf = ({ prefix, versioned }: Place): SourceTraits => {
  const digests = [
    { algorithm: 'crc32c', provenance: 'service' },
    { algorithm: 'md5', provenance: 'service' },
  ] as const
  return {
    keyOrder: 'utf8',
    access: 'random',
    pinning: 'version',
    listingDigests: digests,
    statDigests: digests,
    rangeReads: true,
    versions: versioned,
    readCost: 'paid',
    maxKeyBytes: 1_024 - prefix.length,
  }
}
