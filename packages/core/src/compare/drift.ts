import type { DriftKind, ObjectFinding } from '../report/finding.js'
import type { ObjectEntry } from '../source/entry.js'

/** How a finding of a verification went away from its baseline; `undefined` when it did not, or when the baseline cannot tell. */
export const driftOf = (
  finding: Pick<ObjectFinding, 'outcome' | 'reason' | 'sides'>,
  expected: ObjectEntry | undefined,
  source: ObjectEntry | undefined,
): DriftKind | undefined => {
  if (finding.outcome === 'missing') return 'gone'
  if (finding.outcome === 'extra') return 'new'
  if (finding.outcome !== 'mismatch' || expected === undefined || source === undefined) return undefined
  const same = [sameOrUnknown(expected.modified, source.modified), sameOrUnknown(expected.version, source.version)]
  if (same.includes(false)) return 'modified'
  const sizes = [expected.size, source.size]
  const sameSize = sizes[0] !== undefined && sizes[0] === sizes[1]
  return same.includes(true) && sameSize ? 'rot' : undefined
}

const sameOrUnknown = <T>(a: T | undefined, b: T | undefined): boolean | undefined =>
  a === undefined || b === undefined ? undefined : a === b
