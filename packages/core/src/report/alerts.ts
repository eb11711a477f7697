import type { Drift } from './drift.js'

/** A finding about a run as a whole, which no key has. */
export interface Alert {
  /**
   * `mass-change`: so much changed or is gone at once that somebody should look before the changed state replaces older
   * backups: ransomware looks like this. Public API; new ones may be added.
   */
  readonly alert: 'mass-change'
  /** What reached its threshold: the share of objects, the share of bytes, the mean rise of entropy in what changed. */
  readonly by: readonly ('objects' | 'bytes' | 'entropy')[]
  /** For people, in one clause. */
  readonly message: string
}

/** The alerts that a drift gives rise to. A function of its numbers, so that merged parts have those of the whole. */
export const alertsOf = (drift: Drift): readonly Alert[] => {
  const { modified, rot, gone, undated, share, entropy, thresholds } = drift
  const changed = modified.objects + rot.objects + gone.objects + undated.objects
  const many = changed >= thresholds.least
  const by = [
    ...(many && share.objects >= thresholds.objects ? (['objects'] as const) : []),
    ...(many && share.bytes >= thresholds.bytes ? (['bytes'] as const) : []),
    ...(entropy.objects >= thresholds.least && entropy.rise >= thresholds.entropy ? (['entropy'] as const) : []),
  ]
  return by.length === 0 ? [] : [{ alert: 'mass-change', by, message: massChange(drift) }]
}

const massChange = ({ share, entropy }: Drift): string => {
  const rise = entropy.rise > 0 ? `, the entropy of what changed rose by ${entropy.rise.toFixed(1)} bits per byte` : ''
  return `MASS CHANGE: ${percent(share.objects)} of the objects and ${percent(share.bytes)} of the bytes of the record changed or are gone${rise}; find out why before this state replaces older backups`
}

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`
