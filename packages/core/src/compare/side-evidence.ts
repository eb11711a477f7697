import type { Digest } from '../digest/digest.js'
import type { Grade } from '../evidence/evidence.js'
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
  if (proof.digest !== undefined) evidence.digest = proof.digest
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
