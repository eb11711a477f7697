import type { Reply } from '../../http/reply.js'
import { type BucketCall, bucketArn, type Operation, requireAccess } from '../call.js'
import { type FailureCode, failure } from '../failure.js'
import { type XmlTree, xmlDocument } from '../xml.js'

/** A setting that is only read. */
interface Setting {
  readonly operation: string
  /** Parameter of the query, and name among the bucket's settings. */
  readonly parameter: string
  readonly root: string
  readonly permission: string
  /** What a new bucket answers; absent: it has none. */
  readonly initial?: XmlTree | undefined
  /** What a bucket without the setting answers. */
  readonly absent: FailureCode | undefined
}

const SETTINGS: readonly Setting[] = [
  {
    operation: 'GetBucketEncryption',
    parameter: 'encryption',
    root: 'ServerSideEncryptionConfiguration',
    permission: 's3:GetEncryptionConfiguration',
    initial: {
      Rule: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false },
    },
    absent: 'ServerSideEncryptionConfigurationNotFoundError',
  },
  {
    operation: 'GetBucketLogging',
    parameter: 'logging',
    root: 'BucketLoggingStatus',
    permission: 's3:GetBucketLogging',
    absent: undefined,
  },
  {
    operation: 'GetBucketReplication',
    parameter: 'replication',
    root: 'ReplicationConfiguration',
    permission: 's3:GetReplicationConfiguration',
    absent: 'ReplicationConfigurationNotFoundError',
  },
  {
    operation: 'GetBucketOwnershipControls',
    parameter: 'ownershipControls',
    root: 'OwnershipControls',
    permission: 's3:GetBucketOwnershipControls',
    initial: { Rule: { ObjectOwnership: 'BucketOwnerEnforced' } },
    absent: 'OwnershipControlsNotFoundError',
  },
  {
    operation: 'GetPublicAccessBlock',
    parameter: 'publicAccessBlock',
    root: 'PublicAccessBlockConfiguration',
    permission: 's3:GetBucketPublicAccessBlock',
    initial: { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
    absent: 'NoSuchPublicAccessBlockConfiguration',
  },
  {
    operation: 'GetObjectLockConfiguration',
    parameter: 'object-lock',
    root: 'ObjectLockConfiguration',
    permission: 's3:GetBucketObjectLockConfiguration',
    absent: 'ObjectLockConfigurationNotFoundError',
  },
  {
    operation: 'GetBucketLifecycleConfiguration',
    parameter: 'lifecycle',
    root: 'LifecycleConfiguration',
    permission: 's3:GetLifecycleConfiguration',
    absent: 'NoSuchLifecycleConfiguration',
  },
  {
    operation: 'GetBucketPolicyStatus',
    parameter: 'policyStatus',
    root: 'PolicyStatus',
    permission: 's3:GetBucketPolicyStatus',
    absent: 'NoSuchBucketPolicy',
  },
]

/** The operations of the stored settings, by parameter of the query. */
export const SETTING_OPERATIONS: readonly {
  readonly operation: string
  readonly parameter: string
  readonly run: Operation
}[] = SETTINGS.map((setting) => ({
  operation: setting.operation,
  parameter: setting.parameter,
  run: (call) => readSetting(call, setting),
}))

const readSetting = ({ bucket, user }: BucketCall, setting: Setting): Reply => {
  requireAccess(user, setting.permission, bucketArn(bucket.name))
  const stored = bucket.settings.get(setting.parameter)
  const content = stored === undefined ? setting.initial : (stored ?? undefined)
  if (content === undefined && setting.absent !== undefined)
    throw failure(setting.absent, undefined, { fields: { BucketName: bucket.name } })
  return { status: 200, body: xmlDocument(setting.root, content ?? {}) }
}

export const getBucketRequestPayment: Operation = ({ bucket, user }) => {
  requireAccess(user, 's3:GetBucketRequestPayment', bucketArn(bucket.name))
  const Payer = bucket.requesterPays ? 'Requester' : 'BucketOwner'
  return { status: 200, body: xmlDocument('RequestPaymentConfiguration', { Payer }) }
}

export const listInventoryConfigurations: Operation = (call) => {
  const content = { InventoryConfiguration: inventories(call), IsTruncated: false }
  return { status: 200, body: xmlDocument('ListInventoryConfigurationsResult', content) }
}

export const getInventoryConfiguration: Operation = (call) => {
  const id = call.request.query.get('id')
  const found = inventories(call).find((one) => one['Id'] === id)
  if (found === undefined) throw failure('NoSuchConfiguration')
  return { status: 200, body: xmlDocument('InventoryConfiguration', found) }
}

/** The setting `inventory` holds `{ InventoryConfiguration: [...] }`. */
const inventories = ({ bucket, user }: BucketCall): readonly XmlTree[] => {
  requireAccess(user, 's3:GetInventoryConfiguration', bucketArn(bucket.name))
  const stored = bucket.settings.get('inventory')?.['InventoryConfiguration']
  return Array.isArray(stored) ? (stored as readonly XmlTree[]) : []
}
