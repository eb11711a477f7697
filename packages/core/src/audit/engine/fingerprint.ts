import { createHash } from 'node:crypto'
import { canonicalJson } from '../../report/canonical.js'
import type { AuditTarget } from '../target.js'

/** The same row in every audit has the same: over what identifies it, not over its text. 32 hexadecimal digits of a sha256. */
export const fingerprintOf = (
  rule: string,
  { kind, id }: Pick<AuditTarget, 'kind' | 'id'>,
  subject: string | undefined,
  message: string,
): string =>
  createHash('sha256')
    .update(canonicalJson([rule, kind, id, subject ?? null, message]), 'utf8')
    .digest('hex')
    .slice(0, 32)
