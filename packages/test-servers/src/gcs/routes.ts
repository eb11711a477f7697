import type { Operation } from './call.js'
import {
  changeBucket,
  deleteBucket,
  getBucket,
  getIamPolicy,
  getStorageLayout,
  insertBucket,
  listBuckets,
  lockRetentionPolicy,
  testIamPermissions,
} from './operations/buckets.js'
import { patchObject, removeObject, restoreObject } from './operations/change-object.js'
import { composeObject, copyObject, rewriteObject } from './operations/copy-object.js'
import { insertObject } from './operations/insert-object.js'
import { listObjects } from './operations/list-objects.js'
import { getMedia, getObject } from './operations/read-object.js'
import { cancelResumable, continueResumable, startResumable } from './operations/resumable.js'
import type { GcsRequest } from './request.js'

interface Route {
  readonly operation: string
  readonly method: string
  /** Segments of the path; `*` stands for a name, which the operation gets. */
  readonly path: string
  /** Parameters that tell it from others: `name` or `name=value`. */
  readonly parameter?: string | undefined
  readonly run: Operation
}

/** What a request asks for. */
export interface Routed {
  /** As the JSON API names its methods; `Unsupported` for what this server does not have. */
  readonly operation: string
  readonly names: readonly string[]
  readonly run?: Operation | undefined
}

const B = 'storage/v1/b'
const O = `${B}/*/o`
const UPLOAD = `upload/${O}`

const route = (operation: string, method: string, path: string, run: Operation, parameter?: string): Route => ({
  operation,
  method,
  path,
  run,
  parameter,
})

/** The first that fits counts. */
const ROUTES: readonly Route[] = [
  route('buckets.list', 'GET', B, listBuckets),
  route('buckets.insert', 'POST', B, insertBucket),
  route('buckets.get', 'GET', `${B}/*`, getBucket),
  route('buckets.patch', 'PATCH', `${B}/*`, changeBucket),
  route('buckets.delete', 'DELETE', `${B}/*`, deleteBucket),
  route('buckets.getIamPolicy', 'GET', `${B}/*/iam`, getIamPolicy),
  route('buckets.testIamPermissions', 'GET', `${B}/*/iam/testPermissions`, testIamPermissions),
  route('buckets.getStorageLayout', 'GET', `${B}/*/storageLayout`, getStorageLayout),
  route('buckets.lockRetentionPolicy', 'POST', `${B}/*/lockRetentionPolicy`, lockRetentionPolicy),
  route('objects.list', 'GET', O, listObjects),
  route('objects.getMedia', 'GET', `${O}/*`, getMedia, 'alt=media'),
  route('objects.getMedia', 'GET', `download/${O}/*`, getMedia),
  route('objects.get', 'GET', `${O}/*`, getObject),
  route('objects.patch', 'PATCH', `${O}/*`, patchObject),
  route('objects.delete', 'DELETE', `${O}/*`, removeObject),
  route('objects.restore', 'POST', `${O}/*/restore`, restoreObject),
  route('objects.compose', 'POST', `${O}/*/compose`, composeObject),
  route('objects.copy', 'POST', `${O}/*/copyTo/b/*/o/*`, copyObject),
  route('objects.rewrite', 'POST', `${O}/*/rewriteTo/b/*/o/*`, rewriteObject),
  route('objects.insertChunk', 'PUT', UPLOAD, continueResumable, 'upload_id'),
  route('objects.insertChunk', 'POST', UPLOAD, continueResumable, 'upload_id'),
  route('objects.insertCancel', 'DELETE', UPLOAD, cancelResumable, 'upload_id'),
  route('objects.insert', 'POST', UPLOAD, startResumable, 'uploadType=resumable'),
  route('objects.insert', 'POST', UPLOAD, insertObject),
]

const PATHS: ReadonlyMap<Route, readonly string[]> = new Map(ROUTES.map((one) => [one, one.path.split('/')]))

export const findRoute = (request: GcsRequest): Routed => {
  for (const one of ROUTES) {
    const names = one.method === request.method ? match(PATHS.get(one)!, request.segments) : undefined
    if (names !== undefined && fits(one.parameter, request.query)) return { ...one, names }
  }
  return { operation: 'Unsupported', names: [] }
}

const match = (path: readonly string[], segments: readonly string[]): readonly string[] | undefined => {
  if (path.length !== segments.length) return undefined
  if (!path.every((part, index) => part === '*' || part === segments[index])) return undefined
  return segments.filter((_, index) => path[index] === '*')
}

const fits = (parameter: string | undefined, query: ReadonlyMap<string, string>): boolean => {
  if (parameter === undefined) return true
  const [name, value] = parameter.split('=')
  return value === undefined ? query.has(name!) : query.get(name!) === value
}
