import { like } from '../http/wildcard.js'
import { type Account, PROJECT } from './users.js'

/** Who has a role on a bucket. */
export interface Binding {
  /** For example `roles/storage.objectViewer`. */
  readonly role: string
  /** `allUsers`, `allAuthenticatedUsers`, `serviceAccount:<email>`, `user:<email>`. */
  readonly members: readonly string[]
}

/** The IAM policy of a bucket. */
export interface BucketPolicy {
  readonly version: number
  readonly etag: string
  readonly bindings: readonly Binding[]
}

/** `bindings` besides those of a new bucket: the convenience values of its project. */
export const makePolicy = (bindings: readonly Binding[] = []): BucketPolicy => ({
  version: 1,
  etag: 'CAE=',
  bindings: [
    { role: 'roles/storage.legacyBucketOwner', members: [`projectEditor:${PROJECT}`, `projectOwner:${PROJECT}`] },
    { role: 'roles/storage.legacyBucketReader', members: [`projectViewer:${PROJECT}`] },
    ...bindings,
  ],
})

/** Permissions of roles, as far as this server knows them: "IAM roles for Cloud Storage". */
const ROLES: ReadonlyMap<string, readonly string[]> = new Map([
  ['roles/storage.admin', ['storage.*']],
  ['roles/storage.legacyBucketReader', ['storage.buckets.get', 'storage.objects.list']],
  ['roles/storage.legacyObjectReader', ['storage.objects.get']],
  ['roles/storage.objectAdmin', ['storage.objects.*']],
  ['roles/storage.objectCreator', ['storage.objects.create']],
  ['roles/storage.objectViewer', ['storage.objects.get', 'storage.objects.list']],
])

/** Whether a policy gives `permission` to `account`; nobody is `undefined`. */
export const policyAllows = (policy: BucketPolicy, account: Account | undefined, permission: string): boolean =>
  policy.bindings.some(
    ({ role, members }) =>
      members.some((member) => isMember(member, account)) &&
      (ROLES.get(role) ?? []).some((pattern) => like(pattern, permission)),
  )

const isMember = (member: string, account: Account | undefined): boolean => {
  if (member === 'allUsers') return true
  if (account === undefined) return false
  return member === 'allAuthenticatedUsers' || /^(?:serviceAccount|user):(.*)$/.exec(member)?.[1] === account.email
}
