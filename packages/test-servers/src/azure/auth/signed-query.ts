import { failure, outOfTime } from '../failure.js'
import type { AzureRequest } from '../request.js'
import type { AccountState } from '../store.js'
import type { Need } from './need.js'
import { hmacBase64, sameText, unauthenticated } from './shared-key.js'
import { mayDo, type StoredUser } from './users.js'

/**
 * Checks a shared access signature in the query, of the account, of a container or blob, or with a user delegation key, from
 * version 2020-12-06 on ("Create an account SAS", "... a service SAS", "... a user delegation SAS" in the REST reference).
 *
 * @throws AuthenticationFailed; Authorization*Mismatch where it does not cover the request.
 */
export const verifySignedQuery = (
  request: AzureRequest,
  need: Need,
  state: AccountState,
  users: readonly StoredUser[],
): void => {
  const get = (name: string): string => request.query.get(name) ?? ''
  const [key, text] = signedBy(request, state)
  if (!sameText(get('sig'), hmacBase64(key, text)))
    throw unauthenticated(`Signature did not match. String to sign used was ${text}`)
  checkTime(get('st'), get('se'), state.now())
  if (get('ss') !== '') {
    if (!get('ss').includes('b')) throw failure('AuthorizationServiceMismatch')
    // Everybody who has a signature of the account may ask what kind of account it is.
    const wanted = request.operation === 'GetAccountInfo' ? ['s', 'c', 'o'] : [need.resourceType]
    if (!wanted.some((one) => get('srt').includes(one))) throw failure('AuthorizationResourceTypeMismatch')
  } else if (!need.serviceSas) throw failure('AuthorizationFailure')
  if (!get('sp').includes(need.letter)) throw failure('AuthorizationPermissionMismatch')
  if (get('include').split(',').includes('tags') && !get('sp').includes('t'))
    throw failure('AuthorizationPermissionMismatch')
  if (get('skoid') === '') {
    if (!state.sharedKey) throw failure('KeyBasedAuthenticationNotPermitted')
    return
  }
  // A user delegation SAS allows what both the signature and its user may.
  const user = users.find((one) => one.objectId === get('skoid'))
  if (user === undefined || !mayDo(user, need.action, request.container))
    throw failure('AuthorizationPermissionMismatch')
}

const checkTime = (start: string, expiry: string, now: number): void => {
  const [from, to] = [Date.parse(start), Date.parse(expiry)]
  if (Number.isNaN(to)) throw unauthenticated('Signature fields not well formed.')
  if (to <= now || from > now) throw unauthenticated(outOfTime(Number.isNaN(from) ? undefined : from, to, now))
}

/** Key in base64, and what it signs. */
const signedBy = (request: AzureRequest, state: AccountState): readonly [string, string] => {
  const get = (name: string): string => request.query.get(name) ?? ''
  const lines = (...names: string[]): string[] => names.map(get)
  if (get('ss') !== '')
    return [
      state.key,
      [state.account, ...lines('sp', 'ss', 'srt', 'st', 'se', 'sip', 'spr', 'sv', 'ses'), ''].join('\n'),
    ]
  const path = get('sr') === 'c' ? request.container : `${request.container}/${request.blob}`
  const head = [...lines('sp', 'st', 'se'), `/blob/${state.account}/${path}`]
  const moment = get('sr') === 'bs' ? get('snapshot') : get('sr') === 'bv' ? get('versionid') : ''
  const overrides = lines('rscc', 'rscd', 'rsce', 'rscl', 'rsct')
  if (get('skoid') === '') {
    const middle = [...lines('si', 'sip', 'spr', 'sv', 'sr'), moment, get('ses')]
    return [state.key, [...head, ...middle, ...overrides].join('\n')]
  }
  const version = get('sv')
  const keyFields = lines('skoid', 'sktid', 'skt', 'ske', 'sks', 'skv')
  const agents = ['saoid', 'suoid', 'scid', ...(version >= '2025-07-05' ? ['skdutid', 'sduoid'] : [])]
  const middle = [...lines(...agents, 'sip', 'spr', 'sv', 'sr'), moment, get('ses')]
  const bound = version >= '2026-04-06' ? lines('srh', 'srq') : []
  return [delegationKey(state.key, keyFields), [...head, ...keyFields, ...middle, ...bound, ...overrides].join('\n')]
}

/** The value of the user delegation key with these fields (object, tenant, start, expiry, service, version), in base64. */
export const delegationKey = (accountKey: string, fields: readonly string[]): string =>
  hmacBase64(accountKey, `user delegation key\n${fields.join('\n')}`)
