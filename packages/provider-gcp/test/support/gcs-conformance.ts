import type { SourceTraits } from '@backproof/core/source'
import {
  type ConformanceHarness,
  type ConformanceObject,
  conformanceCaseNames,
  registerConformance,
  sourceConformance,
  type TestRunner,
} from '@backproof/core/testing'
import type { GcsServer } from '@backproof/test-servers'
import { freshName, openBucket } from './bucket.js'

/** What a bucket cannot be asked; everything else must not be skipped. */
const NOT_OF_BUCKETS =
  'scan-|abort-scan|release-scan|dispose-during-scan|local-file|read-impossible|list-links|key-bytes|key-newline'

const isNotOf = ({ prefix, versioned }: Place): RegExp => {
  // With a prefix in front, the longest name is too long.
  const more = [...(prefix === '' ? [] : ['key-long-path']), versioned ? 'list-versions-refused' : 'list-versions$']
  return new RegExp(`^(?:${NOT_OF_BUCKETS}|${more.join('|')})`)
}

/** Registers the cases of the conformance kit for one server: the whole bucket, and a prefix of one. */
export const gcsConformance = (server: GcsServer, name: string, runner: TestRunner): void => {
  const whole = bucketHarness(server, { prefix: '', versioned: false })
  registerConformance(sourceConformance(whole), runner, `a bucket of ${name}`)
  const part = bucketHarness(server, { prefix: 'folder/with space+plus/', versioned: true })
  registerConformance(sourceConformance(part), runner, `a prefix of a versioned bucket of ${name}`)
}

interface Place {
  readonly prefix: string
  readonly versioned: boolean
}

const bucketHarness = (server: GcsServer, { prefix, versioned }: Place): ConformanceHarness => {
  let bucket = ''
  const { admin, owner } = server
  return {
    traits: traitsOf({ prefix, versioned }),
    manyObjects: 1_200,
    offers: ['dispose', 'preflight'],
    required: conformanceCaseNames.filter((case_) => !isNotOf({ prefix, versioned }).test(case_)),
    secrets: [owner.token],
    open: async (content) => {
      bucket = freshName()
      admin.createBucket({ name: bucket, versioning: versioned })
      for (const { key, bytes } of content) await admin.put(bucket, prefix + key, bytes)
      return openBucket(server, bucket, { prefix })
    },
    replace: async (key, bytes) => {
      await admin.put(bucket, prefix + key, bytes)
    },
    // With versioning, deleting the present generation leaves its bytes where a pinned read finds them.
    remove: async (key) => {
      const name = prefix + key
      for (const one of admin.snapshot(bucket)) {
        if (one.name === name && one.state !== 'soft-deleted')
          admin.remove(bucket, name, { generation: one.generation })
      }
    },
    canHold: ({ key, linkTarget }: ConformanceObject) => {
      if (linkTarget !== undefined) return 'a bucket has no links'
      if (/[\r\n]/.test(key)) return 'names of Cloud Storage hold no line feeds'
      return key.isWellFormed() || 'names of Cloud Storage are UTF-8'
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
