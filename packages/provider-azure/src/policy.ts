import { checkOptionNames, showValue } from '@backproof/core/source'
import { invalidConfig, PROVIDER } from './errors.js'
import { permissionOf, READ_ACTION, READER_ROLE } from './permissions.js'

/**
 * What a run does with a container.
 * - `compare`, `verify`: list it and read its blobs.
 * - `versions`: list and read versions and snapshots; takes nothing more.
 * - `order`: ask whether the account has a hierarchical namespace, so that the order of its listings is known.
 * - `preflight`: all of it.
 */
export type AzureFeature = 'compare' | 'verify' | 'versions' | 'order' | 'preflight'

export interface ReadOnlyPolicyOptions {
  /** Name of the storage account. */
  readonly account: string
  readonly container: string
  /** As in `azureBlobSource`. Default: the whole container. */
  readonly prefix?: string | undefined
  /** Default: `compare` and `verify`. */
  readonly features?: readonly AzureFeature[] | undefined
  /** Id of the subscription. Default: the placeholder `<subscription>`. */
  readonly subscription?: string | undefined
  /** Default: the placeholder `<resource-group>`. */
  readonly resourceGroup?: string | undefined
}

/** A custom role, as `az role definition create` takes it. */
export interface RoleDefinition {
  readonly Name: string
  readonly IsCustom: true
  readonly Description: string
  readonly Actions: readonly string[]
  readonly DataActions: readonly string[]
  readonly AssignableScopes: readonly string[]
}

/** Three ways to the same access: a built-in role, a role with no action more than is needed, and a signature. */
export interface AzureAccessPolicy {
  /** Assigned on `scope`, with `condition` where there is one. */
  readonly builtInRole: string
  readonly customRole: RoleDefinition
  /** Id of the container, as `az role assignment create --scope` takes it. */
  readonly scope: string
  /** With a prefix: the condition that keeps the role below it (attribute-based access control, version 2.0). */
  readonly condition?: string | undefined
  /** A service or user delegation signature of the container. */
  readonly sas: { readonly resource: 'c'; readonly permissions: 'rl' }
}

const FACTORY = 'readOnlyPolicy'
const FEATURES: readonly string[] = ['compare', 'verify', 'versions', 'order', 'preflight'] satisfies AzureFeature[]

/**
 * The least access with which `azureBlobSource` can do these things: nothing in it writes, and it reaches no other container,
 * and below a prefix no other blobs. Source: "Permissions for calling data operations", REST reference; "Actions and
 * attributes for Azure role assignment conditions for Azure Blob Storage".
 *
 * @throws BackupError `invalid-config` for a feature that does not exist.
 */
export const readOnlyPolicy = (options: ReadOnlyPolicyOptions): AzureAccessPolicy => {
  const names = ['account', 'container', 'prefix', 'features', 'subscription', 'resourceGroup']
  checkOptionNames(FACTORY, options, names, PROVIDER)
  const { account, container, prefix = '', features = ['compare', 'verify'] } = options
  const { subscription = '<subscription>', resourceGroup = '<resource-group>' } = options
  for (const [name, value] of Object.entries({ account, container })) {
    if (typeof value !== 'string' || value === '') throw invalidConfig(`${FACTORY}: ${name} is ${showValue(value)}.`)
  }
  const unknown = features.filter((feature) => !FEATURES.includes(feature))
  if (unknown.length > 0) {
    throw invalidConfig(
      `${FACTORY}: there is no feature ${unknown.map(showValue).join(', ')}; known: ${FEATURES.join(', ')}.`,
    )
  }
  const group = `/subscriptions/${subscription}/resourceGroups/${resourceGroup}`
  const scope = `${group}/providers/Microsoft.Storage/storageAccounts/${account}/blobServices/default/containers/${container}`
  const asksForOrder = features.includes('order') || features.includes('preflight')
  return {
    builtInRole: READER_ROLE,
    customRole: {
      Name: `Backproof reader of ${account}/${container}`,
      IsCustom: true,
      Description: 'Lists and reads blobs, and nothing else.',
      Actions: [],
      DataActions: [READ_ACTION, ...(asksForOrder ? [permissionOf('GetAccountInfo')] : [])],
      AssignableScopes: [group],
    },
    scope,
    ...(prefix !== '' && { condition: conditionOf(prefix) }),
    sas: { resource: 'c', permissions: 'rl' },
  }
}

/** Reading and listing are one action: as a suboperation, a listing has a prefix instead of a path. */
const conditionOf = (prefix: string): string => {
  // In literals of conditions, a quote is doubled ("Azure role assignment condition format and syntax").
  const text = `'${prefix.replaceAll("'", "''")}'`
  const blobs = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs'
  const reads = `ActionMatches{'${READ_ACTION}'} AND NOT SubOperationMatches{'Blob.List'}`
  const lists = `ActionMatches{'${READ_ACTION}'} AND SubOperationMatches{'Blob.List'}`
  return [
    `((!(${reads}) OR @Resource[${blobs}:path] StringStartsWith ${text})`,
    `AND (!(${lists}) OR @Request[${blobs}:prefix] StringStartsWith ${text}))`,
  ].join(' ')
}
