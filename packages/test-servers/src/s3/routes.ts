import type { Reply } from '../http/reply.js'
import type { Call, Operation } from './call.js'
import { getObjectAttributes } from './operations/attributes.js'
import {
  getBucketRequestPayment,
  getInventoryConfiguration,
  listInventoryConfigurations,
  SETTING_OPERATIONS,
} from './operations/bucket-settings.js'
import {
  createBucket,
  createSession,
  deleteBucket,
  getBucketLocation,
  getBucketVersioning,
  headBucket,
  listBuckets,
  putBucketVersioning,
} from './operations/buckets.js'
import { completeMultipartUpload } from './operations/complete-upload.js'
import { copyObject } from './operations/copy-object.js'
import { deleteObject, deleteObjects } from './operations/delete-object.js'
import { listObjects, listObjectsV2 } from './operations/list-objects.js'
import { listObjectVersions } from './operations/list-versions.js'
import {
  abortMultipartUpload,
  createMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
} from './operations/multipart.js'
import { getObject, headObject } from './operations/read-object.js'
import { putObject } from './operations/write-object.js'
import type { S3Request } from './request.js'

/** Operations on the service, or on a bucket that need not exist. */
export const SERVICE_OPERATIONS: ReadonlyMap<string, (call: Call) => Reply | Promise<Reply>> = new Map([
  ['ListBuckets', listBuckets],
  ['CreateBucket', createBucket],
])

interface Route {
  readonly operation: string
  readonly method: string
  readonly on: 'bucket' | 'object'
  /** What tells it from others of the method: parameters `name`, `name=value` or `name&name`, or `header:name`. */
  readonly parameter?: string | undefined
  readonly run: Operation
}

const bucket = (operation: string, method: string, parameter: string | undefined, run: Operation): Route => ({
  operation,
  method,
  on: 'bucket',
  parameter,
  run,
})

const object = (operation: string, method: string, parameter: string | undefined, run: Operation): Route => ({
  operation,
  method,
  on: 'object',
  parameter,
  run,
})

/** The first that fits counts; those without a parameter come last. */
const ROUTES: readonly Route[] = [
  bucket('CreateSession', 'GET', 'session', createSession),
  bucket('GetBucketLocation', 'GET', 'location', getBucketLocation),
  bucket('GetBucketVersioning', 'GET', 'versioning', getBucketVersioning),
  bucket('PutBucketVersioning', 'PUT', 'versioning', putBucketVersioning),
  ...SETTING_OPERATIONS.map(({ operation, parameter, run }) => bucket(operation, 'GET', parameter, run)),
  bucket('GetBucketRequestPayment', 'GET', 'requestPayment', getBucketRequestPayment),
  bucket('GetBucketInventoryConfiguration', 'GET', 'inventory&id', getInventoryConfiguration),
  bucket('ListBucketInventoryConfigurations', 'GET', 'inventory', listInventoryConfigurations),
  bucket('ListMultipartUploads', 'GET', 'uploads', listMultipartUploads),
  bucket('ListObjectVersions', 'GET', 'versions', listObjectVersions),
  bucket('DeleteObjects', 'POST', 'delete', deleteObjects),
  bucket('ListObjectsV2', 'GET', 'list-type=2', listObjectsV2),
  bucket('ListObjects', 'GET', undefined, listObjects),
  bucket('HeadBucket', 'HEAD', undefined, headBucket),
  bucket('DeleteBucket', 'DELETE', undefined, deleteBucket),
  object('GetObjectAttributes', 'GET', 'attributes', getObjectAttributes),
  object('ListParts', 'GET', 'uploadId', listParts),
  object('CreateMultipartUpload', 'POST', 'uploads', createMultipartUpload),
  object('CompleteMultipartUpload', 'POST', 'uploadId', completeMultipartUpload),
  object('AbortMultipartUpload', 'DELETE', 'uploadId', abortMultipartUpload),
  object('UploadPart', 'PUT', 'uploadId', uploadPart),
  object('CopyObject', 'PUT', 'header:x-amz-copy-source', copyObject),
  object('GetObject', 'GET', undefined, getObject),
  object('HeadObject', 'HEAD', undefined, headObject),
  object('PutObject', 'PUT', undefined, putObject),
  object('DeleteObject', 'DELETE', undefined, deleteObject),
]

/** Sub-resources that no plain operation may take for its own, since they ask for something else. */
const SUBRESOURCES: readonly string[] = [
  'accelerate',
  'acl',
  'analytics',
  'attributes',
  'cors',
  'delete',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'lifecycle',
  'logging',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'tagging',
  'torrent',
  'uploadId',
  'uploads',
  'versions',
  'website',
]

/** What a request asks for: the name of the operation, and what runs it where the bucket exists. */
export interface Routed {
  readonly operation: string
  readonly run?: Operation | undefined
}

/** The operation of a request; `Unsupported` without one for what this server does not have. */
export const route = (request: S3Request): Routed => {
  if (request.bucket === '') return { operation: request.method === 'GET' ? 'ListBuckets' : 'Unsupported' }
  const on = request.key === '' ? 'bucket' : 'object'
  const found = ROUTES.find((one) => one.on === on && one.method === request.method && fits(one, request))
  if (found !== undefined) return found
  const plain = !SUBRESOURCES.some((name) => request.query.has(name))
  return { operation: on === 'bucket' && request.method === 'PUT' && plain ? 'CreateBucket' : 'Unsupported' }
}

const fits = ({ parameter }: Route, { query, headers }: S3Request): boolean => {
  if (parameter === undefined) return !SUBRESOURCES.some((name) => query.has(name))
  if (parameter.startsWith('header:')) return headers.has(parameter.slice('header:'.length))
  return parameter.split('&').every((one) => {
    const [name, value] = one.split('=')
    return value === undefined ? query.has(name!) : query.get(name!) === value
  })
}
