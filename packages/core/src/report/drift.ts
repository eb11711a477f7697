import type { ObjectFinding } from './finding.js'

/**
 * How an object went away from its baseline.
 * - `modified`: other content, and another time or version: somebody wrote it.
 * - `rot`: other content under the same size, time and version: nobody says that they wrote it.
 * - `new`, `gone`: only in the source, only in the baseline.
 */
export type DriftKind = 'modified' | 'rot' | 'new' | 'gone'

/** Objects, and their bytes as far as sizes are known. */
export interface DriftCount {
  readonly objects: number
  readonly bytes: number
}

/** From which share of the baseline on a change is a mass change. Shares from 0 to 1. */
export interface MassChangeThresholds {
  /** Share of the objects that changed or are gone. Default 0.3. */
  readonly objects: number
  /** Share of the bytes that changed or are gone. Default 0.3. */
  readonly bytes: number
  /** Fewer changed objects than this are never a mass change. Default 10. */
  readonly least: number
}

/** Our own choice: far above what a day's work changes in most trees, far below what encrypting a tree does. */
export const MASS_CHANGE: MassChangeThresholds = Object.freeze({ objects: 0.3, bytes: 0.3, least: 10 })

/** How a source went away from its baseline, as a whole. */
export interface Drift extends Readonly<Record<DriftKind, DriftCount>> {
  /** What the baseline names. */
  readonly baseline: DriftCount
  /** Other content that the baseline cannot date: it has neither time nor version, or size changed under the same time. */
  readonly undated: DriftCount
  /** Share of the baseline that changed or is gone, 0 to 1. */
  readonly share: { readonly objects: number; readonly bytes: number }
  /** So much changed at once that somebody should look, before the changed state replaces older backups: ransomware looks like this. */
  readonly massChange: boolean
  readonly thresholds: MassChangeThresholds
}

export interface DriftTally {
  readonly add: (finding: ObjectFinding) => void
  readonly snapshot: () => Drift
}

const KINDS = ['baseline', 'modified', 'rot', 'new', 'gone', 'undated'] as const
type Counted = (typeof KINDS)[number]

export const createDriftTally = (thresholds: MassChangeThresholds): DriftTally => {
  const counts = Object.fromEntries(KINDS.map((kind) => [kind, { objects: 0, bytes: 0 }])) as Record<
    Counted,
    { objects: number; bytes: number }
  >
  const count = (kind: Counted, bytes: number | undefined): void => {
    counts[kind].objects += 1
    counts[kind].bytes += bytes ?? 0
  }
  return {
    add: ({ outcome, drift, sides }) => {
      // A baseline without sizes knows what an object had when what was read agrees with it, and guesses otherwise.
      const size = sides?.expected?.size ?? sides?.source?.size
      if (outcome !== 'extra') count('baseline', size)
      if (drift !== undefined) count(drift, size)
      else if (outcome === 'mismatch') count('undated', size)
    },
    snapshot: () => assessed(counts, thresholds),
  }
}

/** The drift of two parts together. */
export const addDrift = (a: Drift, b: Drift): Drift => {
  const sum = (kind: Counted): DriftCount => ({
    objects: a[kind].objects + b[kind].objects,
    bytes: a[kind].bytes + b[kind].bytes,
  })
  return assessed(
    Object.fromEntries(KINDS.map((kind) => [kind, sum(kind)])) as Record<Counted, DriftCount>,
    a.thresholds,
  )
}

const assessed = (counts: Readonly<Record<Counted, DriftCount>>, thresholds: MassChangeThresholds): Drift => {
  const { baseline, modified, rot, gone, undated } = counts
  const changed = modified.objects + rot.objects + gone.objects + undated.objects
  const bytes = modified.bytes + rot.bytes + gone.bytes + undated.bytes
  const share = {
    objects: baseline.objects === 0 ? 0 : changed / baseline.objects,
    bytes: baseline.bytes === 0 ? 0 : bytes / baseline.bytes,
  }
  const massChange =
    changed >= thresholds.least && (share.objects >= thresholds.objects || share.bytes >= thresholds.bytes)
  const copies = Object.fromEntries(KINDS.map((kind) => [kind, { ...counts[kind] }])) as Record<Counted, DriftCount>
  return { ...copies, share, massChange, thresholds: { ...thresholds } }
}
