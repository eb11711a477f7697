import { digestBits } from '../digest/algorithms.js'
import type { Digest } from '../digest/digest.js'
import type { ObjectEntry } from '../source/entry.js'

/**
 * An entry as its place told it, with digests that prove only what a place can know: none is computed by us, and one that has not
 * the length of its algorithm is reported as `malformed:<algorithm>`, seen and of no use. The same entry where nothing is wrong.
 */
export const checkedEntry = <Entry extends ObjectEntry>(entry: Entry): Entry => {
  const { digests } = entry
  return digests === undefined || digests.every(isSound) ? entry : { ...entry, digests: checkedDigests(digests) }
}

/** The same of digests alone. */
export const checkedDigests = (digests: readonly Digest[]): readonly Digest[] =>
  digests.map((digest) => {
    if (isSound(digest)) return digest
    // Only our own reading computes.
    const told: Digest = digest.provenance === 'computed' ? { ...digest, provenance: 'claimed' } : digest
    return isWhole(told) ? told : { ...told, algorithm: `malformed:${told.algorithm}`, equalityOnly: true }
  })

const isSound = (digest: Digest): boolean => digest.provenance !== 'computed' && isWhole(digest)

const isWhole = ({ algorithm, value }: Digest): boolean => {
  const bits = digestBits(algorithm)
  return bits === undefined ? value !== '' : value.length === bits / 4 && HEX.test(value)
}

const HEX = /^[0-9a-f]+$/
