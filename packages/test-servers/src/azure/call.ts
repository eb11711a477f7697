import type { Reply } from '../http/reply.js'
import type { StoredUser } from './auth/users.js'
import type { AzureRequest } from './request.js'
import type { AccountState, Container } from './store.js'

/** A request of somebody who may send it. */
export interface Call {
  readonly state: AccountState
  readonly request: AzureRequest
  readonly body: string
  /** Where the caller is a user of Entra ID. */
  readonly user: StoredUser | undefined
  /** URL of the account as the client wrote it. */
  readonly endpoint: string
}

/** A call to a container that exists. */
export interface ContainerCall extends Call {
  readonly container: Container
}

export type Operation = (call: ContainerCall) => Reply | Promise<Reply>
