import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/evidence/evidence.js'
import { byteCount, exitCode, type ObjectFinding, type RunResult, summarize } from '../../src/report/index.js'
import { identity, type MakeResult, makeFinding, makeResult, matches, OUTCOMES } from './make-result.js'

const sentence = (given: MakeResult): string => summarize(makeResult(given)).sentence
const digest = { algorithm: 'sha256', value: 'ab', provenance: 'computed' } as const
const digests = { sides: { source: { size: 10, digest }, replica: { size: 10, digest } }, reason: 'digest' } as const
const sized = (more: Partial<RunResult['source']> = {}): RunResult['source'] =>
  identity('file:///a', { objects: 12, bytes: 31_400_000, ...more })

describe('summarize says what was proven', () => {
  it.each<[MakeResult, string]>([
    [
      { findings: matches(2_114), more: { source: sized() } },
      'Proven: all 2,114 objects (31.4 MB) of file:///a are in file:///b, byte for byte (every byte of both sides was read).',
    ],
    [
      { findings: matches(1) },
      'Proven: the only object (10 bytes) of file:///a is in file:///b, byte for byte (every byte of both sides was read).',
    ],
    [
      { findings: matches(2, { ...digests, method: 'two-sided-read' }) },
      'Proven: all 2 objects (20 bytes) of file:///a are in file:///b, by equal sha256 digests (every byte of both sides was read).',
    ],
    [
      { findings: matches(2, { ...digests, method: 'one-sided-read' }) },
      'Proven: all 2 objects (20 bytes) of file:///a are in file:///b, against recorded sha256 digests.',
    ],
    [
      { findings: matches(2, { ...digests, method: 'digest', grade: 'stored' }) },
      'Proven: all 2 objects (20 bytes) of file:///a are in file:///b, by digests that a storage service or a record vouches for; nothing of file:///a was read: require `read` to see what rots beneath stored digests.',
    ],
    [
      { findings: matches(2, { reason: 'size', method: 'size', grade: 'size' }) },
      'Proven weakly: all 2 objects (20 bytes) of file:///a are in file:///b, by size only: contents were not compared.',
    ],
    [
      { findings: [makeFinding('a'), makeFinding('b', 'match', { method: 'size', reason: 'size', grade: 'size' })] },
      'Proven weakly: all 2 objects (20 bytes) of file:///a are in file:///b, 1 by reading every byte and 1 by size only: contents were not compared.',
    ],
    [
      { findings: [0, 1].flatMap((replica) => matches(2, { replica })), replicas: 2 },
      'Proven: all 2 objects (20 bytes) of file:///a are in file:///b and file:///c, byte for byte (every byte of both sides was read).',
    ],
    [
      { findings: matches(12), more: { source: sized({ bytes: 120, excluded: { filter: 2_000 } }) } },
      'Proven: all 12 objects that the filter let through (120 bytes) of file:///a are in file:///b, byte for byte (every byte of both sides was read); 2,000 entries excluded (2,000 filter).',
    ],
    [
      { findings: matches(12), more: { source: sized({ bytes: 120, excluded: { symlink: 1 } }) } },
      'Proven: all 12 objects that were not left out (120 bytes) of file:///a are in file:///b, byte for byte (every byte of both sides was read); 1 entry excluded (1 symlink).',
    ],
    [
      { findings: [...matches(3, { notes: ['same-file'] }), makeFinding('x', 'extra')], options: { extras: 'allow' } },
      'Proven: all 3 objects (30 bytes) of file:///a are in file:///b, byte for byte (every byte of both sides was read); 1 extra object allowed; 3 objects are hard links to the same file: not an independent copy.',
    ],
    [
      {
        findings: matches(2, { ...digests, method: 'one-sided-read' }),
        more: { kind: 'verify', replicas: [], expected: identity('file:///m') },
      },
      'Proven: all 2 objects (20 bytes) of file:///a have the digests that file:///m records (every byte was read; sha256).',
    ],
  ])('%#', (given, expected) => {
    expect(summarize(makeResult(given))).toMatchObject({ proven: true, sentence: expected })
  })
})

