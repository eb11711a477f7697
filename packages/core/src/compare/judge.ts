import type { Digest } from '../digest/digest.js'
import type { BackupErrorJson } from '../errors.js'
import { type Grade, type Outcome, type ProofMethod, weakerGrade } from '../evidence/evidence.js'
import { comparable, type Proof } from '../evidence/planner.js'
import type { ObjectFinding, Reason, SideEvidence, SideName } from '../report/finding.js'
import type { Observation } from '../run/object-reader.js'
import type { ObjectEntry } from '../source/entry.js'

/** One side of a pair when it is judged. */
export interface PairParty {
  readonly name: SideName
  readonly entry: ObjectEntry
  /** What reading it gave, if it was read. */
  readonly observed?: Observation | undefined
}

/** What a proof says of a pair, or `undefined` when it cannot decide (a claim that differs) and the next proof is due. */
export type Judgement = Omit<ObjectFinding, 'key' | 'keyBytes' | 'replica'> | undefined

/** The outcome that a failure of one side has: permanent damage, a change, what cannot be known, or a passing fault. */
export const failureOutcome = (error: BackupErrorJson): Outcome => {
  switch (error.code) {
    case 'corrupt':
    case 'not-found':
      return 'unreadable'
    case 'changed':
      return 'changed'
    case 'archived':
    case 'unsupported':
      return 'unverifiable'
    default:
      return 'error'
  }
}

/** A finding about a side that could not be listed or read. */
export const judgeFailure = (
  name: SideName,
  error: BackupErrorJson,
  reason: Reason,
  parties: readonly PairParty[],
): NonNullable<Judgement> => {
  const outcome = failureOutcome(error)
  return {
    outcome,
    reason: outcome === 'changed' ? 'changed-while-read' : reason,
    ...(parties.length > 0 && { sides: sidesOf(parties) }),
    ...(outcome === 'unreadable' && { rotten: name }),
    error: { ...error, side: name },
  }
}

/** Judges by digests that were there before, or by size, with nothing read. */
export const judgeStored = (
  proof: Proof & { method: 'digest' | 'size' },
  reference: PairParty,
  subject: PairParty,
): Judgement => {
  if (proof.method === 'size') {
    return {
      outcome: 'match',
      reason: 'size',
      grade: 'size',
      method: 'size',
      sides: sidesOf([reference, subject], { grade: 'size' }),
    }
  }
  const sides = {
    [reference.name]: { ...evidenceOf(reference), digest: proof.reference, grade: proof.grade },
    [subject.name]: { ...evidenceOf(subject), digest: proof.subject, grade: proof.grade },
  }
  const equal = proof.reference.value === proof.subject.value
  if (!equal && !proof.trusted) return undefined
  return decided(equal, 'digest', proof.grade, 'digest', sides)
}

/** Judges what was read for `proof`. Both observations that the proof needed are there and free of errors. */
export const judgeRead = (
  proof: Proof & { method: 'one-sided-read' | 'two-sided-read' | 'bytes' },
  reference: PairParty,
  subject: PairParty,
  record: readonly string[],
): Judgement => {
  const sizes = [reference, subject].map((party) => party.observed?.size ?? party.entry.size)
  if (sizes[0] !== undefined && sizes[1] !== undefined && sizes[0] !== sizes[1]) {
    const sides = {
      [reference.name]: { ...evidenceOf(reference, record), size: sizes[0] },
      [subject.name]: { ...evidenceOf(subject, record), size: sizes[1] },
    }
    const first = subject.observed?.firstDifference
    return {
      ...decided(false, 'size', 'read', proof.method, sides),
      ...(first !== undefined && { firstDifference: first }),
    }
  }
  switch (proof.method) {
    case 'bytes': {
      const { equal, firstDifference, sameFile } = subject.observed!
      const sides = {
        [reference.name]: { ...evidenceOf(reference, record), grade: 'read' as const },
        [subject.name]: { ...evidenceOf(subject, record), grade: 'read' as const },
      }
      return {
        ...decided(equal === true, 'bytes', 'read', 'bytes', sides),
        ...rottenOf([reference, subject], equal === true),
        ...(firstDifference !== undefined && { firstDifference }),
        ...(sameFile === true && { notes: ['same-file'] as const }),
      }
    }
    case 'two-sided-read': {
      const [a, b] = [reference, subject].map((party) => computed(party, proof.algorithm))
      const sides = {
        [reference.name]: { ...evidenceOf(reference, record), digest: a, grade: 'read' as const },
        [subject.name]: { ...evidenceOf(subject, record), digest: b, grade: 'read' as const },
      }
      const equal = a!.value === b!.value
      return { ...decided(equal, 'digest', 'read', 'two-sided-read', sides), ...rottenOf([reference, subject], equal) }
    }
    case 'one-sided-read': {
      const [reader, other] = proof.read === 'reference' ? [reference, subject] : [subject, reference]
      const digest = computed(reader, proof.algorithm)
      const equal = digest!.value === proof.stored.value
      if (!equal && !proof.trusted) return undefined
      const sides = {
        [reader.name]: { ...evidenceOf(reader, record), digest, grade: 'read' as const },
        [other.name]: { ...evidenceOf(other, record), digest: proof.stored, grade: proof.grade },
      }
      return {
        ...decided(equal, 'digest', weakerGrade('read', proof.grade), 'one-sided-read', sides),
        ...rottenOf([reader], equal),
      }
    }
  }
}

const decided = (
  equal: boolean,
  reason: Reason,
  grade: Grade,
  method: ProofMethod,
  sides: NonNullable<ObjectFinding['sides']>,
): NonNullable<Judgement> =>
  equal ? { outcome: 'match', reason, grade, method, sides } : { outcome: 'mismatch', reason, method, sides }

/** What a side contributed, before a proof adds its digest and grade. */
export const evidenceOf = (party: PairParty, record: readonly string[] = []): SideEvidence => {
  const { entry, observed } = party
  const size = observed?.size ?? entry.size
  const digests = observed?.digests
  const recorded = digests === undefined ? [] : record.flatMap((algorithm) => computed(party, algorithm) ?? [])
  return {
    ...(size !== undefined && { size }),
    ...(entry.version !== undefined && { version: entry.version }),
    ...(entry.linkTarget !== undefined && { linkTarget: entry.linkTarget }),
    bytesRead: observed?.bytesRead ?? 0,
    ...(recorded.length > 0 && { recorded }),
  }
}

export const sidesOf = (
  parties: readonly PairParty[],
  extra: Partial<SideEvidence> = {},
): NonNullable<ObjectFinding['sides']> =>
  Object.fromEntries(parties.map((party) => [party.name, { ...evidenceOf(party), ...extra }]))

const computed = (party: PairParty, algorithm: string): Digest | undefined => {
  const value = party.observed?.digests?.[algorithm]
  return value === undefined ? undefined : { algorithm, value, provenance: 'computed' }
}

/** Names the side whose bytes break its own stored digest, when exactly one does. */
const rottenOf = (parties: readonly PairParty[], equal: boolean): { rotten?: SideName } => {
  if (equal) return {}
  const broken = parties.filter((party) =>
    (party.entry.digests ?? []).some((stored) => {
      if (stored.provenance === 'claimed' || stored.equalityOnly === true) return false
      const ours = computed(party, stored.algorithm)
      return ours !== undefined && comparable(ours, stored) && ours.value !== stored.value
    }),
  )
  return broken.length === 1 ? { rotten: broken[0]!.name } : {}
}
