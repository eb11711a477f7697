import type { Evidence, FoldContext, Verdict } from '@backproof/core/audit'
import type { Drill } from '@backproof/core/history'
import { isAhead, isoTime } from './time.js'

export { measuredMessages, newestMessages } from './drill-messages.js'

/**
 * What a restore test came to. `restored`: it succeeded, and no check of the data failed, ran out of time or is still going.
 * `failed`: it, or the check of its data, did not end well.
 */
export type DrillResult = 'restored' | 'failed' | 'cancelled' | 'running' | 'validating' | 'unknown'

export const resultOf = ({ outcome, validation }: Drill): DrillResult => {
  if (outcome !== 'succeeded') return outcome
  if (validation === 'failed' || validation === 'timed-out') return 'failed'
  return validation === 'validating' ? 'validating' : 'restored'
}

/** Whether it is over, the check of its data included. */
const hasEnded = (drill: Drill): boolean => !['running', 'validating'].includes(resultOf(drill))

/** Whether its start or end lies after the clock of the audit, by more than clocks may be apart. */
export const isDrillAhead = ({ started, ended }: Drill, now: number): boolean =>
  isAhead(Math.max(started, ended ?? started), now)

/** The newest restore tests of an asset, by their start. */
export interface NewestDrills {
  newest?: Drill
  /** The newest that is over. */
  ended?: Drill
  /** One that starts or ends after the clock of the run. */
  ahead?: Drill
}

/** Parts of a fold over the restore tests of one asset. */
export const newestDrills = {
  init: (): NewestDrills => ({}),
  step: (state: NewestDrills, drill: Drill, { now }: FoldContext<unknown>): NewestDrills => {
    if (isDrillAhead(drill, now)) state.ahead = drill
    else {
      state.newest = drill
      if (hasEnded(drill)) state.ended = drill
    }
    return state
  },
}

/** How a restore test ended, in words: the check of its data is told where that is what failed. */
export const endOf = ({ outcome, validation }: Drill): string =>
  outcome === 'succeeded' && (validation === 'failed' || validation === 'timed-out')
    ? `validation ${validation}`
    : outcome

/** Times of a restore test, for `data` and messages. */
export const drillData = ({ id, started }: Drill): { readonly drill: string; readonly started: string } => ({
  drill: id,
  started: isoTime(started),
})

/** @param data What else the number can be recomputed from. */
export const drillEvidence = (drill: Drill, data: Evidence['data'] = {}): Evidence => ({
  kind: 'drill',
  id: drill.id,
  at: isoTime(drill.started),
  data: { outcome: drill.outcome, validation: drill.validation ?? null, ...data },
})

/** What stands above all passes: a restore test whose time cannot be. */
export const aheadVerdict = (ahead: Drill): Verdict<'in-future'> => ({
  message: 'in-future',
  data: drillData(ahead),
  evidence: [drillEvidence(ahead)],
})

/** The restore test that can be measured, or what is to be said instead. */
export const measurable = ({ ended }: NewestDrills): Drill | Verdict<'no-drill' | 'not-restored'> => {
  if (ended === undefined) return { message: 'no-drill' }
  if (resultOf(ended) === 'restored') return ended
  return { message: 'not-restored', data: { ...drillData(ended), end: endOf(ended) }, evidence: [drillEvidence(ended)] }
}
