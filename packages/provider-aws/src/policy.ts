import { checkOptionNames, showValue } from '@backproof/core/source'
import { invalidConfig, PROVIDER } from './errors.js'
import { isDirectoryBucket } from './profile.js'

/**
 * What a run does with a bucket.
 * - `compare`, `verify`: list it and read its objects.
 * - `attributes`: ask how multipart uploads were cut, so that more is proved without reading.
 * - `versions`: list and read all versions.
 * - `retention`: ask for locks and legal holds.
 * - `kms`: read what is encrypted with a KMS key (`kmsKeyArn`).
 * - `preflight`: nothing more than the others need, and the bucket's versioning state.
 */
export type S3Feature = 'compare' | 'verify' | 'attributes' | 'versions' | 'retention' | 'kms' | 'preflight'

export interface ReadOnlyPolicyOptions {
  /** Name of the bucket, or the ARN of an access point. */
  readonly bucket: string
  /** As in `s3Source`. Default: the whole bucket. */
  readonly prefix?: string | undefined
  /** Default: `compare` and `verify`. */
  readonly features?: readonly S3Feature[] | undefined
  /** The key that objects are encrypted with; required with `kms`. */
  readonly kmsKeyArn?: string | undefined
  /** `aws-cn` in China, `aws-us-gov` in GovCloud. Default `aws`. */
  readonly partition?: string | undefined
}

/** One statement of an IAM policy. */
export interface IamStatement {
  readonly Sid: string
  readonly Effect: 'Allow'
  readonly Action: readonly string[]
  readonly Resource: string
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined
}

/** An IAM policy document, as JSON. */
export interface IamPolicy {
  readonly Version: '2012-10-17'
  readonly Statement: readonly IamStatement[]
}

const FACTORY = 'readOnlyPolicy'
const FEATURES: readonly string[] = [
  'compare',
  'verify',
  'attributes',
  'versions',
  'retention',
  'kms',
  'preflight',
] satisfies S3Feature[]

/**
 * The least IAM policy with which `s3Source` can do these things: nothing in it writes, and it reaches no other bucket, and
 * below a prefix no other keys. Source: "Actions, resources, and condition keys for Amazon S3" and "for AWS KMS", Service
 * Authorization Reference.
 *
 * @throws BackupError `invalid-config` for a feature that does not exist, or for `kms` without `kmsKeyArn`.
 */
export const readOnlyPolicy = (options: ReadOnlyPolicyOptions): IamPolicy => {
  checkOptionNames(FACTORY, options, ['bucket', 'prefix', 'features', 'kmsKeyArn', 'partition'], PROVIDER)
  const { bucket, prefix = '', features = ['compare', 'verify'], kmsKeyArn, partition = 'aws' } = options
  if (typeof bucket !== 'string' || bucket === '') throw invalidConfig(`${FACTORY}: bucket is ${showValue(bucket)}.`)
  const unknown = features.filter((feature) => !FEATURES.includes(feature))
  if (unknown.length > 0) {
    throw invalidConfig(
      `${FACTORY}: there is no feature ${unknown.map(showValue).join(', ')}; known: ${FEATURES.join(', ')}.`,
    )
  }
  const wants = (feature: S3Feature): boolean => features.includes(feature)
  if (wants('kms') && kmsKeyArn === undefined) {
    throw invalidConfig(`${FACTORY}: the feature kms needs kmsKeyArn, the ARN of the key that encrypts the objects.`)
  }
  const kms = wants('kms') && kmsKeyArn !== undefined ? [kmsStatement(kmsKeyArn)] : []
  const statements = isDirectoryBucket(bucket)
    ? [directoryStatement(bucket, partition)]
    : bucketStatements({ bucket, prefix, partition }, wants)
  return { Version: '2012-10-17', Statement: [...statements, ...kms] }
}

interface PolicyPlace {
  readonly bucket: string
  readonly prefix: string
  readonly partition: string
}

const bucketStatements = (
  { bucket, prefix, partition }: PolicyPlace,
  wants: (feature: S3Feature) => boolean,
): readonly IamStatement[] => {
  const isArn = bucket.startsWith('arn:')
  const root = isArn ? bucket : `arn:${partition}:s3:::${bucket}`
  const objects = `${root}${isArn ? '/object' : ''}/${resourceText(prefix)}*`
  // Every listing names the prefix, so that nothing above it can be listed.
  const below = prefix === '' ? {} : { Condition: { StringEquals: { 's3:prefix': conditionText(prefix) } } }
  const list = ['s3:ListBucket', ...(wants('versions') ? ['s3:ListBucketVersions'] : [])]
  const read = [
    's3:GetObject',
    ...(wants('attributes') ? ['s3:GetObjectAttributes'] : []),
    ...(wants('versions') ? ['s3:GetObjectVersion'] : []),
    ...(wants('versions') && wants('attributes') ? ['s3:GetObjectVersionAttributes'] : []),
    ...(wants('retention') ? ['s3:GetObjectRetention', 's3:GetObjectLegalHold'] : []),
  ]
  const versioning: IamStatement = allow('BackproofVersioning', ['s3:GetBucketVersioning'], root)
  return [
    { ...allow('BackproofList', list, root), ...below },
    allow('BackproofRead', read, objects),
    ...(wants('versions') || wants('preflight') ? [versioning] : []),
  ]
}

/** A session that can only read; region and account are not part of the bucket's name. */
const directoryStatement = (bucket: string, partition: string): IamStatement => ({
  ...allow('BackproofSession', ['s3express:CreateSession'], `arn:${partition}:s3express:*:*:bucket/${bucket}`),
  Condition: { StringEquals: { 's3express:SessionMode': 'ReadOnly' } },
})

/** Only through S3, in the region of the key. */
const kmsStatement = (arn: string): IamStatement => {
  const [, partition, , region] = /^arn:([\w-]+):(kms):([\w-]+):\d+:key\/.+$/.exec(arn) ?? []
  if (partition === undefined || region === undefined) {
    throw invalidConfig(
      `${FACTORY}: kmsKeyArn is ${showValue(arn)}; it must be arn:aws:kms:<region>:<account>:key/<id>.`,
    )
  }
  const service = `s3.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`
  return { ...allow('BackproofKey', ['kms:Decrypt'], arn), Condition: { StringEquals: { 'kms:ViaService': service } } }
}

const allow = (Sid: string, Action: readonly string[], Resource: string): IamStatement => ({
  Sid,
  Effect: 'Allow',
  Action,
  Resource,
})

/** `*`, `?` and `$` of a prefix as themselves ("Policy variables: special characters", IAM User Guide). */
const resourceText = (text: string): string => text.replace(/[*?$]/g, asVariable)

/** StringEquals knows no wildcards, but variables. */
const conditionText = (text: string): string => text.replace(/\$/g, asVariable)

const asVariable = (character: string): string => `\${${character}}`
