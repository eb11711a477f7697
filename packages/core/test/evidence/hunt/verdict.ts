import type { Digest, Strength } from '../../../src/digest/digest.js'
import type { Grade } from '../../../src/evidence/evidence.js'
import type { ObjectFinding, SideEvidence } from '../../../src/report/finding.js'
import type { Contents, Truth } from './contents.js'
import { BITS, type Oracle, STRENGTHS, strengthRank } from './digests.js'

export interface Asked {
  readonly kind: 'compare' | 'verify' | 'own'
  readonly require: Grade
  readonly strength: Strength
}

/** What is listed of the two sides, the reference first. */
export type Listed = readonly (readonly Digest[])[]

/**
 * What is wrong with a finding, as the truth knows it; `undefined` where nothing is. This is the rule of the hunt, written without
 * a look at how core decides: a match must rest on digests that somebody trusted vouches for, of one algorithm that policy
 * accepts, and where the bytes differ, on ones that really are the same for the bytes they were made of: computed here once more.
 */
export const faultOf = (
  finding: ObjectFinding,
  contents: Contents,
  asked: Asked,
  digests: Listed,
  oracle: Oracle,
): string | undefined => {
  const { outcome, grade } = finding
  const sides = sidesOf(finding, asked)
  if (outcome === 'mismatch') return wronglyAccused(finding, contents, asked, digests)
  if (outcome !== 'match') return undefined
  if (grade === undefined || !GRADES.includes(grade)) return 'a match without a grade'
  if (GRADES.indexOf(grade) > GRADES.indexOf(asked.require)) return 'a match below the grade that is required'
  const [a, b] = sides.map((side) => side?.size)
  if (a !== undefined && b !== undefined && a !== b) return 'a match of two sizes'
  if (grade === 'size' || grade === 'claimed') return undefined
  return unjustified(sides, contents, { ...asked, grade }, oracle)
}

const GRADES = ['read', 'stored', 'claimed', 'size']

/** What the finding says of the reference and of the subject. */
const sidesOf = ({ sides = {} }: ObjectFinding, { kind }: Asked): readonly (SideEvidence | undefined)[] =>
  kind === 'compare' ? [sides.source, sides.replica] : [sides.expected ?? sides.source, sides.source]

const wronglyAccused = (
  { rotten }: ObjectFinding,
  { kind, sides }: Contents,
  asked: Asked,
  digests: Listed,
): string | undefined => {
  if (kind === 'equal') return 'equal bytes are called different'
  if (asked.kind !== 'compare' || (rotten !== 'source' && rotten !== 'replica')) return undefined
  const side = rotten === 'source' ? 0 : 1
  // What was recorded wrongly accuses by right: the caller trusts it.
  const isCutOff = ({ algorithm, value, provenance }: Digest): boolean =>
    provenance === 'recorded' && value.length * 4 !== BITS[algorithm]
  if (sides[side].now !== sides[side].stored || digests[side]!.some(isCutOff)) return undefined
  return 'a side is called rotten whose bytes are those that it stored'
}

const unjustified = (
  evidence: readonly (SideEvidence | undefined)[],
  contents: Contents,
  { kind, strength, grade }: Asked & { readonly grade: 'read' | 'stored' },
  oracle: Oracle,
): string | undefined => {
  const [a, b] = evidence.map((side) => side?.digest)
  if (a === undefined || b === undefined) return 'a match without digests'
  if (a.algorithm !== b.algorithm) return 'a match by digests of two algorithms'
  if (strengthRank(a.algorithm) < STRENGTHS.indexOf(strength)) return 'a match by too weak a digest'
  if ([a, b].some(({ provenance }) => provenance === 'claimed')) return `a claim gives a match at ${grade}`
  if (grade === 'read') {
    if ((BITS[a.algorithm] ?? 0) < 128) return 'a match at read by less than 128 bits'
    const counts = (digest: Digest): boolean =>
      digest.provenance === 'computed' || digest.provenance === 'recorded' || kind === 'own'
    if (![a, b].every(counts)) return 'a match at read of a side that was not read'
    if (![a, b].some(({ provenance }) => provenance === 'computed')) return 'a match at read with nothing read'
  }
  if (contents.kind === 'equal') return undefined
  return collides([a, b], contents.sides, oracle) ? undefined : `a false match at ${grade}`
}

/** Whether what the two digests were made of really has the same digest, in any of the ways they may have been made. */
const collides = (
  [a, b]: readonly [Digest, Digest] | readonly Digest[],
  sides: readonly [Truth, Truth],
  oracle: Oracle,
): boolean => {
  const [ours, theirs] = [valuesOf(a!, sides[0], sides, oracle), valuesOf(b!, sides[1], sides, oracle)]
  return ours.some((value) => theirs.includes(value))
}

const valuesOf = (
  { algorithm, coverage = 'full', representation = 'stored', provenance }: Digest,
  truth: Truth,
  sides: readonly [Truth, Truth],
  oracle: Oracle,
): readonly string[] => {
  if (!(algorithm in BITS)) return []
  // Of what decompressing yields: it says nothing of the bytes that are stored.
  if (representation !== 'stored') return []
  // Of what was replaced, digests may be those of either version.
  const versions = truth.replaced === true ? [truth.stored, truth.now] : [truth.stored]
  return (provenance === 'computed' ? [truth.now] : versions).flatMap((bytes) => {
    if (coverage === 'full') return [oracle.full(algorithm, bytes)]
    // Computed over the parts of the other side, where they are as long as the bytes.
    const layouts = [...sides.map(({ parts }) => parts), [bytes.length]].filter(
      (parts) => parts.reduce((sum, part) => sum + part, 0) === bytes.length,
    )
    return layouts.map((parts) => oracle.parts(algorithm, bytes, parts).value)
  })
}
