import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Digest, Provenance, Strength } from '../../src/digest/digest.js'
import { GRADES, type Grade, meetsGrade } from '../../src/evidence/evidence.js'
import { type PlanPolicy, planProofs, type SideFacts } from '../../src/evidence/planner.js'

const digest = (algorithm: string, provenance: Provenance, value = 'aa', extra: Partial<Digest> = {}): Digest => ({
  algorithm,
  value,
  provenance,
  ...extra,
})
const side = (digests: readonly Digest[] = [], extra: Partial<SideFacts> = {}): SideFacts => ({
  size: 10,
  digests,
  readCost: 'paid',
  local: false,
  ...extra,
})
const local = side([], { readCost: 'free', local: true })
const manifest = (...digests: readonly Digest[]): SideFacts => side(digests, { readCost: 'impossible' })
const policy = (require: Grade, strength: Strength = 'error-detecting', ownDigests = false): PlanPolicy => ({
  require,
  strength,
  ownDigests,
})
const brief = (a: SideFacts, b: SideFacts, p: PlanPolicy): string => {
  const plan = planProofs(a, b, p)
  const proof = plan.proofs[0]
  if (proof === undefined) return `none: ${plan.reason}`
  const algorithm =
    'algorithm' in proof ? ` ${proof.algorithm}` : proof.method === 'digest' ? ` ${proof.reference.algorithm}` : ''
  return `${proof.method}${algorithm}${proof.method === 'one-sided-read' ? ` of ${proof.read}` : ''} -> ${proof.grade}`
}

const service = (algorithm: string): Digest => digest(algorithm, 'service')
const claimed = (algorithm: string): Digest => digest(algorithm, 'claimed')
const recorded = (algorithm: string): Digest => digest(algorithm, 'recorded')

