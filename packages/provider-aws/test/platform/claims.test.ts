import { createHash } from 'node:crypto'
import { compare } from '@backproof/core/compare'
import type { Grade } from '@backproof/core/evidence'
import { verify } from '@backproof/core/verify'
import { localDirectory } from '@backproof/provider-local'
import type { PutOptions } from '@backproof/test-servers'
import { bytesOf } from '@backproof/test-servers/suites'
import { describe, expect, it } from 'vitest'
import { only, outcomeOf } from './outcome.js'
import { openPlace } from './place.js'

const place = await openPlace()
const bytes = bytesOf(3_300)
const other = bytesOf(3_300, 2)

/** Runs of one object against a directory, and by itself. */
const runsOf = async (put: PutOptions, require: Grade, profile: 'aws' | 'other', local: Buffer = bytes) => {
  const bucket = await place.bucket({ k: [bytes, put] })
  const source = localDirectory({ path: await place.directory({ k: local }) })
  const replicas = [place.source(bucket, { profile })]
  const compared = only(await outcomeOf(place.server, compare({ source, replicas, require })))
  const verified = verify({ source: place.source(bucket, { profile }), require })
  return { compared, verified: only(await outcomeOf(place.server, verified)) }
}

describe('the MD5 that rclone keeps as metadata of a multipart upload', () => {
  const withClaim = (md5chksum: string): PutOptions => ({
    sse: 'aws:kms',
    checksum: 'none',
    partSizes: [1_000, 300, 2_000],
    metadata: { md5chksum },
  })
  const md5 = (content: Buffer | string): string => createHash('md5').update(content).digest('base64')
  const READ = 'match read two-sided-read xxh3-128; GetObject 1, HeadObject 1'

  it('is a claim: proves where claims are enough', async () => {
    expect(await runsOf(withClaim(md5(bytes)), 'claimed', 'aws')).toEqual({
      compared: 'match claimed one-sided-read md5; HeadObject 1',
      verified: 'match claimed one-sided-read md5; GetObject 1, HeadObject 1',
    })
    expect(await runsOf(withClaim(md5(bytes)), 'stored', 'aws')).toEqual({
      compared: READ,
      verified: 'unverifiable below-required-grade md5; GetObject 1, HeadObject 1',
    })
  })

  it('never accuses in a comparison when it is wrong; verify says that it differs, and calls nobody rotten', async () => {
    for (const require of ['claimed', 'stored'] as const) {
      expect(await runsOf(withClaim(md5('something else')), require, 'aws')).toEqual({
        // Where it was tried, the file is not read again for another digest.
        compared: require === 'stored' ? READ : READ.replace('xxh3-128', 'md5'),
        verified: 'mismatch digest md5; GetObject 1, HeadObject 1',
      })
    }
  })

  it('is nothing where it is no MD5', async () => {
    expect(await runsOf(withClaim('bm9uZQ=='), 'claimed', 'aws')).toEqual({
      compared: READ,
      verified: 'unverifiable no-common-digest; GetObject 1, HeadObject 1',
    })
  })
})

describe('what a service says that is not known', () => {
  const SHA256 = { sse: 'aws:kms', checksum: { algorithm: 'SHA256' } } as const

  it('is worth a claim: an ETag', async () => {
    expect(await runsOf({}, 'claimed', 'other')).toEqual({
      compared: 'match claimed one-sided-read md5; nothing',
      verified: 'match claimed one-sided-read md5; GetObject 1',
    })
    expect(await runsOf({}, 'stored', 'other')).toEqual({
      // Nothing that it could tell would be accepted.
      compared: 'match read two-sided-read xxh3-128; GetObject 1',
      verified: 'unverifiable below-required-grade md5; GetObject 1, HeadObject 1',
    })
  })

  it('is worth a claim: a checksum', async () => {
    expect(await runsOf(SHA256, 'claimed', 'other')).toEqual({
      compared: 'match claimed one-sided-read sha256; HeadObject 1',
      verified: 'match claimed one-sided-read sha256; GetObject 1',
    })
    expect(await runsOf(SHA256, 'stored', 'other')).toEqual({
      // Nothing that it could tell would be accepted.
      compared: 'match read two-sided-read xxh3-128; GetObject 1',
      // The checksum came along with the bytes, and its listing names no other.
      verified: 'unverifiable below-required-grade sha256; GetObject 1',
    })
  })

  it('never accuses in a comparison: what differs from it is read', async () => {
    const wrong = {
      sse: 'aws:kms',
      checksum: { algorithm: 'SHA256', value: Buffer.alloc(32).toString('base64') },
    } as const
    const { compared } = await runsOf(wrong, 'claimed', 'other')
    expect(compared).toBe('match read two-sided-read sha256; GetObject 1, HeadObject 1')
    const differing = await runsOf({}, 'claimed', 'other', other)
    expect(differing.compared).toMatch(/^mismatch digest md5; GetObject 1, HeadObject 1$/)
  })

  it('serves beside a service that is known: only the other side is read', async () => {
    const [known, unknown] = [await place.bucket({ k: [bytes] }), await place.bucket({ k: [bytes] })]
    const run = compare({ source: place.source(known), replicas: [place.source(unknown, { profile: 'other' })] })
    // By listing, the known one would tell a CRC64NVME, with which the other's ETag cannot be compared: it is not asked.
    expect(only(await outcomeOf(place.server, run), 2)).toBe('match stored one-sided-read md5; GetObject 1')
  })
})
