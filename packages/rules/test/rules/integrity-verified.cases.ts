import type { Asset } from '@backproof/core/audit'
import type { ProofReport } from '@backproof/core/history'
import type { RunResult } from '@backproof/core/report'
import type { RuleTest } from '@backproof/core/testing'
import { integrityVerified } from '../../src/rules/integrity-verified.js'
import { compared, DAY, NOW, side, verified } from '../proof/report.js'

const DISK = 'file:///srv/backup/shop'
const S3 = 's3://backups/shop/'
const policy = (...uris: string[]): Asset => ({ id: 'shop', plans: [], copies: uris.map((uri) => ({ uri })) })
const ask = (copies: readonly string[], ...reports: ProofReport[]) => ({
  facts: { policy: policy(...copies), reports },
})
const absent = { state: 'absent', source: 'policy', observedAt: NOW } as const

/** A verification that read some of the 1,000 objects of a copy. */
const sampled = (taken: number, more: Partial<RunResult> & { readonly name?: string } = {}): ProofReport =>
  verified(
    S3,
    { match: taken },
    {
      source: side(S3, 1_000, { bytesRead: taken * 1_000 }),
      sample: {
        plan: { limit: { count: taken }, seed: 'shop', by: 'objects' },
        confidence: 0.95,
        strata: [],
        sampled: taken,
        sampledBytes: taken * 1_000,
        population: 1_000,
        populationBytes: 1_000_000,
        failing: 0,
        failingBytes: 0,
        upper: 30,
        upperShare: 0.03,
      },
      ...more,
    },
  )

