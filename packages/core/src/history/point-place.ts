import { isBackupError } from '../errors.js'
import { checkZone } from '../schedule/zone.js'
import { type KeyPattern, keyPattern } from './key-pattern.js'

/** How keys tell of recovery points. */
export interface PointPlace {
  readonly pattern: string
  readonly asset?: string | undefined
  readonly timezone?: string | undefined
  readonly complete?: string | undefined
}

/** What is wrong with it, at which member; `undefined`: it can work. Sentences without full stop. */
export const pointPlaceProblem = (
  given: PointPlace,
): { readonly member: keyof PointPlace; readonly message: string } | undefined => {
  const { asset, timezone, complete } = given
  let pattern: KeyPattern
  try {
    pattern = keyPattern(given.pattern)
  } catch (error) {
    if (!isBackupError(error)) throw error
    return { member: 'pattern', message: error.message.replace(/\.$/, '') }
  }
  if (asset !== undefined && pattern.hasAsset)
    return { member: 'asset', message: 'the pattern has {asset}, so leave the option asset out' }
  if (asset === undefined && !pattern.hasAsset)
    return { member: 'pattern', message: 'the pattern has no {asset}, so give the option asset' }
  const zone = timezone === undefined ? undefined : checkZone(timezone)
  if (zone !== undefined) return { member: 'timezone', message: zone }
  if (complete !== undefined && !pattern.isOpen) {
    const message = 'complete names an object within a recovery point, so the pattern has to end in * or **'
    return { member: 'complete', message }
  }
  return undefined
}
