import { compare } from '@backproof/core/compare'
import { exitCode } from '@backproof/core/report'
import { verify } from '@backproof/core/verify'
import { localDirectory } from '@backproof/provider-local'
import type { PutOptions } from '@backproof/test-servers'
import { bytesOf } from '@backproof/test-servers/suites'
import { describe, expect, it } from 'vitest'
import { evenParts } from './kinds-in-parts.js'
import { only, outcomeOf } from './outcome.js'
import { MIB, openPlace } from './place.js'

const place = await openPlace()
const small = bytesOf(20_000)
const KMS = { sse: 'aws:kms' } as const
const BARE = { sse: 'aws:kms', checksum: 'none' } as const
const tomorrow = new Date(Date.now() + 86_400_000)

interface Cold {
  readonly name: string
  readonly bytes?: Buffer
  readonly put: PutOptions
  readonly directory: string
  readonly bucket: string
  readonly verify: string
}

const OF_CLASS = 'unverifiable archived archived (source); nothing'
/** A listing does not tell that an object of Intelligent-Tiering is archived: the service says so, once it is asked for. */
const OF_TIER = 'unverifiable read-failed archived (source); GetObject 1'

const unproven = {
  directory: 'unverifiable archived archived (replica); HeadObject 1',
  bucket: 'unverifiable archived archived (source); HeadObject 2',
}
const readAgain = {
  directory: 'match read two-sided-read md5; GetObject 1, HeadObject 1',
  bucket: 'match read two-sided-read xxh3-128; GetObject 2, HeadObject 2',
  verify: 'unverifiable no-digest; GetObject 1, HeadObject 1',
}
const byEtag = {
  directory: 'match stored one-sided-read md5; nothing',
  bucket: 'match stored digest md5; nothing',
}
const byChecksum = {
  directory: 'match stored one-sided-read crc64nvme; HeadObject 1',
  bucket: 'match stored digest crc64nvme; HeadObject 2',
}

const COLD: readonly Cold[] = [
  { name: 'GLACIER', put: { storageClass: 'GLACIER' }, ...byEtag, verify: OF_CLASS },
  { name: 'GLACIER under KMS', put: { storageClass: 'GLACIER', ...KMS }, ...byChecksum, verify: OF_CLASS },
  {
    name: 'GLACIER in parts of 5 MiB',
    bytes: bytesOf(11 * MIB),
    put: { storageClass: 'GLACIER', checksum: 'none', partSizes: evenParts(11 * MIB, 5 * MIB) },
    directory: 'match stored one-sided-read md5/3; nothing',
    bucket: 'match stored digest md5/3; nothing',
    verify: OF_CLASS,
  },
  {
    name: 'DEEP_ARCHIVE without a digest',
    put: { storageClass: 'DEEP_ARCHIVE', ...BARE },
    ...unproven,
    verify: OF_CLASS,
  },
  {
    name: 'GLACIER while it is being restored',
    put: { storageClass: 'GLACIER', ...BARE, restore: { ongoing: true } },
    ...unproven,
    verify: OF_CLASS,
  },
  {
    name: 'GLACIER with a restored copy',
    put: { storageClass: 'GLACIER', ...BARE, restore: { ongoing: false, expiresAt: tomorrow } },
    ...readAgain,
  },
  {
    name: 'DEEP_ARCHIVE with a restored copy and an MD5',
    put: { storageClass: 'DEEP_ARCHIVE', restore: { ongoing: false, expiresAt: tomorrow } },
    ...byEtag,
    verify: 'match read one-sided-read md5; GetObject 1',
  },
  { name: 'GLACIER_IR, which is read like any other', put: { storageClass: 'GLACIER_IR', ...BARE }, ...readAgain },
  {
    name: 'INTELLIGENT_TIERING, archived',
    put: { storageClass: 'INTELLIGENT_TIERING', archiveStatus: 'ARCHIVE_ACCESS' },
    ...byEtag,
    verify: OF_TIER,
  },
  {
    name: 'INTELLIGENT_TIERING, archived deeply, without a digest',
    put: { storageClass: 'INTELLIGENT_TIERING', archiveStatus: 'DEEP_ARCHIVE_ACCESS', ...BARE },
    ...unproven,
    verify: OF_TIER,
  },
  { name: 'INTELLIGENT_TIERING, not archived', put: { storageClass: 'INTELLIGENT_TIERING', ...BARE }, ...readAgain },
]

describe.each(COLD)('$name', ({ bytes = small, put, directory, bucket, verify: own }) => {
  const bucketOf = async () => place.source(await place.bucket({ k: [bytes, put] }))
  const proves = (words: string): 0 | 3 => (words.startsWith('match') ? 0 : 3)

  it('against a directory', async () => {
    const source = localDirectory({ path: await place.directory({ k: bytes }) })
    const outcome = await outcomeOf(place.server, compare({ source, replicas: [await bucketOf()] }))
    expect(only(outcome)).toBe(directory)
    expect(exitCode(outcome.report.result)).toBe(proves(directory))
  })

  it('against another bucket', async () => {
    const run = compare({ source: await bucketOf(), replicas: [await bucketOf()] })
    expect(only(await outcomeOf(place.server, run), 2)).toBe(bucket)
  })

  it('verified by what it stores', async () => {
    const outcome = await outcomeOf(place.server, verify({ source: await bucketOf() }))
    expect(only(outcome)).toBe(own)
    expect(exitCode(outcome.report.result)).toBe(proves(own))
  })
})

it('a difference in an archive is found by what is stored', async () => {
  const source = localDirectory({ path: await place.directory({ k: bytesOf(20_000, 2) }) })
  const replica = place.source(await place.bucket({ k: [small, { storageClass: 'GLACIER', ...KMS }] }))
  const outcome = await outcomeOf(place.server, compare({ source, replicas: [replica] }))
  expect(only(outcome)).toBe('mismatch digest crc64nvme; HeadObject 1')
})

it('a comparison that wants bytes does not take the word of the service for an archived object', async () => {
  const source = localDirectory({ path: await place.directory({ k: small }) })
  const replica = place.source(await place.bucket({ k: [small, { storageClass: 'GLACIER' }] }))
  const run = compare({ source, replicas: [replica], require: 'read' })
  expect(only(await outcomeOf(place.server, run))).toBe('unverifiable archived archived (replica); nothing')
})
