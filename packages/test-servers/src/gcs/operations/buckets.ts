import { compareKeys } from '@backproof/core/source'
import { takePage } from '../../http/walk.js'
import { bucketResource, isBucketName, makeBucket, patchBucket } from '../bucket-resource.js'
import { type Call, isAllowed, type Operation, requireAccess, resourceReply } from '../call.js'
import { failure, invalidParameter } from '../failure.js'
import { parseJson } from '../json.js'
import { checkPreconditions } from '../preconditions.js'
import { wholeNumber } from '../request.js'
import type { Bucket } from '../store.js'
import { PROJECT } from '../users.js'
import { allowedBucket } from './find.js'

export const listBuckets: Operation = (call) => {
  const { query, origin } = call.request
  if (!query.get('project'))
    throw failure('required', 'Required parameter: project', { locationType: 'parameter', location: 'project' })
  requireAccess(call, 'storage.buckets.list', PROJECT)
  const prefix = query.get('prefix') ?? ''
  const after = query.get('pageToken') ?? ''
  const max = wholeNumber(call.request, 'maxResults') ?? 1000n
  const names = [...call.state.buckets.keys()].sort(compareKeys)
  const found = names.filter((name) => name.startsWith(prefix) && compareKeys(name, after) > 0)
  const page = takePage(found, Math.min(1000, Number(max)))
  return resourceReply(call, {
    kind: 'storage#buckets',
    ...(page.truncated && { nextPageToken: page.rows.at(-1)! }),
    ...(page.rows.length > 0 && {
      items: page.rows.map((name) => bucketResource(call.state.buckets.get(name)!, origin)),
    }),
  })
}

export const insertBucket: Operation = (call) => {
  const { state } = call
  requireAccess(call, 'storage.buckets.create', PROJECT)
  const resource = parseJson(call.body)
  const { name } = resource
  if (typeof name !== 'string') throw failure('required', 'Required', { location: 'name' })
  if (!isBucketName(name)) throw failure('invalid', `Invalid bucket name: '${name}'`)
  if (state.buckets.has(name)) throw failure('conflict')
  const bucket = makeBucket({ name, resource, generation: state.nextGeneration(), now: state.now() })
  state.buckets.set(name, bucket)
  return bucketReply(call, bucket)
}

export const getBucket: Operation = (call) => {
  const bucket = allowedBucket(call, 'storage.buckets.get')
  checkPreconditions(call.request, bucket)
  return bucketReply(call, bucket)
}

export const changeBucket: Operation = (call) => {
  const bucket = allowedBucket(call, 'storage.buckets.update')
  checkPreconditions(call.request, bucket)
  patchBucket(bucket, parseJson(call.body), call.state.now())
  return bucketReply(call, bucket)
}

/** Makes the retention policy one that can only become longer. */
export const lockRetentionPolicy: Operation = (call) => {
  const bucket = allowedBucket(call, 'storage.buckets.update')
  if (!call.request.query.has('ifMetagenerationMatch'))
    throw failure('required', 'Required parameter: ifMetagenerationMatch')
  checkPreconditions(call.request, bucket)
  if (bucket.settings['retentionPolicy'] === undefined) throw failure('invalid', 'The bucket has no retention policy.')
  patchBucket(bucket, { retentionPolicy: { isLocked: true } }, call.state.now())
  return bucketReply(call, bucket)
}

/** A bucket with live or noncurrent objects stays; soft-deleted ones do not count. */
export const deleteBucket: Operation = (call) => {
  const bucket = allowedBucket(call, 'storage.buckets.delete')
  checkPreconditions(call.request, bucket)
  if (bucket.live.size > 0 || bucket.noncurrent.size > 0) throw failure('bucketNotEmpty')
  call.state.buckets.delete(bucket.name)
  return { status: 204 }
}

const bucketReply = (call: Call, bucket: Bucket): ReturnType<typeof resourceReply> =>
  resourceReply(call, bucketResource(bucket, call.request.origin))

export const getIamPolicy: Operation = (call) => {
  const bucket = allowedBucket(call, 'storage.buckets.getIamPolicy')
  const { version, etag, bindings } = bucket.policy
  return resourceReply(call, {
    kind: 'storage#policy',
    resourceId: `projects/_/buckets/${bucket.name}`,
    version,
    etag,
    bindings: bindings.map(({ role, members }) => ({ role, members })),
  })
}

/** What tells whether a bucket has folders of its own (hierarchical namespace). */
export const getStorageLayout: Operation = (call) => {
  const bucket = allowedBucket(call, 'storage.objects.list')
  const { location, locationType, hierarchicalNamespace } = bucketResource(bucket, call.request.origin)
  return resourceReply(call, {
    kind: 'storage#storageLayout',
    bucket: bucket.name,
    location,
    locationType,
    ...(hierarchicalNamespace !== undefined && { hierarchicalNamespace }),
  })
}

/** Which of the permissions the caller has; asking for that needs none. */
export const testIamPermissions: Operation = (call) => {
  const name = call.names[0]!
  if (!call.state.buckets.has(name)) throw failure('notFound', 'The specified bucket does not exist.')
  const asked = call.request.parameters.flatMap(([key, value]) => (key === 'permissions' ? [value] : []))
  if (asked.length === 0) throw failure('required', 'Required parameter: permissions')
  const unknown = asked.find((permission) => !/^storage\.\w+\.\w+$/.test(permission))
  if (unknown !== undefined) throw invalidParameter('permissions', `Invalid permission: ${unknown}.`)
  // Permissions on objects hold for the bucket where they hold for all its objects.
  const held = asked.filter((permission) =>
    isAllowed(call, permission, permission.startsWith('storage.objects.') ? `${name}/` : name),
  )
  return resourceReply(call, {
    kind: 'storage#testIamPermissionsResponse',
    ...(held.length > 0 && { permissions: held }),
  })
}
