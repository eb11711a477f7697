import type { Digest } from '../digest/digest.js'
import type { BackupErrorJson } from '../errors.js'
import { type Grade, type Outcome, type ProofMethod, weakerGrade } from '../evidence/evidence.js'
import { methodOfDigests, type Proof } from '../evidence/planner.js'
import type { ObjectFinding, Reason, SideName } from '../report/finding.js'
import { computed, type PairParty, pairSides, recomputed, rottenOf, type Sides, sidesOf } from './side-evidence.js'

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
  record: readonly string[] = [],
): Judgement => {
  if (proof.method === 'size') return decided(true, 'size', 'size', 'size', pairSides(reference, subject, proof))
  const equal = proof.reference.value === proof.subject.value
  if (!equal && !proof.trusted) return undefined
  const { grade } = proof
  const sides = pairSides(
    reference,
    subject,
    { grade, record, digest: proof.reference },
    { grade, record, digest: proof.subject },
  )
  return decided(equal, 'digest', grade, methodOfDigests(proof.reference, proof.subject), sides)
}

/** Judges what was read for `proof`. Both observations that the proof needed are there and free of errors. */
export const judgeRead = (
  proof: Proof & { method: 'one-sided-read' | 'two-sided-read' | 'bytes' },
  reference: PairParty,
  subject: PairParty,
  record: readonly string[],
): Judgement => {
  const firstDifference = subject.observed?.firstDifference
  const a = reference.observed?.size ?? reference.entry.size
  const b = subject.observed?.size ?? subject.entry.size
  if (a !== undefined && b !== undefined && a !== b) {
    const judgement = decided(false, 'size', 'read', proof.method, pairSides(reference, subject, { record }))
    return firstDifference === undefined ? judgement : { ...judgement, firstDifference }
  }
  switch (proof.method) {
    case 'bytes': {
      const equal = subject.observed!.equal === true
      const judgement = decided(
        equal,
        'bytes',
        'read',
        'bytes',
        pairSides(reference, subject, { record, grade: 'read' }),
      )
      if (equal) return subject.observed!.sameFile === true ? { ...judgement, notes: ['same-file'] } : judgement
      return {
        ...judgement,
        ...rottenOf([reference, subject]),
        ...(firstDifference !== undefined && { firstDifference }),
      }
    }
    case 'two-sided-read': {
      const ours = { record, grade: 'read', digest: computed(reference, proof.algorithm)! } as const
      const theirs = { record, grade: 'read', digest: computed(subject, proof.algorithm)! } as const
      const equal = ours.digest.value === theirs.digest.value
      const sides = pairSides(reference, subject, ours, theirs)
      const judgement = decided(equal, 'digest', 'read', 'two-sided-read', sides)
      return equal ? judgement : { ...judgement, ...rottenOf([reference, subject]) }
    }
    case 'one-sided-read': {
      const [reader, other] = proof.read === 'reference' ? [reference, subject] : [subject, reference]
      const { digest, equal: sameValue } = recomputed(reader, proof.stored, proof.measures)!
      // What is read has to be as long as the parts together, also where nobody told the size.
      const equal = sameValue && fitsParts(proof.stored, reader.observed?.size)
      if (!equal && !proof.trusted) return undefined
      const sides = pairSides(
        reader,
        other,
        { record, grade: 'read', digest },
        { grade: proof.grade, digest: proof.stored },
      )
      const method = methodOfDigests(digest, proof.stored)
      const judgement = decided(equal, 'digest', weakerGrade('read', proof.grade), method, sides)
      return equal ? judgement : { ...judgement, ...rottenOf([reader]) }
    }
  }
}

const fitsParts = ({ coverage = 'full' }: Digest, size: number | undefined): boolean =>
  coverage === 'full' || coverage.sizes === undefined || coverage.sizes.reduce((sum, one) => sum + one, 0) === size

const decided = (
  equal: boolean,
  reason: Reason,
  grade: Grade,
  method: ProofMethod,
  sides: Sides,
): NonNullable<Judgement> =>
  equal ? { outcome: 'match', reason, grade, method, sides } : { outcome: 'mismatch', reason, method, sides }
