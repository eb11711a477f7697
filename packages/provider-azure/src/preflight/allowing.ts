import type { Connection } from '../client/connection.js'
import { permissionOf, READER_ROLE, sasLetterOf } from '../permissions.js'
import { readOnlyPolicy } from '../policy.js'

/** What to add so that a request is allowed, in the words of how it was authorised. */
export const allowing = ({ settings }: Connection, operation: string): string => {
  const { account, container, prefix, access } = settings
  if (access.kind === 'sas') {
    return `Give a shared access signature of the container with the permission ${sasLetterOf(operation)}: sp=rl.`
  }
  if (access.kind === 'anonymous') return 'Give a credential; anonymous requests reach public containers only.'
  const { scope } = readOnlyPolicy({ account, container, prefix })
  return `Assign the role "${READER_ROLE}" (${permissionOf(operation)}) on ${scope}.`
}
