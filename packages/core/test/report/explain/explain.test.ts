import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Digest, Provenance } from '../../../src/digest/digest.js'
import { GRADES, type Grade, type ProofMethod } from '../../../src/evidence/evidence.js'
import {
  type ExplainContext,
  type Explanation,
  explain,
  explainVerdict,
  type ObjectFinding,
  type Reason,
  type SideEvidence,
} from '../../../src/report/index.js'
import { makeResult, OUTCOMES } from '../make-result.js'
import { CASES, compared, verified } from './cases.js'

const METHODS: Readonly<Record<ProofMethod, true>> = {
  digest: true,
  'derived-digest': true,
  'one-sided-read': true,
  'two-sided-read': true,
  bytes: true,
  size: true,
  link: true,
  none: true,
}
/** What the engines undecide by; the others decide. */
const REASONS: Readonly<Record<Reason, 'undecided' | 'other'>> = {
  bytes: 'other',
  digest: 'other',
  size: 'other',
  'link-target': 'other',
  kind: 'other',
  metadata: 'undecided',
  absent: 'other',
  'no-common-digest': 'undecided',
  'no-digest': 'undecided',
  'below-required-grade': 'undecided',
  'below-required-strength': 'undecided',
  'claim-differs': 'undecided',
  archived: 'undecided',
  stale: 'undecided',
  'newer-than-list': 'undecided',
  budget: 'undecided',
  'read-ceiling': 'undecided',
  'key-collision': 'undecided',
  special: 'undecided',
  'read-failed': 'undecided',
  'listing-failed': 'undecided',
  'changed-while-read': 'other',
}
const PROVENANCES: readonly (Provenance | undefined)[] = ['computed', 'service', 'recorded', 'claimed', undefined]
const RUNS: readonly ExplainContext[] = [
  compared('file:///a', 's3://b/'),
  verified('gs://a/', 'file:///m'),
  verified('azblob://a/b/'),
]

const names = <T extends string>(of: Readonly<Record<T, unknown>>): readonly T[] => Object.keys(of) as T[]

interface Combination {
  readonly of: ExplainContext
  readonly finding: ObjectFinding
  readonly side: SideEvidence
}

function* combinations(): Generator<Combination> {
  for (const of of RUNS)
    for (const outcome of OUTCOMES)
      for (const reason of names(REASONS))
        for (const grade of [...GRADES, undefined] as (Grade | undefined)[])
          for (const method of names(METHODS))
            for (const provenance of PROVENANCES) {
              const digest: Digest | undefined =
                provenance === undefined ? undefined : { algorithm: 'md5', value: 'ab', provenance }
              const side = { size: 10, bytesRead: provenance === 'computed' ? 10 : 0, grade, digest }
              const sides = of.kind === 'verify' ? { expected: side, source: side } : { source: side, replica: side }
              yield { of, side, finding: { key: 'k', replica: 0, outcome, reason, grade, method, sides } }
            }
}

