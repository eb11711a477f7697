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

/** Every place, also those that lists lie in. */
const allPlaces = ({ source, replicas, expected }: Parties): readonly Place[] =>
  [source, ...replicas, ...(expected === undefined ? [] : [expected])].map((place) =>
    place.kind === 'inventory' ? place.files : place,
  )

/** The directories on this machine that the run reads. */
export const directoriesOf = (parties: Parties): readonly string[] =>
  allPlaces(parties).flatMap((place) =>
    place.kind === 'directory'
      ? [place.path]
      : place.kind === 'bag'
        ? [place.path, ...(place.copy === undefined ? [] : [place.copy])]
        : [],
  )

/** Archives, manifests and lists on this machine that the run reads. */
export const filesOf = (parties: Parties): readonly string[] =>
  allPlaces(parties).flatMap((place) =>
    place.kind === 'checksums' || place.kind === 'tar' || place.kind === 'zip' || place.kind === 'rclone'
      ? [place.path]
      : [],
  )
