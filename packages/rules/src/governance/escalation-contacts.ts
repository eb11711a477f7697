import type { Policy } from '@backproof/core/audit'
import { isCurrent, newestOf } from './dates.js'
import type { Chain, ChainLevel } from './escalation-chain.js'
import { isWritten } from './names.js'

/** Somebody whom a level names. */
export interface ChainContact {
  readonly id: string
  /** How many; `undefined`: the policy does not have them. */
  readonly channels: number | undefined
  /** When they last answered, or a path that names them was last tried. */
  readonly tested: number | undefined
  readonly isTested: boolean
}

/** By id, in the order in which levels name them. */
export type ChainContacts = ReadonlyMap<string, ChainContact>

/** @param maxAge Milliseconds after which a test is too old. */
export const chainContacts = (
  policy: Pick<Policy, 'contacts'>,
  levels: readonly ChainLevel[],
  { now, maxAge }: { readonly now: number; readonly maxAge: number },
): ChainContacts => {
  const known = new Map(policy.contacts.map((contact) => [contact.id, contact]))
  const newest = new Map<string, number | undefined>()
  for (const { contacts, path } of levels)
    for (const id of contacts) newest.set(id, newestOf([newest.get(id), known.get(id)?.tested, path.tested], now))
  return new Map(
    [...newest].map(([id, tested]) => {
      const channels = known.get(id)?.channels.filter(isWritten).length
      return [id, { id, channels, tested, isTested: isCurrent(tested, now, maxAge) }]
    }),
  )
}

export const hasChannel = ({ channels = 0 }: ChainContact): boolean => channels > 0

/** Those of some levels, each once. */
export const contactsIn = (levels: readonly ChainLevel[], contacts: ChainContacts): readonly ChainContact[] => {
  const named = new Set(levels.flatMap((level) => level.contacts))
  return [...contacts.values()].filter(({ id }) => named.has(id))
}

/** Why a chain ends nowhere. */
export interface DeadEnd {
  /** In words. */
  readonly reason: string
  /** Its last level, where it has one of which nobody is known to answer. */
  readonly silent?: ChainLevel | undefined
}

/** `undefined`: the chain ends with somebody who answers, or goes in a circle, which has no end. */
export const deadEnd = ({ paths, levels, missing, circle }: Chain, contacts: ChainContacts): DeadEnd | undefined => {
  if (missing !== undefined) return { reason: `the policy has no path ${missing}` }
  if (circle !== undefined) return undefined
  const last = levels.at(-1)
  if (last === undefined || last.path.id !== paths.at(-1)) return { reason: `${paths.at(-1)} has no levels` }
  const answers = contactsIn([last], contacts).some((contact) => hasChannel(contact) && contact.isTested)
  return answers ? undefined : { reason: 'nobody of its last level is known to answer', silent: last }
}
