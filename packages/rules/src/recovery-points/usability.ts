import { type Evidence, flagOption } from '@backproof/core/audit'
import type { RecoveryPoint } from '@backproof/core/history'
import { isoTime } from '../time.js'

/** Options of rules that count usable recovery points only. */
export const usabilityOptions = {
  acceptUnmarked: flagOption({
    default: false,
    source: 'own choice: half a copy looks like a whole one until somebody restores it',
    description: 'Whether a recovery point counts as complete where nobody says whether it is.',
  }),
  requireDigest: flagOption({
    default: false,
    source: 'own choice: backup services keep digests to themselves',
    description: 'Whether a recovery point counts only with a digest that was recorded when it was made.',
  }),
}

export interface UsabilityOptions {
  readonly acceptUnmarked: boolean
  readonly requireDigest: boolean
}

/**
 * What keeps a recovery point from being used. `unusable`: it is incomplete, or its key cannot be used. The others: nobody says that
 * it is complete, that its key can be used, or what its digest is. `undefined`: it can be used, as far as records tell.
 */
export type Flaw = 'unusable' | 'unmarked' | 'key' | 'digest'

export const flawOf = (point: RecoveryPoint, options: UsabilityOptions): Flaw | undefined => {
  if (point.complete === false || point.keyUsable === false) return 'unusable'
  if (point.complete !== true && !options.acceptUnmarked) return 'unmarked'
  // One that names its key needs it, also where nothing is told of it.
  const needsKey = (point.key ?? undefined) !== undefined
  if (point.keyUsable === null || (needsKey && point.keyUsable === undefined)) return 'key'
  return options.requireDigest && (point.digest ?? undefined) === undefined ? 'digest' : undefined
}

/** What would make the flaw go away, as the end of a sentence. */
export const FLAWS: Readonly<Record<Flaw, string>> = {
  unusable: 'it is incomplete or its key cannot be used',
  unmarked: 'nobody says that it is complete: write a marker at the end of each backup, or set acceptUnmarked',
  key: 'nobody says whether its key can be used: collect facts about the key',
  digest: 'no digest was recorded for it: record one when it is made, or leave requireDigest out',
}

/** As much of a recovery point as a verdict needs. */
export interface Stop {
  readonly id: string
  readonly created: number
  readonly flaw: Flaw | undefined
}

export const stopOf = ({ id, created }: RecoveryPoint, flaw: Flaw | undefined): Stop => ({ id, created, flaw })

export const stopEvidence = ({ id, created, flaw }: Stop): Evidence => ({
  kind: 'recovery-point',
  id,
  at: isoTime(created),
  data: { flaw: flaw ?? null },
})
