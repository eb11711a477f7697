import type { Asset } from '@backproof/core/audit'
import type { ProofReport } from '@backproof/core/history'
import type { ObjectFinding } from '@backproof/core/report'
import type { RuleTest } from '@backproof/core/testing'
import { copiesInSync } from '../../src/rules/copies-in-sync.js'
import { compared, DAY, HOUR, NOW, side, verified } from '../proof/report.js'

const DISK = 'file:///srv/backup/shop'
const S3 = 's3://backups/shop/'
const GCS = 'gs://backups-eu/shop/'
const policy = (...uris: string[]): Asset => ({ id: 'shop', plans: [], copies: uris.map((uri) => ({ uri })) })
const ask = (copies: readonly string[], ...reports: ProofReport[]) => ({
  facts: { policy: policy(...copies), reports },
})
const TWO = [DISK, S3]
const THREE = [DISK, S3, GCS]
const absent = { state: 'absent', source: 'policy', observedAt: NOW } as const
const MINUTE = 60_000

/** One object that was written so many minutes before the comparison of an hour ago, and is missing. */
const late = (minutes: number): ObjectFinding => ({
  key: 'orders/new.dump',
  replica: 0,
  outcome: 'missing',
  reason: 'absent',
  sides: { source: { size: 1_000, modified: NOW - HOUR - minutes * MINUTE } },
})

