import type { Contact } from '@backproof/core/audit'
import { isWritten } from './names.js'

/**
 * The channels that somebody is reached by: those of contacts, by id, and addresses such as `mailto:ops@example.com`. What is neither
 * reaches nobody.
 */
export const channelsOf = (to: readonly string[], contacts: readonly Contact[]): ReadonlySet<string> => {
  const known = new Map(contacts.map(({ id, channels }) => [id, channels]))
  return new Set(
    to.flatMap((one) => known.get(one)?.filter(isWritten) ?? (/^[a-z][a-z0-9+.-]*:./i.test(one) ? [one] : [])),
  )
}
