import type { FoldContext } from '@backproof/core/audit'
import type { RecoveryPoint } from '@backproof/core/history'
import { flawOf, type Stop, stopOf, type UsabilityOptions } from '../recovery-points/usability.js'
import { isAhead } from '../time.js'

/** The newest recovery points of an asset in one store; those that are known to be unusable are none. */
export interface StorePoints {
  usable?: Stop
  /** Nobody says that it can be used, or it is dated in the future. */
  unsure?: Stop
  /** The newest usable one that nobody can remove now. */
  locked?: Stop
  /** Nobody says that it can be used, or whether it can be removed. */
  perhapsLocked?: Stop
}

/** Recovery points of an asset by store, in bounded memory. Times are milliseconds since 1970. */
export interface PointsByStore {
  /** At most {@link MOST_STORES}: those that were written to first. */
  readonly stores: Map<string, StorePoints>
  /** When the newest of which nobody says where it lies was made. */
  unplaced: number
  /** When the newest in a store that is not held was made. */
  dropped: number
}

/** Stores of one asset that are told apart. */
export const MOST_STORES = 24

const NEVER = Number.NEGATIVE_INFINITY

/** Parts of a fold over the recovery points of one asset. */
export const pointsByStore = {
  init: (): PointsByStore => ({ stores: new Map(), unplaced: NEVER, dropped: NEVER }),
  step: (
    state: PointsByStore,
    point: RecoveryPoint,
    { now, options }: FoldContext<UsabilityOptions>,
  ): PointsByStore => {
    const flaw = flawOf(point, options)
    const { created, store } = point
    if ((store ?? undefined) === undefined) {
      if (flaw !== 'unusable') state.unplaced = Math.max(state.unplaced, created)
      return state
    }
    const held = state.stores.get(store!) ?? {}
    if (state.stores.size === MOST_STORES && !state.stores.has(store!)) {
      state.dropped = Math.max(state.dropped, created)
      return state
    }
    state.stores.set(store!, held)
    if (flaw === 'unusable') return state
    const stop = stopOf(point, flaw)
    const isSure = flaw === undefined && !isAhead(created, now)
    held[isSure ? 'usable' : 'unsure'] = stop
    const lock = lockOf(point, now)
    if (lock !== 'open') held[isSure && lock === 'locked' ? 'locked' : 'perhapsLocked'] = stop
    return state
  },
}

/** `open`: somebody can remove it now; who may lift a lock of the mode `governance` can. A legal hold may be lifted at any time. */
const lockOf = ({ lockedUntil, lockMode }: RecoveryPoint, now: number): 'locked' | 'open' | 'unknown' => {
  if (lockMode === 'none' || lockMode === 'governance') return 'open'
  const until = lockedUntil ?? undefined
  if (until === undefined) return 'unknown'
  if (until <= now) return 'open'
  return lockMode === 'compliance' ? 'locked' : 'unknown'
}
