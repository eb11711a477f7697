import type { RetentionClass } from '@backproof/core/audit'
import type { RecoveryPoint } from '@backproof/core/history'
import type { Slot } from './slots.js'

/** What a simulation looks at of a recovery point. One that is created after `now` is one to come. */
export type SimulatedPoint = Pick<RecoveryPoint, 'id' | 'created'> &
  Partial<Pick<RecoveryPoint, 'plan' | 'complete' | 'expires' | 'lockedUntil' | 'hold'>>

export interface RetentionInput {
  /** Recovery points of one asset, in any order. Ids are unique. */
  readonly points: readonly SimulatedPoint[]
  /** How long they are kept. */
  readonly retention: RetentionClass
  /** Classes of plans that have their own, by the id of the plan. Rotations of different classes are apart. */
  readonly plans?: Readonly<Record<string, RetentionClass>> | undefined
  /** Since when there have to be recovery points, milliseconds since 1970: slots that are over by then are not asked for. */
  readonly since?: number | undefined
  /** Milliseconds since 1970. */
  readonly now: number
  /** The horizon: what happens after it is not told, milliseconds since 1970. */
  readonly until: number
}

/** A slot of one retention class. */
export interface ClassSlot extends Slot {
  /** Id of the class. */
  readonly retention: string
}

/** A slot that a recovery point fills, and until when: its promise ends, or a newer one of the same period takes its place. */
export interface FilledSlot extends ClassSlot {
  readonly until: number
}

/**
 * What keeps a recovery point for the longest: its own `expiry`, or that it `never` expires; a `lock`; where it says nothing of an
 * expiry, the `minimum` of its class, or a `slot` that it fills. `nothing`: nobody says that it is kept at all.
 */
export type KeptBy = 'expiry' | 'never' | 'lock' | 'minimum' | 'slot' | 'nothing'

/** What becomes of a recovery point. Times are milliseconds since 1970. */
export interface PointFate {
  readonly id: string
  readonly created: number
  /** Id of its class. */
  readonly retention: string
  /** From when on it may vanish: nothing that is known keeps it any longer, but for a legal hold. */
  readonly removable: number | 'never'
  readonly keptBy: KeptBy
  /** Whether a legal hold keeps it, until somebody lifts that. */
  readonly held: boolean
  /** Those that it fills, as of any time, shortest periods first. */
  readonly slots: readonly FilledSlot[]
  /** Until when its class promises it; absent where that promises nothing. */
  readonly promised?: number | undefined
  /** When it has to be gone; absent where its class sets no maximum. */
  readonly limit?: number | undefined
  /** Whether it may vanish before the promise ends. */
  readonly early: boolean
  /** Whether it is there beyond its limit, or is set to be. */
  readonly late: boolean
  /** At the horizon. */
  readonly fate: 'kept' | 'held' | 'may-vanish'
}

/** A slot that becomes unfilled although its promise goes on. */
export interface SlotLoss extends ClassSlot {
  /** When, milliseconds since 1970; `now` for what may vanish at any moment. */
  readonly at: number
  /** The recovery point that fills it until then. */
  readonly point: string
}

export interface RetentionForecast {
  /** By creation, then id. */
  readonly points: readonly PointFate[]
  /** Slots that should be filled and are not: of periods that are over. By class, shortest periods first, then time. */
  readonly unfilled: readonly ClassSlot[]
  /** Slots that become unfilled by the horizon. By time, then as `unfilled`. */
  readonly losses: readonly SlotLoss[]
}
