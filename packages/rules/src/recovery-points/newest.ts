import type { FoldContext, FoldedFact, Message, Verdict } from '@backproof/core/audit'
import type { RecoveryPoint } from '@backproof/core/history'
import { type Ring, ring } from '../statistics/index.js'
import { isAhead, isoTime } from '../time.js'

/** The newest recovery points, as much of each as a rule needs. */
export interface NewestPoints<M> {
  readonly kept: Ring<M>
  /** One that lies after the clock of the audit. */
  ahead?: RecoveryPoint | undefined
}

/** Parts of a fold that keeps the newest `sample` recovery points of an asset. */
export const foldNewest = <M>(
  measure: (point: RecoveryPoint) => M,
): {
  readonly init: (context: FoldContext<{ readonly sample: number }>) => NewestPoints<M>
  readonly step: (
    state: NewestPoints<M>,
    point: RecoveryPoint,
    context: FoldContext<{ readonly sample: number }>,
  ) => NewestPoints<M>
} => ({
  init: ({ options }) => ({ kept: ring(options.sample) }),
  step: (state, point, { now }) => {
    if (isAhead(point.created, now)) state.ahead = point
    else state.kept.push(measure(point))
    return state
  },
})

/** Messages of rules that judge the newest recovery points. */
export const newestPointMessages = {
  'no-points': { status: 'unknown', text: 'no recovery point is known' },
  'in-future': {
    status: 'unknown',
    text: 'recovery point {id} is dated {created}, which is yet to come: a clock is wrong',
  },
  'history-short': {
    status: 'unknown',
    text: 'the history begins at {from} and tells of {points} recovery points, fewer than the {sample} that are asked about',
  },
} as const satisfies Record<string, Message>

/** Why what is good does not stand; `undefined` where it does. */
export const doubtOfNewest = <M>(
  { value: { kept, ahead }, from }: FoldedFact<NewestPoints<M>>,
  sample: number,
): Verdict<'in-future' | 'history-short'> | undefined => {
  if (ahead !== undefined) {
    const { id, created } = ahead
    return { message: 'in-future', data: { id, created: isoTime(created) } }
  }
  if (from === undefined || kept.pushed >= sample) return undefined
  return { message: 'history-short', data: { from: isoTime(from), points: kept.pushed, sample } }
}

/** Where more were seen than kept: a sample, in recovery points. */
export const sampleOfNewest = (
  { kept }: NewestPoints<unknown>,
  sample: number,
): { readonly sampled?: { readonly taken: number; readonly of: number } } =>
  kept.pushed > sample ? { sampled: { taken: sample, of: kept.pushed } } : {}