/** What is wrong with the explanation of a finding, in the words of this test. */
const faultsOf = ({ finding, side }: Combination, told: Explanation): string[] => {
  const { verdict, evidence, reading, blame, next, sentences } = told
  const has = (part: readonly string[], what: RegExp): boolean => part.some((one) => what.test(one))
  const faults: string[] = []
  const must = (holds: boolean, fault: string): void => {
    if (!holds) faults.push(fault)
  }
  must(verdict.length >= 2 && reading.length > 0 && next.length > 0, 'a part is empty')
  must(
    sentences.every((one) => /^[^a-z\s].*[^.\s]\.$/s.test(one)),
    'no sentence',
  )
  must(!has(sentences, /undefined|NaN|\[object|null|Infinity/), 'a hole')
  const { outcome, reason } = finding
  const provenance = side.digest?.provenance
  if (outcome === 'match') {
    must(
      has(verdict, finding.grade === undefined ? /^Match: / : new RegExp(`^Match at grade \`${finding.grade}\``)),
      'grade',
    )
    must(blame.length === 0, 'a match blames')
    must(
      finding.grade === 'read' || reason === 'link-target' || has(next, /`read`|'read'/),
      'nothing to raise the grade',
    )
  } else {
    must(!has(verdict, /^Match/) && !has(sentences, /\b(is|are) equal\b/), 'says equal')
    must(has(verdict, new RegExp(`^${outcome}`, 'i')), 'outcome')
  }
  must(has(evidence, /is a claim/) === (provenance === 'claimed'), 'a claim')
  const services = /is stored by (the S3 service|Azure Blob Storage|Google Cloud Storage|the storage service)/
  must(has(evidence, services) === (provenance === 'service'), 'who stores it')
  must(has(evidence, /was computed in this run/) === (provenance === 'computed'), 'who computed it')
  must(has(evidence, /you trust the record/) === (provenance === 'recorded'), 'who recorded it')
  must(has(evidence, /No digest|no digest was compared/) === (provenance === undefined), 'no digest')
  const readable = provenance !== 'recorded'
  must(!readable || has(reading, side.bytesRead === 0 ? /0 bytes were read/ : /10 bytes were read/), 'what was read')
  const hides = outcome === 'match' && readable && side.bytesRead === 0
  must(has(reading, /would not have been seen/) === hides, 'what is not seen')
  must(!has(blame, /damaged side/), 'blames without reason')
  must(outcome !== 'mismatch' || blame.length > 0, 'a mismatch without a word about who is wrong')
  return faults
}

describe('explain', () => {
  it('tells every combination in sentences that are true of it', () => {
    const faults = new Map<string, string>()
    let count = 0
    for (const combination of combinations()) {
      count += 1
      const told = explain(combination.finding, combination.of)
      for (const fault of faultsOf(combination, told))
        if (!faults.has(fault)) faults.set(fault, `${JSON.stringify(combination.finding)}\n${told.text}`)
    }
    expect(count).toBe(RUNS.length * OUTCOMES.length * 22 * 5 * 8 * 5)
    expect(Object.fromEntries(faults)).toEqual({})
  })

  it('says what the most important findings mean', async () => {
    const text = CASES.map(
      ([title, of, finding]) => `# ${title}\n\n${explain({ key: 'db/a.sql', replica: 0, ...finding }, of).text}\n`,
    )
    await expect(text.join('\n')).toMatchFileSnapshot('./explanations.md')
  })

  it('has words of its own for every reason by which nothing is decided', () => {
    const undecided = names(REASONS).filter((reason) => REASONS[reason] === 'undecided')
    const told = undecided.map((reason) => {
      const { verdict, next } = explain({ key: 'k', outcome: 'unverifiable', reason }, RUNS[0]!)
      expect(verdict[1], reason).not.toContain('nothing decided it')
      expect(next.length, reason).toBeGreaterThan(0)
      return verdict[1]
    })
    expect(new Set(told).size).toBe(undecided.length)
  })

  it('names the damaged side only where the finding does, and how it is known', () => {
    const of = RUNS[0]!
    const blame = (more: Partial<ObjectFinding>): string =>
      explain({ key: 'k', outcome: 'mismatch', reason: 'digest', ...more }, of).blame.join(' ')
    expect(blame({})).not.toContain('damaged')
    expect(blame({ rotten: 'source', rottenBy: 'own-digest' })).toMatch(
      /^The source is the damaged side: its bytes break the digest that its own place stores/,
    )
    expect(blame({ rotten: 'replica', rottenBy: 'minority' })).toMatch(
      /^The replica is taken for .* most of the other copies/,
    )
    expect(blame({ rotten: 'replica' })).toContain('does not say how')
  })

  it.each<[string, RegExp]>([
    ['sha256', /sha256 rules out accidents and forgery/],
    ['md5', /md5 rules out accidents in practice, but not forgery/],
    ['crc32c', /2\^32/],
    ['crc64nvme', /2\^64/],
    ['quickxor', /quickxor can miss is not known here/],
  ])('says what equal digests of %s can hide, and different ones not', (algorithm, what) => {
    const side = { digest: { algorithm, value: 'ab', provenance: 'service' } } as const
    const finding = { key: 'k', reason: 'digest', sides: { source: side, replica: side } } as const
    expect(explain({ ...finding, outcome: 'match' }, RUNS[0]!).evidence.join('\n')).toMatch(what)
    expect(explain({ ...finding, outcome: 'mismatch' }, RUNS[0]!).evidence.join('\n')).not.toMatch(what)
  })

  it('tells how a digest was put together', () => {
    const told = (digest: Partial<Digest>): string => {
      const side = { digest: { algorithm: 'md5', value: 'ab', provenance: 'service', ...digest } } as const
      return explain(
        { key: 'k', outcome: 'match', reason: 'digest', sides: { replica: side } },
        RUNS[0]!,
      ).evidence.join(' ')
    }
    expect(told({})).not.toMatch(/part/)
    expect(told({ coverage: { parts: 1 } })).toContain('the digests of 1 part.')
    expect(told({ coverage: { parts: 3 } })).toContain('3 parts of sizes that the finding does not tell')
    expect(told({ coverage: { parts: 2, sizes: [5, 3], inferred: true } })).toContain(
      'of 5 bytes, the last one of what is left (guessed',
    )
    expect(told({ coverage: { parts: 3, sizes: [5, 4, 3] } })).toContain('of different sizes')
    expect(told({ derived: 'parts' })).toContain('put together from the digests of all parts')
    expect(told({ equalityOnly: true })).toContain('being different does not')
    expect(told({ representation: 'logical:gzip' })).toContain('undoing gzip')
  })

  it('takes what it needs from a result', () => {
    const result = makeResult({ replicas: 2, options: { require: 'read', strength: 'legacy' } })
    const finding = { key: 'k', replica: 1, outcome: 'unverifiable', reason: 'below-required-grade' } as const
    const { verdict } = explain(finding, result)
    expect(verdict[0]).toBe('"k": the source (file:///a) against the replica (file:///c).')
    expect(verdict[1]).toContain('`read`')
    expect(explainVerdict(finding, result)).toEqual(verdict)
    // Where policies differ by key, that of the run need not be the one that counted.
    const policies = makeResult({ replicas: 2, options: { require: 'read', policies: [{ keys: ['k'] }] } })
    expect(explain(finding, policies).verdict[1]).not.toContain('`read`')
  })

  it('holds no secret and nothing that drives a terminal, and never throws', () => {
    const wild = fc.string({ unit: 'binary', maxLength: 20 })
    fc.assert(
      fc.property(wild, wild, wild, fc.double(), fc.constantFrom(...OUTCOMES), (key, text, value, asOf, outcome) => {
        const side = {
          asOf,
          version: text,
          linkTarget: text,
          digest: { algorithm: text, value, provenance: 'service' },
        } as const
        const told = explain(
          {
            key,
            outcome,
            reason: 'read-failed',
            error: { code: 'internal', message: `${text} https://h/?sig=SECRET`, side: 'source' },
            sides: { source: side, replica: side },
          },
          compared(`s3://user:SECRET@h/${text}`, `s3://b/?X-Amz-Signature=SECRET`),
        )
        expect(told.text).not.toContain('SECRET')
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
        expect(told.sentences.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
      }),
    )
  })
})
