import { randomBytes, randomUUID } from 'node:crypto'
import { BackupError } from '@backproof/core/errors'
import { like } from '../../http/wildcard.js'
import { CHALLENGE, failure } from '../failure.js'
import type { AzureRequest } from '../request.js'
import { ROLES } from './need.js'

export interface AzureUserOptions {
  /** Names of built-in roles: `Storage Blob Data Reader`, `Storage Blob Data Owner`, `Reader`. Default: none. */
  readonly roles?: readonly string[] | undefined
  /** Further actions and data actions; `*` and `?` are wildcards. Default: none. */
  readonly actions?: readonly string[] | undefined
  /** Containers to which roles and actions are limited. Default: the account. */
  readonly containers?: readonly string[] | undefined
  /** When the token expires, by the server's clock. Default: never. */
  readonly expiresAt?: Date | undefined
}

/** A user of Microsoft Entra ID. */
export interface AzureUser {
  /** For `Authorization: Bearer`. */
  readonly token: string
  readonly objectId: string
  readonly tenantId: string
}

export interface StoredUser extends AzureUser {
  readonly actions: readonly string[]
  readonly containers: readonly string[] | undefined
  readonly expiresAt: number | undefined
}

export const TENANT = '72f988bf-0000-4000-8000-2d7cd011db47'

/** @throws BackupError `invalid-config` for a role that is not known here. */
export const makeUser = (options: AzureUserOptions): StoredUser => ({
  token: `eyJ0eXAi.${randomBytes(60).toString('base64url')}`,
  objectId: randomUUID(),
  tenantId: TENANT,
  actions: [...(options.roles ?? []).flatMap(actionsOf), ...(options.actions ?? [])],
  containers: options.containers,
  expiresAt: options.expiresAt?.getTime(),
})

const actionsOf = (role: string): readonly string[] => {
  const actions = ROLES[role]
  if (actions !== undefined) return actions
  const message = `The test server does not know the role ${role}. It knows ${Object.keys(ROLES).join(', ')}.`
  throw new BackupError({ code: 'invalid-config', message, provider: 'test-servers', operation: 'addUser' })
}

/** Whether a user may do `action` in a container; requests to the account have none. */
export const mayDo = (user: StoredUser, action: string, container: string): boolean =>
  (user.containers === undefined || user.containers.includes(container)) &&
  user.actions.some((pattern) => like(pattern.toLowerCase(), action.toLowerCase()))

/** @throws InvalidAuthenticationInfo (401) for a token that is unknown, or whose time is over. */
export const userOfToken = (request: AzureRequest, users: readonly StoredUser[], now: number): StoredUser => {
  const token = (request.headers.get('authorization') ?? '').replace(/^Bearer /, '')
  const user = users.find((one) => one.token === token)
  if (user === undefined) throw refused('Signature validation failed.')
  if (user.expiresAt !== undefined && user.expiresAt <= now)
    throw refused('Lifetime validation failed. The token is expired.')
  return user
}

const refused = (detail: string): Error =>
  failure('InvalidAuthenticationInfo', {
    status: 401,
    message:
      'Server failed to authenticate the request. Please refer to the information in the www-authenticate header.',
    fields: { AuthenticationErrorDetail: detail },
    headers: CHALLENGE,
  })