describe('planProofs', () => {
  it.each([
    // two local sides compare bytes unless sizes are enough
    [local, local, policy('read'), 'bytes -> read'],
    [local, local, policy('stored'), 'bytes -> read'],
    [local, local, policy('size'), 'size -> size'],
    // a digest that both sides store costs nothing
    [side([service('md5')]), side([service('md5')]), policy('stored'), 'digest md5 -> stored'],
    [
      side([service('crc32c'), service('md5')]),
      side([service('crc32c'), service('md5')]),
      policy('stored'),
      'digest md5 -> stored',
    ],
    [side([service('md5')]), side([claimed('md5')]), policy('claimed'), 'digest md5 -> claimed'],
    // but not where policy wants more
    [side([service('md5')]), side([service('md5')]), policy('read'), 'two-sided-read md5 -> read'],
    [side([service('crc32c')]), side([service('crc32c')]), policy('read'), 'two-sided-read xxh3-128 -> read'],
    [side([service('md5')]), side([service('md5')]), policy('read', 'cryptographic'), 'two-sided-read sha256 -> read'],
    [
      side([service('md5')]),
      side([service('md5')]),
      policy('stored', 'cryptographic'),
      'two-sided-read sha256 -> read',
    ],
    [side([service('md5')]), side([claimed('md5')]), policy('stored'), 'one-sided-read md5 of subject -> stored'],
    // one side is read for what the other stores: the cheaper one
    [local, side([service('md5')]), policy('stored'), 'one-sided-read md5 of reference -> stored'],
    [side([service('sha256')]), local, policy('stored'), 'one-sided-read sha256 of subject -> stored'],
    [local, side([service('crc32c')]), policy('stored', 'legacy'), 'two-sided-read sha256 -> read'],
    [local, side([claimed('md5')]), policy('stored'), 'two-sided-read xxh3-128 -> read'],
    [local, side([service('md5')]), policy('read'), 'two-sided-read md5 -> read'],
    // a manifest that the caller trusts does not lower the grade of what is read
    [manifest(recorded('sha256')), local, policy('read'), 'one-sided-read sha256 of subject -> read'],
    [manifest(recorded('crc32')), local, policy('read'), 'none: below-required-grade'],
    [manifest(recorded('crc32')), local, policy('stored'), 'one-sided-read crc32 of subject -> stored'],
    [manifest(recorded('sha256')), side([service('sha256')]), policy('stored'), 'digest sha256 -> stored'],
    // two lists prove nothing about bytes
    [manifest(recorded('sha256')), manifest(recorded('sha256')), policy('read'), 'none: below-required-grade'],
    [manifest(recorded('sha256')), manifest(recorded('md5')), policy('stored'), 'none: no-common-digest'],
    [manifest(), local, policy('stored'), 'none: no-digest'],
    // archived objects are not read
    [side([service('md5')], { readCost: 'archived' }), local, policy('read'), 'none: below-required-grade'],
    [side([], { readCost: 'archived' }), local, policy('stored'), 'none: no-digest'],
    // fixity of one source
    [
      manifest(service('md5')),
      side([service('md5')]),
      policy('read', 'error-detecting', true),
      'one-sided-read md5 of subject -> read',
    ],
    [manifest(service('crc32c')), side([]), policy('read', 'error-detecting', true), 'none: below-required-grade'],
    [manifest(claimed('md5')), side([]), policy('stored', 'error-detecting', true), 'none: below-required-grade'],
  ] as const)('%#', (a, b, p, expected) => {
    expect(brief(a, b, p)).toBe(expected)
  })

  it('compares digests of as many parts, trusting a difference only over the same known layout', () => {
    const parts = (sizes?: readonly number[]): Digest =>
      digest('md5', 'service', 'aa', { coverage: { parts: 2, ...(sizes && { sizes }) } })
    const first = (a: Digest, b: Digest): string | undefined => {
      const proof = planProofs(manifest(a), manifest(b), policy('stored')).proofs[0]
      return proof?.method === 'digest' ? `${proof.method}, ${proof.trusted ? 'trusted' : 'equality only'}` : undefined
    }
    const guessed = digest('md5', 'service', 'aa', { coverage: { parts: 2, sizes: [5, 5], inferred: true } })
    expect(first(parts([5, 5]), parts([5, 5]))).toBe('digest, trusted')
    expect(first(parts([5, 5]), parts([6, 4]))).toBeUndefined()
    expect(first(parts(), parts())).toBe('digest, equality only')
    expect(first(parts([5, 5]), parts())).toBe('digest, equality only')
    expect(first(parts([5, 5]), guessed)).toBe('digest, equality only')
    expect(first(parts([5, 5]), service('md5'))).toBeUndefined()
    expect(first(service('md5'), digest('md5', 'service', 'aa', { representation: 'logical:gzip' }))).toBeUndefined()
  })

  it('trusts no difference of a claim or of a digest whose make is unknown', () => {
    const trusted = (a: Digest, b: Digest): unknown => {
      const proof = planProofs(side([a]), side([b]), policy('claimed')).proofs[0]!
      return proof.method === 'digest' && proof.trusted
    }
    expect(trusted(service('md5'), service('md5'))).toBe(true)
    expect(trusted(service('md5'), claimed('md5'))).toBe(false)
    expect(trusted(service('md5'), digest('md5', 'service', 'aa', { equalityOnly: true }))).toBe(false)
  })

  const anyDigest = fc.record({
    algorithm: fc.constantFrom('md5', 'sha256', 'crc32c', 'crc64nvme', 'xxh3-64', 'blake3', 'xxhash-new'),
    value: fc.constantFrom('aa', 'bb'),
    provenance: fc.constantFrom<Provenance>('service', 'recorded', 'claimed'),
  })
  const anySide = fc.record({
    size: fc.constantFrom(10, undefined),
    digests: fc.array(anyDigest, { maxLength: 3 }),
    readCost: fc.constantFrom('free', 'paid', 'archived', 'impossible'),
    local: fc.boolean(),
  })

  it('never offers a proof below policy, a read of what cannot be read, or `read` by a narrow digest', () => {
    fc.assert(
      fc.property(anySide, anySide, fc.constantFrom(...GRADES), fc.boolean(), (a, b, require, own) => {
        const plan = planProofs(a, b, policy(require, 'error-detecting', own))
        expect(plan.proofs.length === 0).toBe(plan.reason !== undefined)
        for (const proof of plan.proofs) {
          expect(meetsGrade(proof.grade, require)).toBe(true)
          const readable = (s: SideFacts): boolean => s.readCost === 'free' || s.readCost === 'paid'
          if (proof.method === 'bytes') expect(a.local && b.local).toBe(true)
          if (proof.method === 'bytes' || proof.method === 'two-sided-read')
            expect(readable(a) && readable(b)).toBe(true)
          if (proof.method === 'one-sided-read') {
            expect(readable(proof.read === 'reference' ? a : b)).toBe(true)
            if (proof.grade === 'read') expect(['crc32c', 'crc64nvme', 'xxh3-64']).not.toContain(proof.algorithm)
          }
          if (proof.method === 'digest') expect(proof.grade).not.toBe('read')
        }
      }),
      { numRuns: 3_000 },
    )
  })
})