describe('summarize says what was not proven', () => {
  const found = (outcomes: readonly Outcome[], good = 5): ObjectFinding[] => [
    ...matches(good),
    ...outcomes.map((outcome, i) => makeFinding(`x${i}`, outcome)),
  ]

  it.each<[MakeResult, string]>([
    [
      { findings: found(['mismatch', 'mismatch', 'missing', 'extra', 'unreadable'], 2_109) },
      'NOT proven: 5 of 2,114 objects differ or are unreadable: 2 mismatch, 1 missing, 1 extra, 1 unreadable.',
    ],
    [{ findings: found(['missing']) }, 'NOT proven: 1 of 6 objects differs: 1 missing.'],
    [{ findings: found(['unreadable']) }, 'NOT proven: 1 of 6 objects is unreadable: 1 unreadable.'],
    [{ findings: found(['error', 'changed']) }, 'NOT proven: 2 of 7 objects could not be decided: 1 changed, 1 error.'],
    [
      { findings: found(['missing', 'error']) },
      'NOT proven: 1 of 7 objects differs: 1 missing; 1 more could not be decided: 1 error.',
    ],
    [
      { findings: found(['missing', 'extra']), options: { extras: 'allow' } },
      'NOT proven: 1 of 6 objects differs: 1 missing.',
    ],
    [{}, 'NOT proven: there was nothing to compare (0 objects).'],
    [{ more: { kind: 'verify', replicas: [] } }, 'NOT proven: there was nothing to verify (0 objects).'],
    [
      { more: { source: identity('file:///a', { excluded: { filter: 3 } }) } },
      'NOT proven: there was nothing to compare (0 objects; 3 excluded).',
    ],
    [
      { findings: [makeFinding('x', 'extra')], options: { extras: 'allow' } },
      'NOT proven: there was nothing to compare (0 objects; 1 extra object allowed, which proves nothing).',
    ],
    [
      { findings: matches(4), piece: { range: { from: 'a', to: 'n' }, shard: { index: 0, count: 1 } } },
      'NOT proven as a whole, this is only a part (keys from "a" before "n", shard 0 of 1, counted from 0): all 4 objects (40 bytes) of file:///a are in file:///b, byte for byte (every byte of both sides was read).',
    ],
    [
      { findings: matches(4), more: { complete: false, incomplete: [{ reason: 'aborted' }] } },
      'NOT proven: the run was cancelled after 4 findings.',
    ],
    [
      { more: { complete: false, incomplete: [{ reason: 'aborted' }] } },
      'NOT proven: the run was cancelled after 0 findings.',
    ],
    [
      { findings: matches(1), more: { complete: false, incomplete: [{ reason: 'left-early' }] } },
      'NOT proven: the run was stopped early by its caller, after 1 finding.',
    ],
    [
      {
        findings: matches(4),
        more: {
          complete: false,
          incomplete: [
            {
              reason: 'failed',
              side: 'replica',
              replica: 0,
              error: { code: 'access-denied', message: 'No permission.' },
            },
          ],
        },
      },
      'NOT proven: file:///b could not be listed to its end (No permission).',
    ],
  ])('%#', (given, expected) => {
    expect(summarize(makeResult(given))).toMatchObject({ proven: false, sentence: expected })
  })

  it('agrees with the exit code, whatever the result', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...OUTCOMES), { maxLength: 6 }),
        fc.constantFrom('fail', 'allow'),
        fc.constantFrom({}, { range: { to: 'k000001' } }),
        fc.constantFrom<readonly RunResult['incomplete'][number][]>(
          [],
          [{ reason: 'aborted' }],
          [{ reason: 'failed' }],
        ),
        fc.integer({ min: 1, max: 2 }),
        (outcomes, extras, piece, incomplete, replicas) => {
          const findings = outcomes.map((outcome, i) => makeFinding(`k${i}`, outcome, { replica: i % replicas }))
          const more = incomplete.length > 0 ? { complete: false, incomplete } : {}
          const result = makeResult({ findings, options: { extras }, piece, replicas, more })
          const { proven, sentence: text } = summarize(result)
          expect(proven).toBe(exitCode(result) === 0)
          expect(text).toMatch(proven ? /^Proven/ : /^NOT proven/)
          expect(text.endsWith('.')).toBe(true)
          expect(text).not.toMatch(/undefined|NaN|: \.|\(\)/)
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('details', () => {
  it('tell evidence, every side, and what was not kept', () => {
    const { details } = summarize(
      makeResult({
        findings: [...matches(3), makeFinding('x', 'missing'), makeFinding('y', 'extra')],
        findingsLimit: 1,
        more: { source: identity('file:///a', { objects: 4, bytes: 40, bytesRead: 30, excluded: { symlink: 2 } }) },
      }),
    )
    expect(details).toEqual([
      'Evidence of matches by grade: 3 read (3 byte for byte)',
      'file:///a: 4 objects, 40 bytes; 30 bytes read for proofs; excluded: 2 symlink',
      'file:///b: 0 objects, 0 bytes; 0 bytes read for proofs',
      '1 further finding not kept in this result (limit 1)',
    ])
  })

  it('name each replica where there are several', () => {
    const findings = [makeFinding('a'), makeFinding('a', 'missing', { replica: 1 })]
    const { details } = summarize(makeResult({ findings, replicas: 2 }))
    expect(details.slice(0, 2)).toEqual(['file:///b: 1 match', 'file:///c: 1 missing'])
  })

  it('do not print control characters of keys', () => {
    expect(sentence({ findings: matches(1), piece: { range: { from: 'a\u001b[2J' } } })).toContain(
      'keys from "a\\x1b[2J"',
    )
  })
})

describe('byteCount', () => {
  it.each<[number, string]>([
    [0, '0 bytes'],
    [1, '1 byte'],
    [9_999, '9,999 bytes'],
    [10_000, '10.0 kB'],
    [99_949, '99.9 kB'],
    [99_951, '100 kB'],
    [999_499, '999 kB'],
    [999_500, '1.00 MB'],
    [31_400_000, '31.4 MB'],
    [9_994_999_999, '9.99 GB'],
    [1e15, '1.00 PB'],
    [2 ** 53, '9.01 PB'],
  ])('%d is %s', (bytes, text) => {
    expect(byteCount(bytes)).toBe(text)
  })
})
