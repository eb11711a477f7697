import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AUDIT_STATUSES, type AuditResult, SEVERITIES } from '../../src/audit/index.js'
import { exitCode, summarizeAudit } from '../../src/report/index.js'
import { makeAuditResult, type Short } from './make-audit-result.js'

const aborted = { complete: false, incomplete: [{ reason: 'aborted' }] } as const

describe('the exit code of an audit', () => {
  it.each<[string, AuditResult, 0 | 1 | 3]>([
    ['all pass', makeAuditResult(['pass', 'pass']), 0],
    ['some do not apply', makeAuditResult(['pass', 'not-applicable']), 0],
    ['a failure', makeAuditResult(['pass', 'fail info']), 1],
    ['a waived failure', makeAuditResult(['pass', 'fail critical waived']), 0],
    ['nothing but waived failures', makeAuditResult(['fail high waived']), 0],
    ['one waived, one not', makeAuditResult(['fail high waived', 'fail low']), 1],
    ['unknown', makeAuditResult(['pass', 'unknown']), 3],
    ['review', makeAuditResult(['pass', 'review']), 3],
    ['error', makeAuditResult(['pass', 'error']), 3],
    ['a waived failure and unknown', makeAuditResult(['fail high waived', 'unknown']), 3],
    ['nothing is applicable', makeAuditResult(['not-applicable']), 3],
    ['zero rows', makeAuditResult([]), 3],
    ['incomplete', makeAuditResult(['pass'], aborted), 3],
    ['1 beats 3', makeAuditResult(['fail high', 'error', 'unknown'], aborted), 1],
  ])('%s', (_, result, code) => {
    expect(exitCode(result)).toBe(code)
  })
})

const lost = { findings: 2, rules: ['restore-test-recent', 'restore-test-passed'] } as const

describe('the sentence of an audit', () => {
  it.each<[string, AuditResult, string]>([
    ['all pass', makeAuditResult(['pass', 'pass', 'not-applicable']), 'Proven: all 2 checks pass; score 100 %.'],
    ['one passes', makeAuditResult(['pass']), 'Proven: the only check passes; score 100 %.'],
    [
      'waived failures',
      makeAuditResult(['pass', 'pass', 'fail low waived']),
      'Proven but for 1 waived failure: 2 of 3 checks pass, 1 fails and is waived; score 66.6 %.',
    ],
    [
      'failures, unknown, review, error',
      makeAuditResult(
        ['pass', 'fail critical', 'fail low', 'fail low waived', 'unknown', 'unknown', 'review', 'error'],
        { lost: [{ token: 'restore.drills', reason: 'not-collected', ...lost }] },
      ),
      'NOT proven: 2 of 8 checks fail (1 critical, 1 low); 1 fails and is waived; 2 cannot be decided (no collector gives restore.drills); 1 needs the judgement of a person; 1 ended in an error; score 12.5 %.',
    ],
    [
      'unknown for a permission, and more',
      makeAuditResult(['pass', 'unknown'], {
        lost: [
          { token: 'bucket.lock', reason: 'denied', missingPermission: 's3:GetObjectLock', ...lost },
          { token: 'job.runs', reason: 'stale', ...lost },
          { token: 'c.d', reason: 'of-tomorrow', ...lost },
          { token: 'e.f', reason: 'throttled', ...lost },
          ...[1, 2, 3, 4].map((i) => ({ token: `m.${i}`, reason: 'not-collected', ...lost })),
        ],
      }),
      'NOT proven: 1 of 2 checks cannot be decided (no collector gives m.1, m.2 and 2 more; bucket.lock may not be read (s3:GetObjectLock is missing); job.runs is too old; c.d: of-tomorrow; 1 further fact); score 50 %.',
    ],
    ['the only one fails', makeAuditResult(['fail high']), 'NOT proven: the only check fails (1 high); score 0 %.'],
    [
      'the only one is waived',
      makeAuditResult(['fail low waived']),
      'Proven but for 1 waived failure: the only check fails and is waived; score 0 %.',
    ],
    [
      'one of two is waived',
      makeAuditResult(['pass', 'fail low waived']),
      'Proven but for 1 waived failure: 1 of 2 checks passes, 1 fails and is waived; score 50 %.',
    ],
    ['the only one is open', makeAuditResult(['unknown']), 'NOT proven: the only check cannot be decided; score 0 %.'],
    [
      'many are open',
      makeAuditResult(Array.from({ length: 1_200 }, () => 'unknown' as const)),
      'NOT proven: 1,200 of 1,200 checks cannot be decided; score 0 %.',
    ],
    ['nothing', makeAuditResult([]), 'NOT proven: there was nothing to check (0 findings).'],
    ['broken off at once', makeAuditResult([], aborted), 'NOT proven: the run was cancelled after 0 findings.'],
    ['nothing applies', makeAuditResult(['not-applicable']), 'NOT proven: nothing was applicable (1 finding).'],
    [
      'incomplete',
      makeAuditResult(['pass'], {
        complete: false,
        incomplete: [
          { reason: 'discovery', collector: 'aws', error: { code: 'access-denied', message: 'No permission.' } },
        ],
      }),
      'NOT proven: aws could not tell which targets there are (No permission); score 100 %.',
    ],
  ])('%s', (_, result, sentence) => {
    expect(summarizeAudit(result).sentence).toBe(sentence)
  })

  it('rounds the score down: 100 % means all', () => {
    const shorts = [...Array.from({ length: 2_999 }, (): Short => 'pass'), 'fail low waived' as const]
    expect(summarizeAudit(makeAuditResult(shorts)).sentence).toContain('score 99.9 %')
  })

  it('says proven where the exit code is 0, and names every count', () => {
    const short: fc.Arbitrary<Short> = fc.oneof(
      fc.constantFrom(...AUDIT_STATUSES.filter((status) => status !== 'fail')),
      fc
        .tuple(fc.constantFrom(...SEVERITIES), fc.boolean())
        .map(([severity, waived]): Short => (waived ? `fail ${severity} waived` : `fail ${severity}`)),
    )
    fc.assert(
      fc.property(fc.array(short, { maxLength: 12 }), fc.boolean(), (shorts, complete) => {
        const result = makeAuditResult(shorts, complete ? {} : aborted)
        const { proven, sentence } = summarizeAudit(result)
        expect(proven).toBe(exitCode(result) === 0)
        expect(sentence.startsWith(proven ? 'Proven' : 'NOT proven: ')).toBe(true)
        for (const severity of SEVERITIES)
          if (result.failing[severity] > 0) expect(sentence).toContain(`${result.failing[severity]} ${severity}`)
        if (result.totals.waived > 0) expect(sentence).toContain('waived')
      }),
    )
  })
})

it('details tell of targets, histories, and what is left out', () => {
  const result = makeAuditResult(['fail high', 'unknown', 'unknown'], {
    targets: { asset: 2, 'recovery-point': 1, store: 0 },
    histories: [
      { token: 'job.runs', sources: ['runs.jsonl'], items: 1_234, duplicates: 2, unassigned: 3 },
      { token: 'restore.drills', sources: [], items: 0, duplicates: 0, unassigned: 0 },
    ],
    findingsOmitted: 7,
  })
  expect(summarizeAudit(result).details).toEqual([
    '1 rule asked about 2 assets, 1 recovery point and the estate, as of 2026-11-22T20:00:00.000Z',
    'job.runs: 1,234 items from runs.jsonl; 2 more told twice; 3 of them about targets that are not audited',
    '7 further findings not kept in this result (limit 1,000)',
  ])
})
