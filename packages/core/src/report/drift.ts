import type { DriftKind, ObjectFinding } from './finding.js'

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
  /** Mean rise of entropy in changed objects whose entropy was recorded, bits per byte. Default 1: text has 4 to 5, what is encrypted 8. */
  readonly entropy: number
  /** Fewer changed objects than this are never a mass change. Default 10. */
  readonly least: number
}

/** Our own choice: far above what a day's work changes in most trees, far below what encrypting a tree does. */
export const MASS_CHANGE: MassChangeThresholds = Object.freeze({
  objects: 0.3,
  bytes: 0.3,
  entropy: 1,
  least: 10,
})

/** How a source went away from its baseline, as a whole. */
export interface Drift extends Readonly<Record<DriftKind, DriftCount>> {
  /** What the baseline names. */
  readonly baseline: DriftCount
  /** Other content that the baseline cannot date: it has neither time nor version, or size changed under the same time. */
  readonly undated: DriftCount
  /** Share of the baseline that changed or is gone, 0 to 1. */
  readonly share: { readonly objects: number; readonly bytes: number }
  /**
   * Of changed objects whose entropy was recorded and measured: how many, and the sums of their entropy before and after
   * in ten-thousandths of a bit per byte (whole numbers add up exactly), and the mean rise in bits per byte.
   */
  readonly entropy: { readonly objects: number; readonly before: number; readonly after: number; readonly rise: number }
  /** From where on it is a mass change: see the `alerts` of a result. */
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
  const entropy = { objects: 0, before: 0, after: 0 }
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
      const [before, after] = [sides?.expected?.entropy, sides?.source?.entropy]
      if (outcome !== 'mismatch' || before === undefined || after === undefined) return
      entropy.objects += 1
      entropy.before += Math.round(before * UNITS)
      entropy.after += Math.round(after * UNITS)
    },
    snapshot: () => assessed(counts, entropy, thresholds),
  }
}

/** The drift of two parts together. */
export const addDrift = (a: Drift, b: Drift): Drift => {
  const sum = (kind: Counted): DriftCount => ({
    objects: a[kind].objects + b[kind].objects,
    bytes: a[kind].bytes + b[kind].bytes,
  })
  const counts = Object.fromEntries(KINDS.map((kind) => [kind, sum(kind)])) as Record<Counted, DriftCount>
  const entropy = {
    objects: a.entropy.objects + b.entropy.objects,
    before: a.entropy.before + b.entropy.before,
    after: a.entropy.after + b.entropy.after,
  }
  return assessed(counts, entropy, a.thresholds)
}

/** Ten-thousandths of a bit. */
const UNITS = 10_000

const assessed = (
  counts: Readonly<Record<Counted, DriftCount>>,
  entropy: Omit<Drift['entropy'], 'rise'>,
  thresholds: MassChangeThresholds,
): Drift => {
  const { baseline, modified, rot, gone, undated } = counts
  const changed = modified.objects + rot.objects + gone.objects + undated.objects
  const bytes = modified.bytes + rot.bytes + gone.bytes + undated.bytes
  const share = {
    objects: baseline.objects === 0 ? 0 : changed / baseline.objects,
    bytes: baseline.bytes === 0 ? 0 : bytes / baseline.bytes,
  }
  const rise = entropy.objects === 0 ? 0 : (entropy.after - entropy.before) / entropy.objects / UNITS
  const copies = Object.fromEntries(KINDS.map((kind) => [kind, { ...counts[kind] }])) as Record<Counted, DriftCount>
  return { ...copies, share, entropy: { ...entropy, rise }, thresholds: { ...thresholds } }
}
