import { checkOptionNames, showValue } from '@backproof/core/source'
import { invalidConfig, PROVIDER } from './errors.js'

/**
 * What a run does with a bucket.
 * - `compare`, `verify`: list it and read its objects; those that are soft-deleted, and retention, take no more.
 * - `versions`: see whether the bucket keeps versions; to list and read them takes no more.
 * - `preflight`: nothing more than the others need, and the settings of the bucket.
 * - `requester-pays`: bill a project for it (`userProject`).
 */
export type GcsFeature = 'compare' | 'verify' | 'versions' | 'preflight' | 'requester-pays'

export interface ReadOnlyPolicyOptions {
  /** Name of the bucket. */
  readonly bucket: string
  /** As in `gcsSource`. Default: the whole bucket. */
  readonly prefix?: string | undefined
  /** Default: `compare` and `verify`. */
  readonly features?: readonly GcsFeature[] | undefined
  /** The project that pays; required with `requester-pays`. */
  readonly userProject?: string | undefined
}

/** A custom role, as `gcloud iam roles create --file` and the IAM API take it. */
export interface GcsCustomRole {
  readonly title: string
  readonly description: string
  readonly stage: 'GA'
  readonly includedPermissions: readonly string[]
}

/** A role on a resource. */
export interface GcsBinding {
  /** Of Google, or `custom` for the role of {@link GcsAccessPolicy}. */
  readonly role: string
  /** `//storage.googleapis.com/projects/_/buckets/<bucket>`, or a project. */
  readonly resource: string
  /** An IAM condition, which needs uniform bucket-level access. */
  readonly condition?: { readonly title: string; readonly expression: string } | undefined
}

export interface GcsAccessPolicy {
  readonly customRole: GcsCustomRole
  /** The least: the custom role. */
  readonly bindings: readonly GcsBinding[]
  /** The same with roles that Google has, which permit a little more (managed folders, say), and nothing that writes. */
  readonly builtIn: readonly GcsBinding[]
}

const FACTORY = 'readOnlyPolicy'
const FEATURES: readonly string[] = [
  'compare',
  'verify',
  'versions',
  'preflight',
  'requester-pays',
] satisfies GcsFeature[]

/**
 * The least IAM access with which `gcsSource` can do these things: nothing in it writes, and it reaches no other bucket, and
 * below a prefix no other objects. Objects under a Cloud KMS key are decrypted by the project's service agent: no permission on
 * the key is needed.
 *
 * Source: "IAM permissions for JSON methods", "IAM roles for Cloud Storage" and "Use IAM Conditions", Cloud Storage documentation.
 *
 * @throws BackupError `invalid-config` for a feature that does not exist, or for `requester-pays` without `userProject`.
 */
export const readOnlyPolicy = (options: ReadOnlyPolicyOptions): GcsAccessPolicy => {
  checkOptionNames(FACTORY, options, ['bucket', 'prefix', 'features', 'userProject'], PROVIDER)
  const { bucket, prefix = '', features = ['compare', 'verify'], userProject } = options
  if (typeof bucket !== 'string' || bucket === '') throw invalidConfig(`${FACTORY}: bucket is ${showValue(bucket)}.`)
  const unknown = features.filter((feature) => !FEATURES.includes(feature))
  if (unknown.length > 0) {
    throw invalidConfig(
      `${FACTORY}: there is no feature ${unknown.map(showValue).join(', ')}; known: ${FEATURES.join(', ')}.`,
    )
  }
  const pays = features.includes('requester-pays')
  if (pays && userProject === undefined) {
    throw invalidConfig(`${FACTORY}: the feature requester-pays needs userProject, the project that pays.`)
  }
  const settings = features.includes('versions') || features.includes('preflight')
  const resource = `//storage.googleapis.com/projects/_/buckets/${bucket}`
  const payer: readonly GcsBinding[] = pays
    ? [
        {
          role: 'roles/serviceusage.serviceUsageConsumer',
          resource: `//cloudresourcemanager.googleapis.com/projects/${userProject}`,
        },
      ]
    : []
  const below = conditionOf(bucket, prefix)
  const shown: readonly GcsBinding[] = settings ? [{ role: 'roles/storage.bucketViewer', resource }] : []
  return {
    customRole: {
      title: 'Backproof reader',
      description: 'Lists and reads backups, and changes nothing.',
      stage: 'GA',
      includedPermissions: [
        'storage.objects.list',
        'storage.objects.get',
        ...(settings && prefix === '' ? ['storage.buckets.get'] : []),
      ],
    },
    bindings: [{ role: 'custom', resource, ...below }, ...(prefix === '' ? [] : shown), ...payer],
    builtIn: [{ role: 'roles/storage.objectViewer', resource, ...below }, ...shown, ...payer],
  }
}

/** Listings name their prefix in an attribute of the request. The bucket's settings are then shown by a binding of their own. */
const conditionOf = (bucket: string, prefix: string): Pick<GcsBinding, 'condition'> => {
  if (prefix === '') return {}
  const root = `projects/_/buckets/${bucket}`
  const expressions = [
    `resource.name.startsWith(${celText(`${root}/objects/${prefix}`)})`,
    `api.getAttribute("storage.googleapis.com/objectListPrefix", "").startsWith(${celText(prefix)})`,
  ]
  return { condition: { title: 'Below the prefix', expression: expressions.join(' || ') } }
}

/** A text of the Common Expression Language. */
const celText = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`
