import { type BucketCall, type Operation, objectArn, requireAccess } from '../call.js'
import { failure, isFailure } from '../failure.js'
import { makeDeleteMarker } from '../make-version.js'
import { addVersion, currentVersion, removeVersion, versionById } from '../store.js'
import { childText, parseXml, type XmlTree, xmlDocument } from '../xml.js'

/** What a delete did: which version went away, or which marker came. */
interface Deleted {
  readonly versionId: string | undefined
  readonly marker: boolean
}

export const deleteObject: Operation = (call) => {
  const { versionId, marker } = remove(call, call.request.key, call.request.query.get('versionId'))
  return {
    status: 204,
    headers: {
      ...(versionId !== undefined && { 'x-amz-version-id': versionId }),
      ...(marker && { 'x-amz-delete-marker': 'true' }),
    },
  }
}

export const deleteObjects: Operation = (call) => {
  const root = parseXml(call.body.bytes.toString())
  if (root === undefined) throw failure('MalformedXML')
  const quiet = childText(root, 'Quiet') === 'true'
  const rows = root.children
    .filter((child) => child.name === 'Object')
    .map((child) => deleteRow(call, childText(child, 'Key') ?? '', childText(child, 'VersionId')))
  return {
    status: 200,
    body: xmlDocument('DeleteResult', {
      Deleted: quiet ? [] : rows.flatMap((row) => row.deleted ?? []),
      Error: rows.flatMap((row) => row.error ?? []),
    }),
  }
}

const deleteRow = (
  call: BucketCall,
  key: string,
  versionId: string | undefined,
): { readonly deleted?: XmlTree; readonly error?: XmlTree } => {
  try {
    const result = remove(call, key, versionId)
    const marker = result.marker && { DeleteMarker: true, DeleteMarkerVersionId: result.versionId }
    return { deleted: { Key: key, VersionId: versionId, ...marker } }
  } catch (error) {
    if (!isFailure(error)) throw error
    return { error: { Key: key, VersionId: versionId, Code: error.failure.code, Message: error.failure.message } }
  }
}

const remove = ({ bucket, user, state }: BucketCall, key: string, versionId: string | undefined): Deleted => {
  const action = versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion'
  requireAccess(user, action, objectArn(bucket.name, key))
  if (versionId !== undefined) return removeNamed(bucket, key, versionId)
  if (bucket.versioning === undefined) {
    const version = currentVersion(bucket, key)
    if (version !== undefined) removeVersion(bucket, version)
    return { versionId: undefined, marker: false }
  }
  const marker = makeDeleteMarker(bucket, key, state.now())
  addVersion(bucket, marker)
  return { versionId: marker.versionId, marker: true }
}

/** Deleting what is not there succeeds, also by id. */
const removeNamed = (bucket: BucketCall['bucket'], key: string, versionId: string): Deleted => {
  try {
    const version = versionById(bucket, key, versionId)
    removeVersion(bucket, version)
    return { versionId, marker: version.deleteMarker }
  } catch (error) {
    if (isFailure(error) && error.failure.code === 'NoSuchVersion') return { versionId, marker: false }
    throw error
  }
}
