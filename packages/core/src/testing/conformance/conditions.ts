import type { When } from './case-definition.js'
import { canHold } from './content.js'
import type { ConformanceObject, OptionalMember } from './types.js'

export const always: When = () => true

/** All of `conditions`; the first that does not hold gives the reason. */
export const all =
  (...conditions: readonly When[]): When =>
  (traits, harness) => {
    for (const condition of conditions) {
      const answer = condition(traits, harness)
      if (answer !== true) return answer
    }
    return true
  }

export const randomAccess: When = ({ access }) =>
  access === 'random' || 'the source is sequential: its objects are read through scan only'

export const sequential: When = (traits, harness) =>
  scans(traits, harness) || 'the source has no scan: its objects are read one by one'

const scans = (...[{ access }, { offers }]: Parameters<When>): boolean =>
  access === 'sequential' || offers?.includes('scan') === true

export const hasBytes: When = ({ readCost }) => readCost !== 'impossible' || 'the source is a list without bytes'

/** Objects that can be read one by one. */
export const readable: When = all(randomAccess, hasBytes)

export const pinned: When = ({ pinning }) => pinning !== 'none' || 'the source pins no versions'

export const rangeReads: When = (traits) => traits.rangeReads || 'the source reads no ranges'

export const keyOrdered: When = ({ keyOrder }) =>
  ['utf8', 'utf16', 'path'].includes(keyOrder) || `the source lists in no order that is known (${keyOrder})`

export const canonicalOrder: When = ({ keyOrder }) =>
  keyOrder === 'utf8' || `the source lists in ${keyOrder} order, so that no listing is resumed`

export const canReplace: When = (_, { replace }) => replace !== undefined || 'the harness cannot replace an object'

export const canRemove: When = (_, { remove }) => remove !== undefined || 'the harness cannot remove an object'

export const offers =
  (member: OptionalMember): When =>
  (_, harness) =>
    harness.offers?.includes(member) === true || `the source offers no ${member}`

/** The place can hold every one of the objects. */
export const holds =
  (objects: readonly ConformanceObject[]): When =>
  ({ maxKeyBytes }, harness) => {
    for (const object of objects) {
      const length = Buffer.byteLength(object.key)
      if (maxKeyBytes !== undefined && length > maxKeyBytes) {
        return `a key of ${length} bytes is longer than the ${maxKeyBytes} that the source can have`
      }
      const answer = canHold(harness, object)
      if (answer !== true) return answer
    }
    return true
  }
