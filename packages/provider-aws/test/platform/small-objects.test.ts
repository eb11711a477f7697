import { compare } from '@backproof/core/compare'
import type { BackupSource, PlacePrices } from '@backproof/core/source'
import { S3_LIST_PRICES } from '@backproof/provider-aws'
import { localDirectory } from '@backproof/provider-local'
import type { PutOptions } from '@backproof/test-servers'
import { bytesOf } from '@backproof/test-servers/suites'
import { describe, expect, it } from 'vitest'
import { only, outcomeOf } from './outcome.js'
import { openPlace } from './place.js'

// At list prices a request costs as much as 4,772 bytes that leave: what is smaller than asking about it is read, which proves more.

const place = await openPlace()

/** Where the reader is in the bucket's region. */
const NO_EGRESS: PlacePrices = { ...S3_LIST_PRICES, egressByte: 0 }

/** How an object of this size is stored. */
const PUTS = {
  'at once': () => ({}),
  'under KMS': () => ({ sse: 'aws:kms' }),
  'parts, COMPOSITE': (size) => inParts(size, 'COMPOSITE'),
  'parts, FULL_OBJECT': (size) => inParts(size, 'FULL_OBJECT'),
} as const satisfies Readonly<Record<string, (size: number) => PutOptions>>

const inParts = (size: number, type: 'COMPOSITE' | 'FULL_OBJECT'): PutOptions => ({
  sse: 'aws:kms',
  partSizes: [size - 700, 700],
  checksum: { algorithm: 'CRC32C', type },
})

const bucketOf = async (size: number, put: PutOptions, prices: PlacePrices): Promise<BackupSource> =>
  place.source(await place.bucket({ k: [bytesOf(size), put] }), { prices })

/** Against a directory, and against another bucket that stores it in the same way. */
const comparedAt = async (kind: keyof typeof PUTS, size: number, prices: PlacePrices): Promise<readonly string[]> => {
  const put = PUTS[kind](size)
  const source = localDirectory({ path: await place.directory({ k: bytesOf(size) }) })
  const local = compare({ source, replicas: [await bucketOf(size, put, prices)] })
  const told = only(await outcomeOf(place.server, local))
  const [from, to] = [await bucketOf(size, put, prices), await bucketOf(size, put, prices)]
  return [told, only(await outcomeOf(place.server, compare({ source: from, replicas: [to] })), 2)]
}

const LISTED = ['match stored one-sided-read md5; nothing', 'match stored digest md5; nothing']
const ASKED = ['match stored one-sided-read crc64nvme; HeadObject 1', 'match stored digest crc64nvme; HeadObject 2']
const READ = [1, 2].map((count) => `match read two-sided-read xxh3-128; GetObject ${count}`)
const ASKED_FOR_PARTS = [
  'match stored one-sided-read crc32c/2; GetObjectAttributes 1, HeadObject 1',
  'match stored digest crc32c/2; GetObjectAttributes 2, HeadObject 2',
]
/** The file was read for what the ETag could have been, and gives the same digest without being read again. */
const READ_BESIDE_A_FILE = ['match read two-sided-read md5; GetObject 1', ASKED[1]]

describe.each([
  ['to the internet', S3_LIST_PRICES],
  ['within the region', NO_EGRESS],
] as const)('at list prices, %s', (_, prices) => {
  it.each([0, 1, 3_300, 20_000])(
    '%i bytes whose listing proves them are neither asked about nor read',
    async (size) => {
      expect(await comparedAt('at once', size, prices)).toEqual(LISTED)
    },
  )

  it('300,000 bytes are asked about', async () => {
    expect(await comparedAt('under KMS', 300_000, prices)).toEqual(ASKED)
    expect(await comparedAt('parts, COMPOSITE', 300_000, prices)).toEqual(ASKED_FOR_PARTS)
  })
})

describe('at list prices, to the internet', () => {
  it('one byte costs more than asking about it, none does not', async () => {
    expect(await comparedAt('under KMS', 1, S3_LIST_PRICES)).toEqual(ASKED)
    expect(await comparedAt('under KMS', 0, S3_LIST_PRICES)).toEqual(READ_BESIDE_A_FILE)
  })

  it('objects in parts are read up to what the question about their parts costs too', async () => {
    for (const size of [1_000, 4_700]) {
      expect(await comparedAt('parts, COMPOSITE', size, S3_LIST_PRICES)).toEqual(READ)
      expect(await comparedAt('parts, FULL_OBJECT', size, S3_LIST_PRICES)).toEqual(READ)
    }
    expect(await comparedAt('parts, COMPOSITE', 4_800, S3_LIST_PRICES)).toEqual(ASKED_FOR_PARTS)
  })
})

describe('at list prices, within the region', () => {
  it('an object is read while that takes about as long as asking', async () => {
    expect(await comparedAt('under KMS', 20_000, NO_EGRESS)).toEqual(READ_BESIDE_A_FILE)
    expect(await comparedAt('under KMS', 60_000, NO_EGRESS)).toEqual(ASKED)
    expect(await comparedAt('parts, COMPOSITE', 60_000, NO_EGRESS)).toEqual(READ)
  })
})
