import { CHALLENGE, failure } from '../failure.js'
import type { AzureRequest } from '../request.js'
import type { AccountState } from '../store.js'
import type { Need } from './need.js'
import { verifySharedKey } from './shared-key.js'
import { verifySignedQuery } from './signed-query.js'
import { mayDo, type StoredUser, userOfToken } from './users.js'

/** Checks who sent a request, and that he may. Gives the user where it is one of Entra ID. @throws as the service answers. */
export const authorize = (
  request: AzureRequest,
  need: Need,
  state: AccountState,
  users: readonly StoredUser[],
): StoredUser | undefined => {
  if (request.query.has('sig')) {
    verifySignedQuery(request, need, state, users)
    return undefined
  }
  const authorization = request.headers.get('authorization')
  if (authorization === undefined) {
    checkAnonymous(request, need, state)
    return undefined
  }
  if (!authorization.startsWith('Bearer ')) {
    verifySharedKey(request, state)
    return undefined
  }
  const user = userOfToken(request, users, state.now())
  const tags = (request.query.get('include') ?? '').split(',').includes('tags')
  const actions = [need.action, ...(tags ? [need.action.replace(/blobs\/read$/, 'blobs/tags/read')] : [])]
  if (!actions.every((action) => mayDo(user, action, request.container)))
    throw failure('AuthorizationPermissionMismatch')
  return user
}

/** From this version of the API on, the service challenges instead of hiding what there is. */
const CHALLENGES_FROM = '2019-12-12'

const checkAnonymous = (request: AzureRequest, need: Need, state: AccountState): void => {
  const access = state.containers.get(request.container)?.access
  if (!state.publicAccess) throw failure('PublicAccessNotPermitted')
  const enough = need.anonymous !== undefined && (access === 'container' || access === need.anonymous)
  if (enough) return
  if ((request.headers.get('x-ms-version') ?? '') >= CHALLENGES_FROM)
    throw failure('NoAuthenticationInformation', { headers: CHALLENGE })
  throw failure('ResourceNotFound')
}
