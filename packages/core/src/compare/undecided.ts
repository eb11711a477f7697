import type { Judgement } from './judge.js'
import type { ProveContext } from './prove-context.js'
import { entryOf, type Pair, partyOf, type RowWork } from './row-state.js'
import { pairSides } from './side-evidence.js'

/** What is said of a pair that no permitted proof could decide. */
export const undecided = (work: RowWork, pair: Pair, context: ProveContext): NonNullable<Judgement> => {
  // An object that is held against its own digests has one side.
  const sides = context.policy.ownDigests === true ? [pair.subject] : [0, pair.subject]
  const archived = sides.find((side) => entryOf(work, side).archived === true)
  return {
    outcome: 'unverifiable',
    reason:
      archived !== undefined
        ? 'archived'
        : pair.claimDiffered
          ? 'claim-differs'
          : (pair.plan?.reason ?? 'no-common-digest'),
    method: 'none',
    sides: pairSides(partyOf(work, 0, context), partyOf(work, pair.subject, context)),
    ...(archived !== undefined && { error: { ...ARCHIVED, side: context.parties[archived]!.name } }),
  }
}

const ARCHIVED = {
  code: 'archived',
  message:
    'It lies in an archive storage class and its bytes cannot be read before it is restored; no stored digest proves it.',
} as const
