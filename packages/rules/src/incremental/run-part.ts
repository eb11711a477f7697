import { hasSucceeded, type JobRun } from '@backproof/core/history'

/**
 * What a run is to a chain: a `full` one begins it, a `differential` one needs the full one only, an `incremental` one needs all since.
 * `untold`: nobody says which.
 */
export interface RunPart {
  readonly part: 'full' | 'differential' | 'incremental' | 'untold'
  /** Whether it made something that can be restored; else it may have: it was partial, or nobody says how it ended. */
  readonly certain: boolean
}

/** `undefined`: it is no part of a chain of its own: it failed, goes on, or backed up logs or copies. */
export const partOf = (run: JobRun): RunPart | undefined => {
  const { kind = null, status } = run
  const certain = hasSucceeded(run)
  if (!certain && status !== 'partial' && status !== 'unknown') return undefined
  if (kind === 'log' || kind === 'copy') return undefined
  return { part: kind ?? 'untold', certain }
}
