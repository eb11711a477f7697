import { join } from 'node:path'
import type { SideName } from '@backproof/core/report'
import type { Place } from '../places/resolve-place.js'

/** The places of a run, as reports speak of them. */
export interface Parties {
  readonly kind: 'compare' | 'verify'
  readonly source: Place
  readonly replicas: readonly Place[]
  readonly expected?: Place | undefined
  /** Whether keys were normalised, so that a key need not be the name on disk. Default false. */
  readonly normalised?: boolean | undefined
  /** The arguments by which the places were opened (`--provider`, `--with`), for commands that open them again. Default: none. */
  readonly opening?: readonly string[] | undefined
}

export const placeOf = (parties: Parties, side: SideName, replica: number | undefined): Place | undefined =>
  side === 'source' ? parties.source : side === 'expected' ? parties.expected : parties.replicas[replica ?? 0]

/** The path of an object on this machine, or `undefined` elsewhere and when its name is not known. Escaped bytes of the key stay escaped. */
export const pathOf = (
  parties: Parties,
  side: SideName,
  finding: { readonly key: string; readonly replica?: number | undefined },
): string | undefined => {
  const place = placeOf(parties, side, finding.replica)
  return place?.kind === 'directory' && parties.normalised !== true ? join(place.path, finding.key) : undefined
}
