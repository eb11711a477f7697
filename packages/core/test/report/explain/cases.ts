import type { Digest } from '../../../src/digest/digest.js'
import type { ExplainContext, ObjectFinding, SideEvidence } from '../../../src/report/index.js'

const MD5 = '0cc175b9c0f1b6a831c399e269772661'
const OTHER_MD5 = '92eb5ffee6ae2fec3ad71c777531578f'
const SHA = 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'
const CRC = '364b3fb7'

const digest = (provenance: Digest['provenance'], more: Partial<Digest> = {}): Digest => ({
  algorithm: 'md5',
  value: MD5,
  provenance,
  ...more,
})
const side = (more: Partial<SideEvidence> = {}): SideEvidence => ({ size: 20_480, bytesRead: 0, ...more })
const read = (more: Partial<SideEvidence> = {}): SideEvidence => side({ bytesRead: 20_480, grade: 'read', ...more })

const DISK = 'file:///srv/shop'
const COPY = 'file:///mnt/backup/shop'
const S3 = 's3://backups/shop/'
const GCS = 'gs://backups-eu/shop/'
const AZURE = 'azblob://account/backups/shop/'
const MANIFEST = 'file:///srv/shop.manifest'

export const compared = (source: string, replica: string, more: Partial<ExplainContext> = {}): ExplainContext => ({
  kind: 'compare',
  source,
  replicas: [replica],
  require: 'stored',
  strength: 'error-detecting',
  ...more,
})
export const verified = (source: string, expected?: string): ExplainContext => ({ kind: 'verify', source, expected })

const pair = (source: SideEvidence, replica: SideEvidence): NonNullable<ObjectFinding['sides']> => ({ source, replica })
const DAY = Date.UTC(2026, 10, 1)
const multipart = { parts: 3, size: 8_388_608 } as const
const denied = { code: 'access-denied', message: 'GetObject was refused (403).' } as const

type Case = readonly [title: string, of: ExplainContext, finding: Omit<ObjectFinding, 'key'>]

const found = (
  outcome: ObjectFinding['outcome'],
  reason: ObjectFinding['reason'],
  more: Partial<ObjectFinding> = {},
): Omit<ObjectFinding, 'key'> => ({ outcome, reason, method: 'none', ...more })

