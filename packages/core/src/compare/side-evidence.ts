import type { Digest, Measure, PartCoverage } from '../digest/digest.js'
import type { Grade } from '../evidence/evidence.js'
import { recomputationOf } from '../evidence/part-sizes.js'
import type { ObjectFinding, SideEvidence, SideName } from '../report/finding.js'
import type { Observation } from '../run/object-reader.js'
import type { ObjectEntry } from '../source/entry.js'

/** One side of a pair when it is judged. */
export interface PairParty {
  readonly name: SideName
  readonly entry: ObjectEntry
  /** What reading it gave, if it was read. */
  readonly observed?: Observation | undefined
}

export type Sides = NonNullable<ObjectFinding['sides']>

/** What a proof adds to what is known of a side. */
export interface SideProof {
  readonly grade?: Grade | undefined
  readonly digest?: Digest | undefined
  /** Algorithms whose computed digests go into the finding. */
  readonly record?: readonly string[] | undefined
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** What a side contributed. Assigned member by member: this runs once or more for every object of a run. */
export const evidenceOf = (party: PairParty, proof: SideProof = NOTHING): SideEvidence => {
  const { entry, observed } = party
  const evidence: Writable<SideEvidence> = {}
  const size = observed?.size ?? entry.size
  if (size !== undefined) evidence.size = size
  if (entry.version !== undefined) evidence.version = entry.version
  if (entry.linkTarget !== undefined) evidence.linkTarget = entry.linkTarget
  if (proof.digest !== undefined) evidence.digest = withoutRows(proof.digest)
  if (proof.grade !== undefined) evidence.grade = proof.grade
  const entropy = observed?.digests?.['entropy']
  if (entropy !== undefined) evidence.entropy = Number(entropy)
  else if (entry.entropy !== undefined) evidence.entropy = entry.entropy
  evidence.bytesRead = observed?.bytesRead ?? 0
  if (proof.record !== undefined && proof.record.length > 0 && observed?.digests !== undefined) {
    evidence.recorded = proof.record.flatMap((algorithm) => computed(party, algorithm) ?? [])
    if (entry.modified !== undefined) evidence.modified = entry.modified
  }
  return evidence
}

const NOTHING: SideProof = {}

/** A digest of parts without a row for each of up to 10,000 of them. */
const withoutRows = (digest: Digest): Digest => {
  const { coverage } = digest
  if (coverage === undefined || coverage === 'full') return digest
  const { parts, sizes, inferred } = coverage
  const size = sizes?.slice(0, -1).every((one) => one === sizes[0]) === true ? sizes[0] : coverage.size
  return {
    ...digest,
    coverage: { parts, ...(size !== undefined && { size }), ...(inferred === true && { inferred }) },
  }
}

/** Both sides of a pair. */
export const pairSides = (
  reference: PairParty,
  subject: PairParty,
  referenceProof?: SideProof,
  subjectProof: SideProof | undefined = referenceProof,
): Sides => {
  const sides: Writable<Sides> = {}
  sides[reference.name] = evidenceOf(reference, referenceProof)
  sides[subject.name] = evidenceOf(subject, subjectProof)
  return sides
}

/** The only side that has an object, with the time that it says it was written at: what is missing may still be on its way. */
export const onlySide = (party: PairParty): Sides => {
  const { modified } = party.entry
  return { [party.name]: { ...evidenceOf(party), ...(modified !== undefined && { modified }) } }
}

/** The sides that there are. */
export const sidesOf = (parties: readonly PairParty[]): Sides => {
  const sides: Writable<Sides> = {}
  for (const party of parties) sides[party.name] = evidenceOf(party)
  return sides
}

/** The digest that reading the side gave. */
export const computed = (party: PairParty, algorithm: string): Digest | undefined => {
  const value = party.observed?.digests?.[algorithm]
  return value === undefined ? undefined : { algorithm, value, provenance: 'computed' }
}

/** What reading the side gave in place of `stored`: by the measure that is equal to it where one is, else by the first. */
export const recomputed = (
  party: PairParty,
  stored: Digest,
  measures: readonly Measure[],
): { readonly digest: Digest; readonly equal: boolean } | undefined => {
  const values = party.observed?.digests
  const measure =
    measures.find((one) => values?.[one] === stored.value) ?? measures.find((one) => one in (values ?? {}))
  const value = measure === undefined ? undefined : values?.[measure]
  if (measure === undefined || value === undefined) return undefined
  const { algorithm, coverage } = stored
  const size = /^parts:[^:]+:([0-9]+)$/.exec(measure)?.[1]
  const parts =
    coverage === undefined || coverage === 'full'
      ? {}
      : {
          coverage: {
            ...(size === undefined ? coverage : { parts: coverage.parts, size: Number(size) }),
            ...guessed(coverage),
          },
        }
  return { digest: { algorithm, value, provenance: 'computed', ...parts }, equal: value === stored.value }
}

/** Whether the sizes of the parts are not what the service told. */
const guessed = ({ parts, sizes, inferred }: PartCoverage): { readonly inferred?: true } =>
  parts > 1 && (sizes === undefined || inferred === true) ? { inferred: true } : {}

/**
 * Names the side whose bytes break its own stored digest, when exactly one does. A digest of which only equality proves
 * (an ETag of unknown make) accuses too once the bytes of the other side have given it: then it is known what it is of.
 */
export const rottenOf = (parties: readonly PairParty[]): Pick<ObjectFinding, 'rotten' | 'rottenBy'> => {
  const broken = parties.filter((party) => {
    const { digests = [], size } = party.entry
    return digests.some((stored) => {
      if (stored.provenance === 'claimed') return false
      const how = recomputationOf(stored, size)
      if (how === undefined || !how.measures.every((measure) => measure in (party.observed?.digests ?? {})))
        return false
      if (recomputed(party, stored, how.measures)?.equal !== false) return false
      const shownByOther = parties.some((other) => recomputed(other, stored, how.measures)?.equal === true)
      return shownByOther || (stored.equalityOnly !== true && how.certain)
    })
  })
  return broken.length === 1 ? { rotten: broken[0]!.name, rottenBy: 'own-digest' } : {}
}
