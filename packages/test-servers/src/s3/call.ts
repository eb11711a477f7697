import type { Reply } from '../http/reply.js'
import type { DecodedBody } from './chunked.js'
import { failure } from './failure.js'
import { decide, denial, type Principal } from './policy.js'
import type { S3Request } from './request.js'
import type { Bucket } from './store.js'
import type { User } from './users.js'

/** What operations share: the buckets, the users, the clock. */
export interface ServerState {
  readonly region: string
  readonly buckets: Map<string, Bucket>
  /** By access key id. */
  readonly users: Map<string, User>
  readonly minPartSize: number
  readonly fullObjectPartRows: boolean
  /** Milliseconds since 1970 by the server's clock. */
  now(): number
}

/** A request whose signature was verified, with the body that came. */
export interface Call {
  readonly state: ServerState
  readonly request: S3Request
  readonly user: User
  /** Region that it was signed for. */
  readonly region: string
  readonly body: DecodedBody
}

/** A call to a bucket that exists, of this region, by someone who pays if that is asked. */
export interface BucketCall extends Call {
  readonly bucket: Bucket
}

export type Operation = (call: BucketCall) => Reply | Promise<Reply>

export const bucketArn = (bucket: string): string => `arn:aws:s3:::${bucket}`
export const objectArn = (bucket: string, key: string): string => `arn:aws:s3:::${bucket}/${key}`

/** Whether the caller may. */
export const isAllowed = (user: Principal, action: string, resource: string): boolean =>
  decide(user, action, resource, undefined) === 'allowed'

/** @throws AccessDenied, with the message that AWS gives. */
export const requireAccess = (user: Principal, action: string, resource: string, prefix?: string): void => {
  const decision = decide(user, action, resource, prefix)
  if (decision !== 'allowed') throw failure('AccessDenied', denial(user, action, resource, decision))
}
