import type { Reply } from '../../http/reply.js'
import { bucketArn, type Call, type Operation, requireAccess } from '../call.js'
import { failure } from '../failure.js'
import { ACCOUNT } from '../policy.js'
import type { Bucket } from '../store.js'
import { makeSession } from '../users.js'
import { childText, parseXml, xmlDocument } from '../xml.js'
import { OWNER } from './listing.js'

/** What a new bucket is. */
export interface NewBucket {
  readonly name: string
  readonly kind: Bucket['kind']
  readonly region: string
  readonly created: number
  readonly versioning?: Bucket['versioning']
  readonly requesterPays?: boolean | undefined
  readonly settings?: Bucket['settings'] | undefined
}

export const makeBucket = (bucket: NewBucket): Bucket => ({
  ...bucket,
  versioning: bucket.versioning,
  requesterPays: bucket.requesterPays ?? false,
  settings: bucket.settings ?? new Map(),
  uploads: new Map(),
  versions: new Map(),
  order: [],
})

export const isBucketName = (name: string): boolean =>
  /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..')

export const isDirectoryBucketName = (name: string): boolean =>
  isBucketName(name) && /^.+--[a-z0-9-]+--x-s3$/.test(name)

export const createBucket = (call: Call): Reply => {
  const { state, request, user } = call
  const name = request.bucket
  requireAccess(user, 's3:CreateBucket', bucketArn(name))
  if (!isBucketName(name)) throw failure('InvalidBucketName', undefined, { fields: { BucketName: name } })
  if (state.buckets.has(name)) throw failure('BucketAlreadyOwnedByYou', undefined, { fields: { BucketName: name } })
  const body = call.body.bytes.length === 0 ? undefined : parseXml(call.body.bytes.toString())
  if (call.body.bytes.length > 0 && body === undefined) throw failure('MalformedXML')
  const region = (body && childText(body, 'LocationConstraint')) ?? call.region
  const kind = isDirectoryBucketName(name) ? 'directory' : 'general'
  state.buckets.set(name, makeBucket({ name, kind, region, created: state.now() }))
  return { status: 200, headers: { location: `/${name}` } }
}

export const deleteBucket: Operation = ({ state, user, bucket }) => {
  requireAccess(user, 's3:DeleteBucket', bucketArn(bucket.name))
  if (bucket.versions.size > 0) throw failure('BucketNotEmpty')
  state.buckets.delete(bucket.name)
  return { status: 204 }
}

export const headBucket: Operation = ({ user, bucket }) => {
  requireAccess(user, 's3:ListBucket', bucketArn(bucket.name))
  return { status: 200, headers: { 'x-amz-bucket-region': bucket.region, 'x-amz-access-point-alias': 'false' } }
}

export const listBuckets = ({ state, user }: Call): Reply => {
  requireAccess(user, 's3:ListAllMyBuckets', '*')
  const buckets = [...state.buckets.values()]
    .filter((bucket) => bucket.kind === 'general')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, created, region }) => ({
      Name: name,
      CreationDate: new Date(created).toISOString(),
      BucketRegion: region,
    }))
  return { status: 200, body: xmlDocument('ListAllMyBucketsResult', { Owner: OWNER, Buckets: { Bucket: buckets } }) }
}

/** The location of us-east-1 is empty, as ever. */
export const getBucketLocation: Operation = ({ user, bucket }) => {
  requireAccess(user, 's3:GetBucketLocation', bucketArn(bucket.name))
  const region = bucket.region === 'us-east-1' ? '' : bucket.region
  const text = xmlDocument('LocationConstraint', {}).replace('></', `>${region}</`)
  return { status: 200, body: text }
}

export const getBucketVersioning: Operation = ({ user, bucket }) => {
  requireAccess(user, 's3:GetBucketVersioning', bucketArn(bucket.name))
  return { status: 200, body: xmlDocument('VersioningConfiguration', { Status: bucket.versioning }) }
}

export const putBucketVersioning: Operation = ({ user, bucket, body }) => {
  requireAccess(user, 's3:PutBucketVersioning', bucketArn(bucket.name))
  const root = parseXml(body.bytes.toString())
  if (root === undefined) throw failure('MalformedXML')
  const status = childText(root, 'Status')
  if (status !== 'Enabled' && status !== 'Suspended') throw failure('IllegalVersioningConfigurationException')
  bucket.versioning = status
  return { status: 200 }
}

const SESSION = 5 * 60_000

/** Session credentials for a directory bucket: five minutes, as S3 Express gives them. */
export const createSession: Operation = ({ state, request, user, bucket }) => {
  if (bucket.kind !== 'directory') throw failure('InvalidRequest', 'CreateSession is for directory buckets only.')
  const arn = `arn:aws:s3express:${bucket.region}:${ACCOUNT}:bucket/${bucket.name}`
  requireAccess(user, 's3express:CreateSession', arn)
  const mode = request.headers.get('x-amz-create-session-mode') === 'ReadOnly' ? 'ReadOnly' : 'ReadWrite'
  const session = makeSession(user, bucket.name, mode, state.now() + SESSION)
  const { accessKeyId, secretAccessKey, sessionToken } = session.credentials
  state.users.set(accessKeyId, session)
  const credentials = {
    SessionToken: sessionToken,
    SecretAccessKey: secretAccessKey,
    AccessKeyId: accessKeyId,
    Expiration: new Date(session.expiresAt!).toISOString(),
  }
  return { status: 200, body: xmlDocument('CreateSessionResult', { Credentials: credentials }) }
}
