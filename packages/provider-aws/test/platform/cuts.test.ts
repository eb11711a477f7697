import { compare } from '@backproof/core/compare'
import type { PutOptions } from '@backproof/test-servers'
import { bytesOf } from '@backproof/test-servers/suites'
import { expect, it } from 'vitest'
import { evenParts } from './kinds-in-parts.js'
import { only, outcomeOf } from './outcome.js'
import { MIB, openPlace } from './place.js'

const place = await openPlace()
const tall = bytesOf(11 * MIB)
const small = bytesOf(3_300)
const NO_CHECKSUM = { checksum: 'none' } as const

/** The same bytes in two buckets, stored in two ways; or with one bit changed in the second. */
const compared = async (bytes: Buffer, a: PutOptions, b: PutOptions, changed = false): Promise<string> => {
  const other = Buffer.from(bytes)
  if (changed) other[bytes.length - 1]! ^= 1
  const [source, replica] = [await place.bucket({ k: [bytes, a] }), await place.bucket({ k: [other, b] })]
  const run = compare({ source: place.source(source), replicas: [place.source(replica)] })
  return only(await outcomeOf(place.server, run), 2)
}

it.each([
  [
    'parts of 5 MiB and of 8 MiB: one side is read, over the parts of the other',
    tall,
    { ...NO_CHECKSUM, partSizes: evenParts(tall.length, 5 * MIB) },
    { ...NO_CHECKSUM, partSizes: evenParts(tall.length, 8 * MIB) },
    ['one-sided-read md5/2', 'GetObject 1, GetObjectAttributes 2, HeadObject 4'],
  ],
  [
    'at once and in parts',
    small,
    NO_CHECKSUM,
    { ...NO_CHECKSUM, partSizes: [2_000, 1_300] },
    ['one-sided-read md5/2', 'GetObject 1, GetObjectAttributes 1, HeadObject 3'],
  ],
  [
    'uneven parts in two ways: every part is asked for, so that only one side is read',
    small,
    { ...NO_CHECKSUM, partSizes: [1_000, 300, 2_000] },
    { ...NO_CHECKSUM, partSizes: [2_000, 300, 1_000] },
    ['one-sided-read md5/3', 'GetObject 1, GetObjectAttributes 4, HeadObject 12'],
  ],
  [
    'uneven parts in two ways, with the CRC64NVME of the service',
    small,
    { partSizes: [1_000, 300, 2_000] },
    { partSizes: [2_000, 1_300] },
    ['digest crc64nvme', 'GetObjectAttributes 2, HeadObject 4'],
  ],
  [
    'under KMS and not, with the CRC64NVME of the service',
    small,
    {},
    { sse: 'aws:kms' },
    ['digest crc64nvme', 'HeadObject 2'],
  ],
  [
    'under KMS and not, without: the one under KMS is read',
    small,
    NO_CHECKSUM,
    { ...NO_CHECKSUM, sse: 'aws:kms' },
    ['one-sided-read md5', 'GetObject 1, HeadObject 2'],
  ],
] as const)('%s', async (_, bytes, a, b, [proof, cost]) => {
  expect(await compared(bytes, a, b)).toBe(`match stored ${proof}; ${cost}`)
  expect(await compared(bytes, a, b, true)).toBe(
    `mismatch digest ${proof.replace('one-sided-read ', '').replace('digest ', '')}; ${cost}`,
  )
})
