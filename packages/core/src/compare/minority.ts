import { isKnownAlgorithm } from '../digest/algorithms.js'
import type { Digest } from '../digest/digest.js'
import { comparable } from '../evidence/digest-worth.js'
import { canRead, twoSidedDigest } from '../evidence/read-proofs.js'
import type { Reason } from '../report/finding.js'
import type { Judgement } from './judge.js'
import type { ProveContext } from './prove-context.js'
import type { Party } from './row.js'
import { needOf } from './row-needs.js'
import { entryOf, type Pair, type RowWork } from './row-state.js'

// Where more than two copies were compared, those that agree accuse the others. Only content counts: digests and bytes, at a
// grade that a storage service or our own reading stands for.

type Judged = Pair & { readonly judgement: NonNullable<Judgement> }

/** The pairs of a row that tell of content, split into copies that are equal to the reference and copies that differ from it. */
const ballot = (
  work: RowWork,
  { parties }: ProveContext,
): { readonly equal: readonly Judged[]; readonly differing: readonly Judged[] } => {
  const judged = work.pairs.filter(
    (pair): pair is Judged =>
      pair.judgement !== undefined && pair.judgement !== 'nothing' && !isNoCopy(pair.judgement, parties[pair.subject]!),
  )
  return {
    equal: judged.filter(
      ({ judgement: { outcome, grade } }) => outcome === 'match' && (grade === 'read' || grade === 'stored'),
    ),
    differing: judged.filter(({ judgement: { outcome, reason } }) => outcome === 'mismatch' && TELLING.has(reason)),
  }
}

/** A list is none, and may be older than the others; one file on disk under two names is one. */
const isNoCopy = ({ notes = [] }: NonNullable<Judgement>, { traits }: Party): boolean =>
  traits.asOf !== undefined || notes.includes('same-file')

/** What tells of content. */
const TELLING: ReadonlySet<Reason> = new Set<Reason>(['digest', 'bytes', 'size'])

/** Copies that took part: the reference, and those that are equal to it or differ. */
const voters = ({ equal, differing }: ReturnType<typeof ballot>): number => 1 + equal.length + differing.length

const isMajority = (count: number, of: ReturnType<typeof ballot>): boolean => count > 1 && count > voters(of) / 2

/**
 * Notes what must be read so that it is known whether copies which differ from the reference are equal to each other: only where
 * they are most of them. Differences are rare, and most rows need nothing.
 *
 * @returns Whether anything is to be read.
 */
export const registerVotes = (work: RowWork, context: ProveContext): boolean => {
  if (context.fixity || context.parties[0]!.traits.asOf !== undefined) return false
  const cast = ballot(work, context)
  // Whose size is another one differs from the reference for certain, and is not read to find out from what else.
  const differing = cast.differing.filter(({ judgement }) => judgement.reason !== 'size')
  if (!isMajority(differing.length, cast) || isMajority(largestGroup(work, differing).length, cast)) return false
  const algorithm = twoSidedDigest(work.policy.strength)
  const unread = differing.filter(({ subject }) => {
    const may = canRead(context.parties[subject]!.traits.readCost) && entryOf(work, subject).archived !== true
    return may && work.observed[subject]?.digests?.[algorithm] === undefined
  })
  for (const { subject } of unread) needOf(work, subject, context).algorithms.add(algorithm)
  return unread.length > 0
}

/** Names the copies that most of the others contradict, where nothing else told which side is rotten. */
export const nameMinority = (work: RowWork, context: ProveContext): void => {
  if (context.fixity || context.parties[0]!.traits.asOf !== undefined) return
  const cast = ballot(work, context)
  const { equal, differing } = cast
  const isNamed = ({ judgement }: Judged): boolean => judgement.rotten !== undefined
  if (isMajority(1 + equal.length, cast)) {
    for (const pair of differing) if (!isNamed(pair)) accuse(pair, context.parties[pair.subject]!.name)
    return
  }
  const agreeing = largestGroup(work, differing)
  if (!isMajority(agreeing.length, cast)) return
  // A copy that differs from the reference and from the majority says nothing of which of the two is worse.
  for (const pair of agreeing) if (!isNamed(pair)) accuse(pair, context.parties[0]!.name)
}

const accuse = (pair: Pair, rotten: NonNullable<Judgement>['rotten']): void => {
  if (pair.judgement === undefined || pair.judgement === 'nothing') return
  pair.judgement = { ...pair.judgement, rotten, rottenBy: 'minority' }
}

/** The most copies that are equal to each other for certain. */
const largestGroup = (work: RowWork, pairs: readonly Judged[]): readonly Judged[] => {
  let largest: readonly Judged[] = []
  for (const one of pairs) {
    const group = pairs.filter((other) => one === other || areEqual(work, one, other))
    if (group.length > largest.length) largest = group
  }
  return largest
}

const areEqual = (work: RowWork, a: Judged, b: Judged): boolean => {
  const theirs = contentOf(work, b)
  return contentOf(work, a).some((digest) =>
    theirs.some((other) => comparable(digest, other) && digest.value === other.value),
  )
}

/** The digests that stand for what a copy holds: those that were computed of it, and what its service vouches for. */
const contentOf = (work: RowWork, { subject }: Judged): readonly Digest[] => {
  const read = Object.entries(work.observed[subject]?.digests ?? {})
    .filter(([measure]) => isKnownAlgorithm(measure))
    .map(([algorithm, value]): Digest => ({ algorithm, value, provenance: 'computed' }))
  if (read.length > 0) return read
  return (entryOf(work, subject).digests ?? []).filter(
    ({ provenance, equalityOnly }) => provenance === 'service' && equalityOnly !== true,
  )
}
