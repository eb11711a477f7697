import type { Reply } from '../http/reply.js'
import { failure } from './failure.js'
import { selectFields } from './fields.js'
import type { JsonObject } from './json.js'
import { policyAllows } from './policy.js'
import type { GcsRequest } from './request.js'
import type { Bucket } from './store.js'
import type { Upload } from './upload-session.js'
import { type Account, mayDo, type SigningKey } from './users.js'

/** What operations share: the buckets, the accounts, the clock. */
export interface ServerState {
  readonly buckets: Map<string, Bucket>
  readonly accounts: Account[]
  readonly uploads: Map<string, Upload>
  signingKey(): SigningKey
  /** Milliseconds since 1970 by the server's clock. */
  now(): number
  /** The generation of what is made next. */
  nextGeneration(): bigint
}

/** A request, who sent it (nobody: `undefined`), and the body that came. */
export interface Call {
  readonly state: ServerState
  readonly request: GcsRequest
  readonly account: Account | undefined
  readonly body: Buffer
  /** The names in the path, decoded, in their order: bucket, object, and those of the destination. */
  readonly names: readonly string[]
}

export type Operation = (call: Call) => Reply | Promise<Reply>

/** An answer that is a resource, cut to the `fields` that the request asks for. */
export const resourceReply = (call: Call, resource: JsonObject, status = 200): Reply => ({
  status,
  headers: {
    'content-type': 'application/json; charset=UTF-8',
    ...(typeof resource['etag'] === 'string' && { etag: resource['etag'] }),
  },
  body: JSON.stringify(selectFields(resource, call.request.query.get('fields'))),
})

/** A bucket that exists, with someone who pays if that is asked. @throws notFound, and what a missing payer is. */
export const requireBucket = (call: Call, name: string | undefined = call.names[0]): Bucket => {
  const bucket = call.state.buckets.get(name ?? '')
  if (bucket === undefined) throw failure('notFound', 'The specified bucket does not exist.')
  return bucket
}

/** @throws userProjectMissing for a bucket whose requesters pay. Its owner has to say who pays, too. */
export const requirePayer = (call: Call, requesterPays: boolean): void => {
  if (requesterPays && !call.request.query.get('userProject') && !call.request.headers.get('x-goog-user-project'))
    throw failure('userProjectMissing')
}

/** Whether the caller may. */
export const isAllowed = (call: Call, permission: string, resource: string): boolean => {
  if (call.account !== undefined && mayDo(call.account, permission, resource)) return true
  const bucket = call.state.buckets.get(resource.split('/')[0]!)
  return bucket !== undefined && policyAllows(bucket.policy, call.account, permission)
}

/** @throws forbidden, or 401 for a caller without credentials, with the message that Cloud Storage gives. */
export const requireAccess = (call: Call, permission: string, bucket: string, name?: string): void => {
  const resource = name === undefined ? bucket : `${bucket}/${name}`
  if (isAllowed(call, permission, resource)) return
  const kind = name === undefined ? 'bucket' : 'object'
  const who = call.account?.email ?? 'Anonymous caller'
  const text = `${who} does not have ${permission} access to the Google Cloud Storage ${kind}. Permission '${permission}' denied on resource (or it may not exist).`
  if (call.account !== undefined) throw failure('forbidden', text)
  throw failure('anonymous', text, { headers: { 'www-authenticate': 'Bearer realm="https://accounts.google.com/"' } })
}
