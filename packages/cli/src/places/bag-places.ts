import { escapeKey } from '@backproof/core/source'
import { usageError } from '../args/usage-error.js'
import type { Place } from './resolve-place.js'

/**
 * What is read and what it is held against, when a place is verified. A bag decides which files of a directory it speaks
 * of; anything else leaves both places as they are.
 */
export const verifiedPlaces = (
  source: Place,
  expected: Place | undefined,
): { readonly read: Place; readonly against: Place | undefined } => {
  if (expected?.kind !== 'bag') return { read: source, against: expected }
  if (source.kind !== 'directory')
    throw usageError(
      `${escapeKey(source.given)} is no directory, and ${escapeKey(expected.given)} is a BagIt bag`,
      'A bag is held against a directory: itself, or a copy of it.',
    )
  const bag = source.path === expected.path ? expected : { ...expected, copy: source.path }
  return { read: { ...bag, given: source.given, part: 'source' }, against: bag }
}
