import type { HistorySource, HistoryToken } from '../audit/history.js'
import type { RestoreLevel } from '../audit/policy.js'

/** One restore test of one asset. What is `null` or left out nobody can say. Times are milliseconds since 1970, spans milliseconds. */
export interface Drill {
  /** Unique among the drills of the asset. */
  readonly id: string
  readonly asset: string
  readonly started: number
  readonly ended?: number | null | undefined
  readonly outcome: 'succeeded' | 'failed' | 'cancelled' | 'running' | 'unknown'
  /** What a check of the restored data said. `none`: nobody checked. */
  readonly validation?: 'successful' | 'failed' | 'timed-out' | 'validating' | 'none' | null | undefined
  /** The most that was proven. */
  readonly level?: RestoreLevel | null | undefined
  readonly recoveryPoint?: string | null | undefined
  /** When the recovery point was made. */
  readonly recoveryPointCreated?: number | null | undefined
  /** The newest change that was found in the restored data. */
  readonly dataAsOf?: number | null | undefined
  /** The moment that was to be restored: when production would have been lost. Default: `started`. */
  readonly lostAt?: number | null | undefined
  readonly bytesRestored?: number | null | undefined
  /** Size of the whole; larger than `bytesRestored` where a sample was restored. */
  readonly bytesTotal?: number | null | undefined
  /** From the decision to the working restore. Default: `ended - started`. */
  readonly endToEndMs?: number | null | undefined
  /** Of that, waiting for an archive tier; it does not grow with size. */
  readonly thawMs?: number | null | undefined
  /** Where it was restored to. */
  readonly destination?: string | null | undefined
  /** Whether that was apart from production. */
  readonly isolated?: boolean | null | undefined
  /** Done as if account, directory and key owner were lost. */
  readonly breakGlass?: boolean | null | undefined
}

/** Restore tests by asset. */
export const drills: HistoryToken<Drill> = {
  name: 'restore.drills',
  description: 'restore tests',
  target: 'asset',
  targetOf: ({ asset }) => asset,
  timeOf: ({ started }) => started,
  idOf: ({ id }) => id,
  precedenceOf: ({ ended }) => ended ?? 0,
  badnessOf: ({ outcome, validation, isolated }) =>
    Number(outcome === 'failed' || outcome === 'cancelled') +
    Number(validation === 'failed' || validation === 'timed-out') +
    Number(isolated === false),
}

export type DrillSource = HistorySource<Drill>