export default {
  rule: integrityVerified,
  cases: [
    {
      name: 'The whole copy was read and proven',
      ...ask([S3], verified(S3, { match: 1_000 })),
      expect: {
        message: 'verified',
        subject: S3,
        data: { percent: 100, damaged: 0, limit: 10, asOf: '2026-11-01T11:00:00.000Z' },
        evidence: ['verified.json'],
      },
    },
    {
      name: 'A sample of a fifth was read',
      ...ask([S3], sampled(200)),
      expect: { message: 'verified', data: { percent: 20, proven: 200_000, bytes: 1_000_000 } },
    },
    {
      name: 'A sample of a twentieth was read',
      ...ask([S3], sampled(50)),
      expect: { message: 'too-little', data: { percent: 5, limit: 10 }, evidence: ['verified.json'] },
    },
    {
      name: 'All was read, but only digests of weak kinds could be checked',
      ...ask([S3], verified(S3, { match: 1_000, read: 0 })),
      expect: { message: 'too-little', data: { percent: 0 } },
    },
    {
      name: 'Both copies were read and compared',
      ...ask([DISK, S3], compared(DISK, { [S3]: { match: 1_000, read: 1_000 } })),
      expect: [
        { message: 'verified', subject: DISK },
        { message: 'verified', subject: S3 },
      ],
    },
    {
      name: 'Compared by stored digests: nothing was read',
      ...ask([S3], compared(DISK, { [S3]: { match: 1_000 } })),
      expect: { message: 'too-little', data: { percent: 0 } },
    },
    {
      name: 'A list of the copy was compared: lists have no bytes',
      ...ask(
        [S3],
        compared(
          DISK,
          { [S3]: { match: 1_000, read: 1_000 } },
          { replicas: [side(S3, 1_000, { asOf: NOW - DAY, bytesRead: 0 })] },
        ),
      ),
      expect: { message: 'too-little', data: { percent: 0 } },
    },
    {
      name: 'Three objects are damaged',
      ...ask([S3], verified(S3, { match: 997, mismatch: 2, unreadable: 1 })),
      expect: {
        message: 'damaged',
        subject: S3,
        data: { damaged: 3, mismatch: 2, unreadable: 1, missing: 0 },
        evidence: ['verified.json', 'mismatch-0', 'mismatch-1', 'unreadable-0'],
      },
    },
    {
      name: 'Three objects are damaged, and three are accepted',
      ...ask([S3], verified(S3, { match: 997, mismatch: 3 })),
      options: { maxMismatches: 3 },
      expect: { message: 'verified', data: { damaged: 3 } },
    },
    {
      name: 'An object that the manifest names is gone',
      ...ask([S3], verified(S3, { match: 999, missing: 1 })),
      expect: { message: 'damaged', data: { missing: 1 }, evidence: ['verified.json', 'missing-0'] },
    },
    {
      name: 'The copies differ, and nobody knows which is damaged',
      ...ask([DISK, S3], compared(DISK, { [S3]: { match: 999, mismatch: 1, read: 999 } })),
      expect: [
        { message: 'damaged', subject: DISK },
        { message: 'damaged', subject: S3 },
      ],
    },
    {
      name: 'The copies differ, and the report knows which is damaged',
      ...ask(
        [DISK, S3],
        compared(
          DISK,
          { [S3]: { match: 999, mismatch: 1, read: 999 } },
          {
            findings: [
              {
                key: 'orders',
                replica: 0,
                outcome: 'mismatch',
                reason: 'digest',
                rotten: 'replica',
                rottenBy: 'own-digest',
              },
            ],
          },
        ),
      ),
      expect: [
        { message: 'verified', subject: DISK, data: { percent: 99.9 } },
        { message: 'damaged', subject: S3, evidence: ['compared.json', 'orders'] },
      ],
    },
    {
      name: 'What a comparison finds missing is no damage of what is there',
      ...ask([S3], compared(DISK, { [S3]: { match: 900, missing: 100, read: 900 } })),
      expect: { message: 'verified', data: { percent: 100 } },
    },
    {
      name: 'A filtered report found damage',
      ...ask([S3], verified(S3, { match: 9, mismatch: 1 }, { options: { include: ['db/**'] } })),
      expect: { message: 'damaged', data: { damaged: 1 } },
    },
    {
      name: 'The listing found the archive corrupt',
      ...ask(
        [S3],
        verified(
          S3,
          { match: 900 },
          {
            complete: false,
            incomplete: [
              {
                reason: 'failed',
                side: 'source',
                error: {
                  name: 'BackupError',
                  code: 'corrupt',
                  message: 'The archive ends early.',
                  retryable: false,
                } as never,
              },
            ],
          },
        ),
      ),
      expect: { message: 'damaged', data: { unreadable: 1 } },
    },
    {
      name: 'Damage of last month, and a sample without since',
      ...ask(
        [S3],
        verified(S3, { match: 999, mismatch: 1 }, { at: NOW - 40 * DAY, name: 'september.json' }),
        sampled(200, { name: 'october.json' }),
      ),
      expect: { message: 'damaged', data: { asOf: '2026-09-22T12:00:00.000Z' } },
    },
    {
      name: 'Damage of last month, and all was read since',
      ...ask(
        [S3],
        verified(S3, { match: 999, mismatch: 1 }, { at: NOW - 40 * DAY, name: 'september.json' }),
        verified(S3, { match: 1_000 }, { name: 'october.json' }),
      ),
      expect: { message: 'verified', evidence: ['october.json'] },
    },
    {
      name: 'The only report is filtered',
      ...ask([S3], verified(S3, { match: 1_000 }, { options: { exclude: ['*.tmp'] } })),
      expect: { message: 'not-verified', data: { why: 'is filtered (include, exclude)' }, evidence: ['verified.json'] },
    },
    {
      name: 'The only report was cancelled',
      ...ask([S3], verified(S3, { match: 1_000 }, { complete: false, incomplete: [{ reason: 'aborted' }] })),
      expect: { message: 'not-verified', data: { why: 'is incomplete (aborted)' } },
    },
    {
      name: 'The only report is 31 days old',
      ...ask([S3], verified(S3, { match: 1_000 }, { at: NOW - 31 * DAY })),
      expect: { message: 'not-verified', data: { why: 'is 31 days old; 30 are allowed' } },
    },
    {
      name: 'The policy leaves the last slash out',
      ...ask(['s3://backups/shop'], verified(S3, { match: 1_000 })),
      expect: { message: 'similar-uri', data: { similar: S3 } },
    },
    {
      name: 'The report is about a bucket with a similar name',
      ...ask([S3], verified('s3://backups/shop-old/', { match: 1_000 })),
      expect: { message: 'no-report', data: { reports: 1 } },
    },
    {
      name: 'Of two copies one was never verified',
      ...ask([DISK, S3], verified(DISK, { match: 1_000 })),
      expect: [
        { message: 'verified', subject: DISK },
        { message: 'no-report', subject: S3 },
      ],
    },
    {
      name: 'An empty copy',
      ...ask([S3], verified(S3, {})),
      expect: { message: 'too-little', data: { percent: 0 } },
    },
    {
      name: 'The policy names no copies',
      ...ask([]),
      expect: { message: 'no-copies' },
    },
    {
      name: 'There are no reports',
      facts: { policy: policy(S3), reports: absent },
      expect: { message: 'no-report', data: { reports: 0 } },
    },
  ],
  absent: {
    policy: { message: 'no-copies' },
    reports: { message: 'no-report', subject: S3 },
  },
  boundaries: {
    maxAgeDays: {
      question: ask([S3], verified(S3, { match: 1_000 }, { at: NOW - 9 * DAY })),
      limit: 9,
      at: 'verified',
      stricter: 'not-verified',
      laxer: 'verified',
    },
    minCoveragePercent: {
      question: ask([S3], sampled(125)),
      limit: 12.5,
      at: 'verified',
      stricter: 'too-little',
      laxer: 'verified',
    },
    maxMismatches: {
      question: ask([S3], verified(S3, { match: 998, mismatch: 2 })),
      limit: 2,
      at: 'verified',
      stricter: 'damaged',
      laxer: 'verified',
    },
  },
} satisfies RuleTest
