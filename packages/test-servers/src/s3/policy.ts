import { like } from '../http/wildcard.js'

/** One statement of an identity-based policy. What no statement allows is denied; `Deny` beats `Allow`. */
export interface PolicyStatement {
  readonly effect: 'Allow' | 'Deny'
  /** For example `s3:GetObject`, `s3:Get*`, `kms:Decrypt`. `*` and `?` are wildcards; case does not matter. */
  readonly actions: readonly string[]
  /** For example `arn:aws:s3:::bucket`, `arn:aws:s3:::bucket/prefix*`, the ARN of a KMS key, `*`. */
  readonly resources: readonly string[]
  /** The condition `StringLike` on `s3:prefix` of listings: the statement counts only for these. Default: no condition. */
  readonly prefixes?: readonly string[] | undefined
}

/** Who signed a request. */
export interface Principal {
  readonly arn: string
  /** The root user may do all. */
  readonly root: boolean
  readonly statements: readonly PolicyStatement[]
}

/** Account that all users and keys belong to. */
export const ACCOUNT = '123456789012'

/** Whether `principal` may, and if not, whether a statement denies it in so many words. */
export const decide = (
  principal: Principal,
  action: string,
  resource: string,
  prefix: string | undefined,
): 'allowed' | 'not-allowed' | 'denied' => {
  if (principal.root) return 'allowed'
  const hits = principal.statements.filter(
    (statement) =>
      statement.actions.some((pattern) => like(pattern.toLowerCase(), action.toLowerCase())) &&
      statement.resources.some((pattern) => like(pattern, resource)) &&
      (statement.prefixes === undefined || statement.prefixes.some((pattern) => like(pattern, prefix ?? ''))),
  )
  if (hits.some((statement) => statement.effect === 'Deny')) return 'denied'
  return hits.length > 0 ? 'allowed' : 'not-allowed'
}

/** The message of AccessDenied, in the form that AWS uses for identities of the same account. */
export const denial = (
  principal: Principal,
  action: string,
  resource: string,
  decision: 'not-allowed' | 'denied',
): string => {
  const reason =
    decision === 'denied'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`
  // KMS writes the resource without quotes.
  const shown = action.startsWith('kms:') ? resource : `"${resource}"`
  return `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${shown} ${reason}`
}