/** What people will ask about most. */
export const CASES: readonly Case[] = [
  [
    'two directories',
    compared(DISK, COPY),
    found('match', 'bytes', { grade: 'read', method: 'bytes', sides: pair(read(), read()) }),
  ],
  [
    'one file under two names',
    compared(DISK, COPY),
    found('match', 'bytes', { grade: 'read', method: 'bytes', notes: ['same-file'], sides: pair(read(), read()) }),
  ],
  [
    'sizes only',
    compared(DISK, COPY, { require: 'size' }),
    found('match', 'size', { grade: 'size', method: 'size', sides: pair(side(), side()) }),
  ],
  [
    'a directory and an ETag',
    compared(DISK, S3),
    found('match', 'digest', {
      grade: 'stored',
      method: 'one-sided-read',
      sides: pair(read({ digest: digest('computed') }), side({ digest: digest('service'), version: 'v1' })),
    }),
  ],
  [
    'a directory and a multipart ETag of parts that nobody tells',
    compared(DISK, S3),
    found('match', 'digest', {
      grade: 'stored',
      method: 'one-sided-read',
      sides: pair(
        read({ size: 20_000_000, bytesRead: 20_000_000, digest: digest('computed', { coverage: multipart }) }),
        side({ size: 20_000_000, digest: digest('service', { coverage: { parts: 3 }, equalityOnly: true }) }),
      ),
    }),
  ],
  [
    'two services with the same CRC',
    compared(S3, GCS),
    found('match', 'digest', {
      grade: 'stored',
      method: 'digest',
      sides: pair(
        side({ digest: digest('service', { algorithm: 'crc32c', value: CRC }) }),
        side({ digest: digest('service', { algorithm: 'crc32c', value: CRC }) }),
      ),
    }),
  ],
  [
    'a CRC put together from parts',
    compared(S3, GCS),
    found('match', 'digest', {
      grade: 'stored',
      method: 'derived-digest',
      sides: pair(
        side({ digest: digest('service', { algorithm: 'crc32c', value: CRC, derived: 'parts' }) }),
        side({ digest: digest('service', { algorithm: 'crc32c', value: CRC }) }),
      ),
    }),
  ],
  [
    'the same, different',
    compared(S3, GCS),
    found('mismatch', 'digest', {
      method: 'derived-digest',
      sides: pair(
        side({ digest: digest('service', { algorithm: 'crc32c', value: '00000001', derived: 'parts' }) }),
        side({ digest: digest('service', { algorithm: 'crc32c', value: CRC }) }),
      ),
    }),
  ],
  [
    'a claim of a client',
    compared(DISK, AZURE, { require: 'claimed' }),
    found('match', 'digest', {
      grade: 'claimed',
      method: 'one-sided-read',
      sides: pair(read({ digest: digest('computed') }), side({ digest: digest('claimed') })),
    }),
  ],
  [
    'two services, read',
    compared(AZURE, GCS, { require: 'read' }),
    found('match', 'digest', {
      grade: 'read',
      method: 'two-sided-read',
      sides: pair(read({ digest: digest('computed') }), read({ digest: digest('computed') })),
    }),
  ],
  [
    'a dated list',
    compared(DISK, 's3-inventory://reports/shop/'),
    found('match', 'digest', {
      grade: 'stored',
      method: 'one-sided-read',
      sides: pair(read({ digest: digest('computed') }), side({ digest: digest('service'), asOf: DAY })),
    }),
  ],
  [
    'symbolic links',
    compared(DISK, COPY),
    found('match', 'link-target', {
      grade: 'read',
      method: 'link',
      sides: pair(side({ size: undefined, linkTarget: '../a' }), side({ size: undefined, linkTarget: '../a' })),
    }),
  ],
  [
    'a manifest that holds',
    verified(DISK, MANIFEST),
    found('match', 'digest', {
      grade: 'read',
      method: 'one-sided-read',
      sides: {
        expected: side({ digest: digest('recorded', { algorithm: 'sha256', value: SHA }) }),
        source: read({ digest: digest('computed', { algorithm: 'sha256', value: SHA }) }),
      },
    }),
  ],
  [
    'an object with its own CRC',
    verified(GCS),
    found('match', 'digest', {
      grade: 'stored',
      method: 'one-sided-read',
      sides: {
        expected: side({ digest: digest('service', { algorithm: 'crc32c', value: CRC }) }),
        source: read({ digest: digest('computed', { algorithm: 'crc32c', value: CRC }) }),
      },
    }),
  ],
  [
    'a flipped byte, nobody to say where',
    compared(DISK, COPY),
    found('mismatch', 'bytes', { method: 'bytes', firstDifference: 12_344, sides: pair(read(), read()) }),
  ],
  [
    'a truncated copy',
    compared(DISK, S3),
    found('mismatch', 'size', { method: 'size', sides: pair(side(), side({ size: 3 })) }),
  ],
  [
    'one side read, the other rotten or never right',
    compared(DISK, S3),
    found('mismatch', 'digest', {
      method: 'one-sided-read',
      sides: pair(read({ digest: digest('computed') }), side({ digest: digest('service', { value: OTHER_MD5 }) })),
    }),
  ],
  [
    'a side that breaks its own digest',
    compared(DISK, S3, { require: 'read' }),
    found('mismatch', 'digest', {
      method: 'two-sided-read',
      rotten: 'replica',
      rottenBy: 'own-digest',
      sides: pair(
        read({ digest: digest('computed') }),
        read({ digest: digest('computed', { value: OTHER_MD5 }), bytesRead: 40_960 }),
      ),
    }),
  ],
  [
    'one of three copies',
    compared(DISK, COPY, { replicas: [COPY, '/mnt/c'] }),
    found('mismatch', 'bytes', {
      method: 'bytes',
      replica: 1,
      rotten: 'source',
      rottenBy: 'minority',
      sides: pair(read(), read()),
    }),
  ],
  [
    'rot beneath a manifest',
    verified(DISK, MANIFEST),
    found('mismatch', 'digest', {
      method: 'one-sided-read',
      rotten: 'source',
      drift: 'rot',
      sides: {
        expected: side({ digest: digest('recorded') }),
        source: read({ digest: digest('computed', { value: OTHER_MD5 }) }),
      },
    }),
  ],
  [
    'a claim that the bytes do not have',
    verified(AZURE),
    found('mismatch', 'digest', {
      method: 'one-sided-read',
      sides: {
        expected: side({ digest: digest('claimed') }),
        source: read({ digest: digest('computed', { value: OTHER_MD5 }) }),
      },
    }),
  ],
  ['not in the copy', compared(DISK, S3), found('missing', 'absent', { sides: { source: side() } })],
  ['only in the copy', compared(DISK, S3), found('extra', 'absent', { sides: { replica: side() } })],
  [
    'a body that ends early',
    compared(DISK, S3),
    found('unreadable', 'read-failed', {
      rotten: 'replica',
      error: { code: 'corrupt', message: 'It ended after 10 of 20,480 bytes.', side: 'replica' },
      sides: pair(side(), side({ bytesRead: 10 })),
    }),
  ],
  [
    'no permission',
    compared(DISK, S3),
    found('error', 'read-failed', { error: { ...denied, side: 'replica' }, sides: pair(side(), side()) }),
  ],
  [
    'archived',
    compared(DISK, S3),
    found('unverifiable', 'archived', {
      error: { code: 'archived', message: 'It lies in an archive.', side: 'replica' },
      sides: pair(side(), side()),
    }),
  ],
  [
    'a grade that is out of reach',
    compared(DISK, 's3-inventory://reports/shop/', { require: 'read' }),
    found('unverifiable', 'below-required-grade', { sides: pair(side(), side({ asOf: DAY })) }),
  ],
  [
    'a list that is too old',
    compared(DISK, S3),
    found('unverifiable', 'stale', { sides: pair(side(), side({ asOf: DAY })) }),
  ],
  ['no budget left', compared(DISK, S3), found('unverifiable', 'budget', { sides: pair(side(), side()) })],
  [
    'no digest anywhere',
    verified(DISK),
    found('unverifiable', 'no-digest', { method: 'one-sided-read', sides: { source: side({ bytesRead: 20_480 }) } }),
  ],
]