export default {
  rule: copiesInSync,
  cases: [
    {
      name: 'All 40 objects are in the copy',
      ...ask(TWO, compared(DISK, { [S3]: { match: 40 } })),
      expect: {
        message: 'in-sync',
        subject: S3,
        data: { matches: 40, missing: 0, onTheWay: 0, asOf: '2026-11-01T11:00:00.000Z' },
        evidence: ['compared.json'],
      },
    },
    {
      name: 'Two objects are missing in the copy',
      ...ask(TWO, compared(DISK, { [S3]: { match: 38, missing: 2 } })),
      expect: {
        message: 'differs',
        subject: S3,
        data: { missing: 2, mismatch: 0, extra: 0, against: DISK },
        evidence: ['compared.json', 'missing-0', 'missing-1'],
      },
    },
    {
      name: 'Two objects are missing, and two are allowed to be',
      ...ask(TWO, compared(DISK, { [S3]: { match: 38, missing: 2 } })),
      options: { maxMissing: 2 },
      expect: { message: 'in-sync', data: { missing: 2 } },
    },
    {
      name: 'One object has other content',
      ...ask(TWO, compared(DISK, { [S3]: { match: 39, mismatch: 1 } })),
      expect: { message: 'differs', data: { mismatch: 1 }, evidence: ['compared.json', 'mismatch-0'] },
    },
    {
      name: 'The copy holds an object that the primary lost',
      ...ask(TWO, compared(DISK, { [S3]: { match: 40, extra: 1 } })),
      expect: { message: 'differs', data: { extra: 1 } },
    },
    {
      name: 'The copy may hold more',
      ...ask(TWO, compared(DISK, { [S3]: { match: 40, extra: 1 } }, { options: { extras: 'allow' } })),
      options: { extras: 'allow' },
      expect: { message: 'in-sync' },
    },
    {
      name: 'That a run allowed extras does not make them allowed',
      ...ask(TWO, compared(DISK, { [S3]: { match: 40, extra: 1 } }, { options: { extras: 'allow' } })),
      expect: { message: 'differs' },
    },
    {
      name: 'Compared the other way round, the primary has more',
      ...ask(TWO, compared(S3, { [DISK]: { match: 40, extra: 3 } })),
      expect: { message: 'differs', data: { missing: 3, extra: 0, against: DISK } },
    },
    {
      name: 'An object that was written ten minutes before is on its way',
      ...ask(TWO, compared(DISK, { [S3]: { match: 39, missing: 1 } }, { findings: [late(10)] })),
      expect: { message: 'in-sync', data: { onTheWay: 1, missing: 0 } },
    },
    {
      name: 'An object that was written half an hour before is missing',
      ...ask(TWO, compared(DISK, { [S3]: { match: 39, missing: 1 } }, { findings: [late(30)] })),
      expect: { message: 'differs', data: { onTheWay: 0, missing: 1 }, evidence: ['compared.json', 'orders/new.dump'] },
    },
    {
      name: 'An object that claims to be written tomorrow is missing',
      ...ask(TWO, compared(DISK, { [S3]: { match: 39, missing: 1 } }, { findings: [late(-1_440)] })),
      expect: { message: 'differs', data: { missing: 1 } },
    },
    {
      name: 'The copy is the same files under another name',
      ...ask(TWO, compared(DISK, { [S3]: { match: 40, sameFile: 40, read: 40 } })),
      expect: { message: 'same-files', data: { sameFile: 40 } },
    },
    {
      name: 'Sizes are equal, and more is not known',
      ...ask(TWO, compared(DISK, { [S3]: { match: 40, size: 40 } })),
      expect: {
        message: 'not-proven',
        data: { why: 'matches 40 of 40 objects by weaker evidence than is required' },
        evidence: ['compared.json'],
      },
    },
    {
      name: 'Sizes are equal, and that is enough',
      ...ask(TWO, compared(DISK, { [S3]: { match: 40, size: 40 } })),
      options: { compare: 'size' },
      expect: { message: 'in-sync' },
    },
    {
      name: 'Stored digests are equal, and reading is asked for',
      ...ask(TWO, compared(DISK, { [S3]: { match: 40, read: 39 } })),
      options: { compare: 'read' },
      expect: { message: 'not-proven' },
    },
    {
      name: 'Digests that clients claimed, and those are accepted',
      ...ask(TWO, compared(DISK, { [S3]: { match: 40, claimed: 40 } })),
      options: { compare: 'claimed' },
      expect: { message: 'in-sync' },
    },
    {
      name: 'Three objects could not be decided',
      ...ask(TWO, compared(DISK, { [S3]: { match: 37, unverifiable: 3 } })),
      expect: { message: 'not-proven', data: { why: 'left objects undecided: 3' } },
    },
    {
      name: 'No object at all',
      ...ask(TWO, compared(DISK, { [S3]: {} })),
      expect: { message: 'not-proven', data: { why: 'matches no object at all' } },
    },
    {
      name: 'The only report is filtered',
      ...ask(TWO, compared(DISK, { [S3]: { match: 40 } }, { options: { include: ['db/**'], exclude: [] } })),
      expect: {
        message: 'not-proven',
        data: { report: 'compared.json', why: 'is filtered (include, exclude)' },
      },
    },
    {
      name: 'The only report is filtered, and found something missing',
      ...ask(
        TWO,
        compared(DISK, { [S3]: { match: 39, missing: 1 } }, { options: { include: ['db/**'], exclude: [] } }),
      ),
      expect: { message: 'differs', data: { missing: 1 } },
    },
    {
      name: 'The only report is a shard',
      ...ask(
        TWO,
        compared(
          DISK,
          { [S3]: { match: 40 } },
          { covered: [{ shard: { index: 0, count: 2 } }], complete: false, incomplete: [{ reason: 'gap' }] },
        ),
      ),
      expect: { message: 'not-proven', data: { why: 'covers a part of the keys only: merge the parts' } },
    },
    {
      name: 'The only report was cancelled',
      ...ask(TWO, compared(DISK, { [S3]: { match: 40 } }, { complete: false, incomplete: [{ reason: 'aborted' }] })),
      expect: { message: 'not-proven', data: { why: 'is incomplete (aborted)' } },
    },
    {
      name: 'The only report leaves symbolic links out',
      ...ask(TWO, compared(DISK, { [S3]: { match: 40 } }, { source: side(DISK, 40, { excluded: { symlink: 2 } }) })),
      expect: { message: 'not-proven', data: { why: 'leaves entries out (2 x symlink)' } },
    },
    {
      name: 'Markers of folders hold nothing',
      ...ask(
        TWO,
        compared(DISK, { [S3]: { match: 40 } }, { source: side(DISK, 40, { excluded: { 'folder-marker': 2 } }) }),
      ),
      expect: { message: 'in-sync' },
    },
    {
      name: 'The only report is eight days old',
      ...ask(TWO, compared(DISK, { [S3]: { match: 40 } }, { at: NOW - 8 * DAY })),
      expect: { message: 'not-proven', data: { why: 'is 8 days old; 7 are allowed' } },
    },
    {
      name: 'The only report is dated tomorrow',
      ...ask(TWO, compared(DISK, { [S3]: { match: 40 } }, { at: NOW + DAY })),
      expect: { message: 'not-proven', data: { why: 'is dated in the future: a clock is wrong' } },
    },
    {
      name: 'The list that was compared is two weeks old',
      ...ask(
        TWO,
        compared(DISK, { [S3]: { match: 40 } }, { replicas: [side(S3, 40, { asOf: NOW - 14 * DAY, bytesRead: 0 })] }),
      ),
      expect: { message: 'not-proven', data: { why: 'is 14 days old; 7 are allowed' } },
    },
    {
      name: 'The report is about a folder of the copy only',
      ...ask(TWO, compared(DISK, { [`${S3}2026/`]: { match: 40 } })),
      expect: { message: 'no-report', data: { reports: 1 } },
    },
    {
      name: 'The policy leaves the last slash out',
      ...ask([DISK, 's3://backups/shop'], compared(DISK, { [S3]: { match: 40 } })),
      expect: { message: 'similar-uri', data: { place: 's3://backups/shop', similar: S3 } },
    },
    {
      name: 'Verified, but never compared',
      ...ask(TWO, verified(S3, { match: 40 })),
      expect: { message: 'no-report' },
    },
    {
      name: 'Repaired: a later report finds nothing',
      ...ask(
        TWO,
        compared(DISK, { [S3]: { match: 38, missing: 2 } }, { at: NOW - 2 * DAY, name: 'monday.json' }),
        compared(DISK, { [S3]: { match: 40 } }, { name: 'wednesday.json' }),
      ),
      expect: { message: 'in-sync', evidence: ['wednesday.json'] },
    },
    {
      name: 'Broken since: a later report finds something',
      ...ask(
        TWO,
        compared(DISK, { [S3]: { match: 40 } }, { at: NOW - 2 * DAY, name: 'monday.json' }),
        compared(DISK, { [S3]: { match: 38, missing: 2 } }, { name: 'wednesday.json' }),
      ),
      expect: { message: 'differs', data: { missing: 2 } },
    },
    {
      name: 'Of three copies one differs',
      ...ask(THREE, compared(DISK, { [S3]: { match: 40 }, [GCS]: { match: 39, mismatch: 1 } })),
      expect: [
        { message: 'in-sync', subject: S3 },
        { message: 'differs', subject: GCS, data: { against: DISK } },
      ],
    },
    {
      name: 'The third copy was compared with the second',
      ...ask(
        THREE,
        compared(DISK, { [S3]: { match: 40 } }),
        compared(S3, { [GCS]: { match: 40 } }, { name: 'clouds.json' }),
      ),
      expect: [
        { message: 'in-sync', subject: S3 },
        { message: 'in-sync', subject: GCS, evidence: ['compared.json', 'clouds.json'] },
      ],
    },
    {
      name: 'The third copy was compared with the second, which differs from the first',
      ...ask(
        THREE,
        compared(DISK, { [S3]: { match: 39, missing: 1 } }),
        compared(S3, { [GCS]: { match: 39 } }, { name: 'clouds.json' }),
      ),
      expect: [
        { message: 'differs', subject: S3 },
        { message: 'not-proven', subject: GCS, data: { report: 'clouds.json' } },
      ],
    },
    {
      name: 'Both copies were compared with the live data, which is no copy',
      ...ask([S3, GCS], compared('file:///srv/shop', { [S3]: { match: 40 }, [GCS]: { match: 40 } })),
      expect: { message: 'in-sync', subject: GCS },
    },
    {
      name: 'Both copies were compared with the live data, and one lacks an object',
      ...ask([S3, GCS], compared('file:///srv/shop', { [S3]: { match: 40 }, [GCS]: { match: 39, missing: 1 } })),
      expect: { message: 'differs', subject: GCS, data: { missing: 1, against: S3 } },
    },
    {
      name: 'The policy names one copy',
      ...ask([S3]),
      expect: { message: 'one-copy', data: { primary: S3 } },
    },
    {
      name: 'The policy names one copy twice',
      ...ask([S3, S3]),
      expect: { message: 'one-copy' },
    },
    {
      name: 'The policy names no copies',
      ...ask([]),
      expect: { message: 'no-copies' },
    },
    {
      name: 'There are no reports',
      facts: { policy: policy(...TWO), reports: absent },
      expect: { message: 'no-report', data: { reports: 0 } },
    },
  ],
  absent: {
    policy: { message: 'no-copies' },
    reports: { message: 'no-report', subject: S3 },
  },
  boundaries: {
    maxMissing: {
      question: ask(TWO, compared(DISK, { [S3]: { match: 38, missing: 2 } })),
      limit: 2,
      at: 'in-sync',
      stricter: 'differs',
      laxer: 'in-sync',
    },
    maxLagMinutes: {
      question: ask(TWO, compared(DISK, { [S3]: { match: 39, missing: 1 } }, { findings: [late(20)] })),
      limit: 20,
      at: 'in-sync',
      stricter: 'differs',
      laxer: 'in-sync',
    },
    maxAgeDays: {
      question: ask(TWO, compared(DISK, { [S3]: { match: 40 } }, { at: NOW - 9 * DAY })),
      limit: 9,
      at: 'in-sync',
      stricter: 'not-proven',
      laxer: 'in-sync',
    },
  },
} satisfies RuleTest
