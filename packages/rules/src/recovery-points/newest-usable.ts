import type { FoldContext } from '@backproof/core/audit'
import type { RecoveryPoint } from '@backproof/core/history'
import { isAhead } from '../time.js'
import { flawOf, type Stop, stopOf, type UsabilityOptions } from './usability.js'

/** The newest recovery points of an asset, by whether they can be used. */
export interface NewestUsable {
  usable?: Stop
  /** Of those that may be usable: nobody can say. */
  unsure?: Stop
  unusable?: Stop
  /** Dated further ahead than clocks may be apart. */
  ahead?: Stop
}

/** Parts of a fold. */
export const newestUsable = {
  init: (): NewestUsable => ({}),
  step: (state: NewestUsable, point: RecoveryPoint, { now, options }: FoldContext<UsabilityOptions>): NewestUsable => {
    const flaw = flawOf(point, options)
    const stop = stopOf(point, flaw)
    if (flaw === 'unusable') state.unusable = stop
    else if (isAhead(point.created, now)) state.ahead = stop
    else if (flaw === undefined) state.usable = stop
    else state.unsure = stop
    return state
  },
}
