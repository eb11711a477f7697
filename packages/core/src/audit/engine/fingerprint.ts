import { hash } from 'node:crypto'
import type { AuditTarget } from '../target.js'

/** The same row in every audit has the same: over what identifies it, not over its text. 32 hexadecimal digits of a sha256. */
export const fingerprintOf = (
  rule: string,
  { kind, id }: Pick<AuditTarget, 'kind' | 'id'>,
  subject: string | undefined,
  message: string,
): string => hash('sha256', JSON.stringify([rule, kind, id, subject ?? null, message]), 'hex').slice(0, 32)
