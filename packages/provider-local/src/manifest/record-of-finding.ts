import type { ObjectFinding } from '@backproof/core/report'
import type { ManifestRecord } from './manifest-record.js'

/**
 * The entry that a verification without a baseline, which recorded these algorithms, makes of an object. `undefined`:
 * it could not be read, or cannot be trusted.
 */
export const recordOfFinding = (
  { key, keyBytes, outcome, reason, sides }: ObjectFinding,
  algorithms: readonly string[],
): ManifestRecord | undefined => {
  // What has no stored digest cannot be verified, and is recorded all the same: that is what a manifest is for.
  if (outcome !== 'match' && outcome !== 'unverifiable') return undefined
  const { size, linkTarget, version, modified, entropy, recorded } = sides?.source ?? {}
  const name = { key, ...(keyBytes !== undefined && { keyBytes }) }
  const state = { ...(version !== undefined && { version }), ...(modified !== undefined && { modified }) }
  if (reason === 'special') return { ...name, kind: 'special', ...state }
  if (linkTarget !== undefined) return { ...name, kind: 'symlink', linkTarget, ...state }
  if (size === undefined || recorded === undefined) return undefined
  const digests: Record<string, string> = {}
  for (const algorithm of algorithms) {
    const digest = recorded.find((one) => one.algorithm === algorithm)
    if (digest === undefined) return undefined
    digests[algorithm] = digest.value
  }
  return { ...name, kind: 'object', size, ...state, ...(entropy !== undefined && { entropy }), digests }
}
